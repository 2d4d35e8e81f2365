// The page of one ticket at the desk: articles into the reply, drafts kept, who else is there. Text only.
"use strict";

(() => {
  const SAVE_AFTER_MS = 1200;
  const BEAT_MS = 15000;
  const WRITING_MS = 12000;
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";

  const post = (url, fields, keepalive = false) => fetch(url, {
    method: "POST", keepalive, headers: { "X-CSRFToken": token, Accept: "application/json" }, body: new URLSearchParams(fields),
  });

  // «Insertar» writes at the cursor; without this file it sends the form and the server writes.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-insert-link]");
    const box = button?.form?.querySelector("textarea");
    if (!box) return;
    event.preventDefault();
    const before = box.value.slice(0, box.selectionStart);
    const gap = before === "" || before.endsWith("\n") || before.endsWith(" ") ? "" : " ";
    box.setRangeText(gap + button.dataset.insertLink, box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  });

  // Enter in the search for articles must not send the reply.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches?.("[data-never-sends]")) event.preventDefault();
  });

  let wroteAt = -Infinity;
  const kept = [];

  function keepDraft(form) {
    const box = form.querySelector("textarea");
    const said = form.querySelector("[data-draft-said]");
    let saved = box.value;
    let timer = 0;

    async function save(keepalive = false) {
      clearTimeout(timer);
      // What is being sent is no draft any more.
      if (form.dataset.sent || box.value === saved) return;
      const text = box.value;
      try {
        const answer = await post(form.dataset.draft, { [form.dataset.draftAs]: text }, keepalive);
        if (!answer.ok) return;
        saved = text;
        if (said) said.textContent = text.trim() ? said.dataset.saved : "";
      } catch {
        // Without a connection the text is still in the page; the next letter tries again.
      }
    }

    box.addEventListener("input", () => {
      wroteAt = performance.now();
      if (said) said.textContent = "";
      clearTimeout(timer);
      timer = setTimeout(save, SAVE_AFTER_MS);
    });
    form.addEventListener("submit", () => clearTimeout(timer));
    kept.push({ form, dirty: () => box.value !== saved, save });
    document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
    window.addEventListener("pagehide", () => save(true));
  }
  document.querySelectorAll("form[data-draft]").forEach(keepDraft);

  // What stands in the other boxes is kept before a form leaves the page: the next page shows it.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const others = kept.filter((one) => one.form !== form && one.dirty());
    if (form.method !== "post" || form.dataset.flushed || !others.length) return;
    event.preventDefault();
    event.stopPropagation();
    form.dataset.flushed = "1";
    Promise.allSettled(others.map((one) => one.save())).then(() => {
      form.requestSubmit(event.submitter ?? undefined);
      delete form.dataset.flushed;
    });
  }, true);

  // Who else has this ticket before them. A page in the background is not looked at.
  const line = document.querySelector("[data-presence]");
  if (!line) return;
  const url = line.dataset.presence;

  async function beat() {
    if (document.hidden) return;
    const writing = performance.now() - wroteAt < WRITING_MS;
    try {
      const answer = await post(url, { escribe: writing ? "si" : "no" });
      if (!answer.ok) return;
      const { texto } = await answer.json();
      if (line.textContent !== texto) line.textContent = texto;
    } catch {
      // The next beat asks again.
    }
  }
  const leave = () => { post(url, { escribe: "sale" }, true).catch(() => {}); };
  beat();
  setInterval(beat, BEAT_MS);
  let saidWriting = false;
  document.addEventListener("input", (event) => {
    if (!event.target.closest?.("form[data-draft]")) return;
    if (!saidWriting) beat();
    saidWriting = true;
    setTimeout(() => { saidWriting = false; }, WRITING_MS);
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : beat()));
  window.addEventListener("pagehide", leave);
})();
