// What is typed into an article is kept on the server, and who else is at it is shown. Text only.
"use strict";

(() => {
  const SAVE_AFTER_MS = 1500;
  const BEAT_MS = 15000;
  const WRITING_MS = 12000;
  const holder = document.querySelector("[data-kept]");
  const form = holder?.form;
  if (!form) return;
  const said = document.querySelector("[data-kept-said]");
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const post = (url, body, keepalive = false) => fetch(url, {
    method: "POST", keepalive, headers: { "X-CSRFToken": token, Accept: "application/json" }, body,
  });

  function written() {
    const fields = new URLSearchParams(new FormData(form));
    fields.delete("csrf_token");
    return fields;
  }

  let saved = "unsaved" in holder.dataset ? null : written().toString();
  let timer = 0;
  let sending = Promise.resolve();
  let leaving = false;

  async function store(keepalive) {
    const fields = written();
    const text = fields.toString();
    if (leaving || text === saved) return;
    try {
      // A browser sends at most 64 KB for a page that is gone.
      const answer = await post(holder.dataset.kept, fields, keepalive && text.length < 60000);
      saved = answer.ok ? text : saved;
      if (said) said.textContent = answer.ok ? holder.dataset.saved : holder.dataset.failed;
    } catch {
      if (said && !document.hidden) said.textContent = holder.dataset.failed;
    }
  }
  // One after another: an older text must not come last.
  function save(keepalive = false) {
    clearTimeout(timer);
    sending = keepalive ? store(true) : sending.then(() => store(false));
    return sending;
  }

  let wroteAt = -Infinity;
  form.addEventListener("input", () => {
    wroteAt = performance.now();
    if (said) said.textContent = "";
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER_MS);
  });
  form.addEventListener("focusout", () => { if (written().toString() !== saved) save(); });
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); });
  // Back to a page that was kept in memory: it is being written again.
  window.addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
  window.addEventListener("pagehide", () => save(true));
  if (saved === null) save();

  const line = document.querySelector("[data-presence]");
  if (!line) return;
  const url = line.dataset.presence;
  async function beat() {
    if (document.hidden) return;
    const writing = performance.now() - wroteAt < WRITING_MS;
    try {
      const answer = await post(url, new URLSearchParams({ escribe: writing ? "si" : "no" }));
      if (!answer.ok) return;
      const { texto } = await answer.json();
      if (line.textContent !== texto) line.textContent = texto;
    } catch {
      // The next beat asks again.
    }
  }
  const leave = () => { post(url, new URLSearchParams({ escribe: "sale" }), true).catch(() => {}); };
  beat();
  setInterval(beat, BEAT_MS);
  let saidWriting = false;
  form.addEventListener("input", () => {
    if (!saidWriting) beat();
    saidWriting = true;
    setTimeout(() => { saidWriting = false; }, WRITING_MS);
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : beat()));
  window.addEventListener("pagehide", leave);
})();
