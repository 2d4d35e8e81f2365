// The bell: asks now and then whether something is new, and says so without reloading the page.
"use strict";

(() => {
  const bell = document.querySelector("[data-bell]");
  if (!bell) return;
  const LONGEST_PAUSE_S = 300;
  const part = (name) => bell.querySelector(`[data-bell-${name}]`);
  const said = document.querySelector("[data-bell-said]");
  const title = document.title;
  // A conversation counts its own messages there.
  const ownsTitle = !document.querySelector("[data-chat]");
  // Pages of one person in one browser tell each other: one of them asks, and all know.
  const others = "BroadcastChannel" in window ? new BroadcastChannel(`bell-${bell.dataset.bell}`) : null;
  let timer = 0;
  let failures = 0;
  let ended = false;
  let asking = false;
  let filled = false;

  const show = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-bell-panel]");
    if (!fresh) return;
    // Somebody else signed in meanwhile, in another window: their notices are not for this page.
    if (fresh.dataset.who !== bell.dataset.bell) {
      end();
      return;
    }
    const { unread, newest, count, words } = fresh.dataset;
    const isNew = Number(newest) > Number(bell.dataset.newest) && unread !== "0";
    Object.assign(bell.dataset, { unread, newest });
    const held = bell.open && part("panel").contains(document.activeElement);
    part("panel").replaceWith(document.adoptNode(fresh));
    if (held) bell.querySelector("summary").focus();
    part("count").textContent = count;
    part("count").hidden = unread === "0";
    part("words").textContent = words;
    if (ownsTitle) document.title = unread === "0" ? title : `(${count}) ${title}`;
    if (isNew) said.textContent = words;
    filled = true;
  };

  const end = () => {
    ended = true;
    clearTimeout(timer);
    part("ended").hidden = false;
    part("panel").hidden = true;
    said.textContent = part("ended").textContent;
  };

  const wait = () => {
    clearTimeout(timer);
    if (ended || document.hidden) return;
    const seconds = Math.min(Number(bell.dataset.every) * 2 ** failures, LONGEST_PAUSE_S);
    timer = setTimeout(ask, seconds * 1000);
  };

  const take = async (answer) => {
    if (answer.status === 401) return end();
    failures = answer.ok ? 0 : failures + 1;
    if (answer.ok && answer.status !== 204) {
      const html = await answer.text();
      show(html);
      others?.postMessage(html);
    } else if (answer.ok) others?.postMessage("");
  };

  const send = async (url, options) => {
    if (ended || asking) return;
    asking = true;
    try {
      await take(await fetch(url, { ...options, credentials: "same-origin", headers: { Accept: "text/html", ...options.headers } }));
    } catch {
      failures += 1;
    } finally {
      asking = false;
      wait();
    }
  };

  const ask = (whole = false) => {
    const { unread, newest } = bell.dataset;
    const known = whole === true ? "" : `?${new URLSearchParams({ desde: newest, sin_leer: unread })}`;
    return send(bell.dataset.news + known, {});
  };

  // The page of a thing is looked at: what was told of it is no longer new.
  const lookedAt = () => {
    const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
    const body = new URLSearchParams({ tema: bell.dataset.about, hasta: bell.dataset.newest });
    return send(bell.dataset.seen, { method: "POST", body, headers: { "X-CSRFToken": token } });
  };

  let begun = false;
  const begin = () => {
    begun = true;
    if (bell.dataset.about && bell.dataset.unread !== "0") lookedAt();
    else wait();
  };

  others?.addEventListener("message", ({ data }) => {
    if (ended) return;
    failures = 0;
    if (data) show(data);
    wait();
  });
  bell.addEventListener("toggle", () => {
    if (bell.open && !filled) ask(true);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else if (begun) ask();
    else begin();
  });
  if (ownsTitle && bell.dataset.unread !== "0") document.title = `(${part("count").textContent}) ${title}`;
  if (!document.hidden) begin();
})();
