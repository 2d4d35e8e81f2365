// Beside the ticket form: what was shown and opened while somebody typed travels with the form.
"use strict";

(() => {
  const MOST = 30;
  const form = document.getElementById("ticket");
  const panel = document.getElementById("mientras-escribe");
  if (!form || !panel) return;

  function keep(name, value) {
    const known = [...form.querySelectorAll(`input[type="hidden"][name="${name}"]`)];
    if (known.length >= MOST || known.some((input) => input.value === value)) return;
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    form.append(input);
  }

  // Whoever reads an answer keeps it before them; the next letter asks again.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const reading = panel.contains(document.activeElement) && panel.querySelector("details[open]");
    if (event.detail.target === panel && reading) event.detail.shouldSwap = false;
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target !== panel) return;
    for (const box of panel.querySelectorAll("[data-seen]")) keep("visto", box.dataset.seen);
  });

  document.addEventListener("toggle", (event) => {
    const seen = event.target.open && event.target.dataset?.seen;
    if (seen) keep("leido", seen.replace(/^\d-/, ""));
  }, true);
})();
