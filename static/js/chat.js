// A conversation that refreshes itself: asks for news, sends in place, keeps what is typed. Text and nodes only.
"use strict";

(() => {
  const root = document.querySelector("[data-chat]");
  if (!root) return;

  const SEEN_MS = 1200;
  const HIDDEN_MS = 3000;
  const TROUBLE_MS = 5000;
  const TYPING_MS = 3000;
  const BEAT_MS = 60000;
  const SAID_MS = 4000;
  // A page that nobody uses for two hours stops asking.
  const ASLEEP_MS = 2 * 60 * 60 * 1000;
  const HEADERS = { "X-Chat": "1" };

  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const log = root.querySelector("[data-log]");
  const live = root.querySelector("[data-live]");
  const form = root.querySelector("[data-chat-form]");
  const box = form?.querySelector("textarea");
  const isStaff = root.dataset.side === "staff";
  const title = document.title;
  const now = () => performance.now();

  let mark = root.dataset.mark;
  let last = Number(root.dataset.last ?? 0);
  let readTo = 0;
  let missed = 0;
  let timer = 0;
  let stopped = "closed" in root.dataset && !isStaff;
  let usedAt = now();
  let typedAt = -Infinity;
  let waiting = null;
  let held = null;
  let asking = false;
  let away = false;
  let again = false;

  const say = (words) => { if (live && live.textContent !== words) live.textContent = words ?? ""; };
  // The server cannot be asked, and is back: what is said of a message that was not sent stays.
  const lost = () => { away = true; say(live?.dataset.offline); };
  const back = () => {
    if (!away) return;
    away = false;
    say(live?.dataset.back);
    setTimeout(() => { if (live?.textContent === live?.dataset.back) say(""); }, SAID_MS);
  };
  // Also in the background a page asks in its pace: its timers may sleep for a minute there, the worker's do not.
  let ticks = null;
  try {
    ticks = new Worker(root.dataset.ticks);
    ticks.onmessage = () => ask();
    ticks.onerror = () => { ticks = null; later(0); };
  } catch { /* Without workers the page's own timer does. */ }
  const later = (ms) => {
    clearTimeout(timer);
    if (stopped) return;
    const pause = ms * (0.95 + Math.random() / 10);
    if (ticks) ticks.postMessage(pause);
    else timer = setTimeout(ask, pause);
  };
  const stop = (words) => { stopped = true; clearTimeout(timer); ticks?.terminate(); say(words); };
  const toEnd = () => { if (log) log.scrollTop = log.scrollHeight; };

  const signal = (fields = {}) => {
    if (!root.dataset.signals || stopped) return;
    fetch(root.dataset.signals, { method: "POST", keepalive: true, headers: { ...HEADERS, "X-CSRFToken": token }, body: new URLSearchParams(fields) }).catch(() => {});
  };

  const readNow = () => {
    const theirs = log?.querySelectorAll("[data-theirs]");
    const seq = Number(theirs?.[theirs.length - 1]?.dataset.seq ?? 0);
    if (document.hidden || seq <= readTo) return;
    readTo = seq;
    signal({ leido: String(seq) });
  };

  // Unread messages in the title, where a hidden page can be seen.
  const showCount = (count) => { document.title = count ? `(${count}) ${title}` : title; };

  // chat-sound.js hears it, where there is one.
  const ring = () => root.dispatchEvent(new Event("chat-ring"));

  const FOCUSABLE = "a[href], button, input, summary, textarea, select";
  function put(part) {
    const old = document.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!old || old.isEqualNode(part)) return;
    const at = [...old.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement);
    // The part itself stays: a reader of the screen says what changes in a region that it knows.
    for (const { name, value } of part.attributes) old.setAttribute(name, value);
    old.replaceChildren(...document.importNode(part, true).childNodes);
    if (at >= 0) (old.querySelectorAll(FOCUSABLE)[at] ?? log)?.focus({ preventScroll: true });
  }

  function addLines(lines) {
    if (!log || !lines.length) return 0;
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    let theirs = 0;
    for (const line of lines) {
      if (log.querySelector(`[data-seq="${Number(line.dataset.seq)}"]`)) continue;
      log.querySelector("ol").append(document.importNode(line, true));
      theirs += "theirs" in line.dataset ? 1 : 0;
    }
    if (atEnd || document.hidden) toEnd();
    return theirs;
  }

  // What was being typed when it ended stays in sight, to be copied.
  function close(closed) {
    if (!form) return "";
    form.hidden = closed && !box.value.trim();
    box.readOnly = closed;
    form.querySelector(".chat-tools").hidden = closed;
    return closed && !form.hidden ? live?.dataset.unsent : "";
  }

  function take(text) {
    const news = new DOMParser().parseFromString(text, "text/html").querySelector("[data-mark]");
    if (!news) return;
    mark = news.dataset.mark;
    const theirs = addLines(news.querySelectorAll("[data-lines] > li"));
    last = Math.max(last, Number(news.dataset.last ?? last));
    news.querySelectorAll("[data-part]").forEach(put);
    tell(news, theirs);
    readNow();
    if ("closed" in news.dataset) {
      const words = close(true);
      if (!isStaff) stop(words);
      else if (words) say(words);
    } else {
      close(false);
    }
  }

  function tell(news, theirs) {
    const before = missed;
    missed = isStaff ? Number(news.dataset.unread ?? 0) : (document.hidden ? missed + theirs : 0);
    showCount(missed);
    const inLine = Number(news.dataset.waiting ?? 0);
    const mine = Number(news.dataset.held ?? 0);
    // Somebody waits, or a colleague handed one over.
    const more = waiting !== null && (inLine > waiting || (mine > held && inLine >= waiting));
    if (missed > before || theirs || more) ring();
    [waiting, held] = [inLine, mine];
  }

  // A colleague has it now: the list goes on. Anything else out of reach is over.
  function gone(url) {
    if (!url.searchParams.has("chat")) return stop(live?.dataset.gone);
    say(live?.dataset.gone);
    // What may follow is for the colleague who has it.
    root.querySelector("[data-outcome]")?.setAttribute("hidden", "");
    root.dataset.news = url.pathname;
    root.dataset.signals = mark = "";
  }

  async function ask() {
    if (stopped || asking) return;
    if (now() - usedAt > ASLEEP_MS) return stop(live?.dataset.slept);
    asking = true;
    let pause = document.hidden ? HIDDEN_MS : SEEN_MS;
    try {
      const url = new URL(root.dataset.news, location.href);
      url.searchParams.set("desde", String(last));
      url.searchParams.set("marca", mark);
      const answer = await fetch(url, { headers: HEADERS, cache: "no-store", redirect: "error" });
      if (answer.status === 401) stop(live?.dataset.ended);
      else if (answer.status === 404) gone(url);
      else if (answer.ok) {
        back();
        if (answer.status === 200) take(await answer.text());
      } else {
        // Too many ask from here: what is new comes a little later.
        if (answer.status !== 429) lost();
        pause = TROUBLE_MS;
      }
    } catch {
      lost();
      pause = TROUBLE_MS;
    }
    asking = false;
    later(pause);
  }

  // What is typed in each conversation is kept in this tab, also while another one is looked at.
  const place = `chat:${location.pathname}`;
  const keep = () => { try { sessionStorage.setItem(place, box.value); } catch { /* The page keeps it. */ } };

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
  }

  async function send(event) {
    event.preventDefault();
    event.stopPropagation();
    // Pressed while the message before is on its way: sent when that one arrived.
    if (form.dataset.busy) { again = true; return; }
    if (file?.files[0]?.size > Number(file.dataset.most)) return say(file.dataset.heavy);
    form.dataset.busy = "1";
    again = false;
    const sent = box.value;
    let answer = null;
    try {
      answer = await fetch(form.action, { method: "POST", headers: HEADERS, body: new FormData(form, form.contains(event.submitter) ? event.submitter : null) });
    } catch {
      say(live?.dataset.failed);
    }
    delete form.dataset.busy;
    if (!answer) return;
    if (answer.status === 204) {
      form.querySelector('[name="clave"]').value = newKey();
      form.querySelector('[data-part="aviso"]').replaceChildren();
      // What was typed while it was on its way stays.
      box.value = box.value.startsWith(sent) ? box.value.slice(sent.length) : box.value;
      if (file) { file.value = ""; showFile(); }
      keep();
      say("");
      toEnd();
      later(0);
      if (again && box.value.trim()) form.requestSubmit(form.querySelector(".button.main"));
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const why = page.querySelector('[data-status] [data-part="aviso"]');
    // The agreed sentence, put in place of a promise.
    const mended = page.querySelector("[data-status][data-text]")?.dataset.text;
    if (mended) box.value = mended;
    if (why) { put(why); say(""); } else say(live?.dataset[{ 401: "ended", 404: "gone" }[answer.status] ?? "failed"]);
    if (answer.status === 409) later(0);
    box.focus();
  }

  // The chosen image is named in the page's words; the browser's own field stays for the keyboard.
  const file = form?.querySelector('input[type="file"]');
  const fileName = form?.querySelector("[data-file-name]");
  const noFile = fileName?.textContent;
  function showFile() {
    if (!file || !fileName) return;
    fileName.textContent = file.files[0]?.name ?? noFile;
    form.querySelector("[data-no-file]").hidden = !file.files.length;
  }
  if (file) {
    file.closest(".chat-file").classList.add("scripted");
    file.addEventListener("change", showFile);
    form.querySelector("[data-no-file]").addEventListener("click", () => { file.value = ""; showFile(); box.focus(); });
  }

  if (form && box) {
    try { box.value = box.value || sessionStorage.getItem(place) || ""; } catch { /* Nothing was kept. */ }
    form.addEventListener("submit", send, true);
    box.addEventListener("keydown", (event) => {
      if (box.readOnly || event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector(".button.main"));
    });
    box.addEventListener("input", () => {
      usedAt = now();
      keep();
      if (box.value.trim() && now() - typedAt > TYPING_MS) {
        typedAt = now();
        signal({ escribe: "si" });
      }
    });
    // The keyboard of a telephone comes up: the end of the log and the field stay in sight.
    window.visualViewport?.addEventListener("resize", () => {
      if (document.activeElement === box) { toEnd(); form.scrollIntoView({ block: "nearest" }); }
    });
  }

  for (const button of root.querySelectorAll("[data-chat-canned]")) {
    button.hidden = !box;
    button.addEventListener("click", () => {
      box.value = box.value.trim() ? `${box.value.trimEnd()}\n\n${button.dataset.chatCanned}` : button.dataset.chatCanned;
      box.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    });
  }

  for (const kind of ["pointerdown", "keydown", "focus"]) window.addEventListener(kind, () => { usedAt = now(); });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    if (!isStaff) { missed = 0; showCount(0); }
    readNow();
    later(0);
  });
  window.addEventListener("online", () => later(0));
  if (!isStaff) setInterval(() => { if (!document.hidden) signal(); }, BEAT_MS);

  // On a narrow screen the conversation comes first, with the field in sight.
  if (matchMedia("(max-width: 47.99rem)").matches) (isStaff ? root.querySelector(".chat-head") : form)?.scrollIntoView({ block: isStaff ? "start" : "nearest" });
  toEnd();
  readNow();
  later(0);
})();
