// Keys of the desk, their help, and the seconds in which a reply can be undone. Text only.
"use strict";

(() => {
  const SETTING = "atajos";
  const dialog = document.getElementById("teclas");
  const choice = document.getElementById("teclas-activas");

  // A browser may refuse to keep anything: then the keys work, as in a new one.
  const kept = (() => { try { return localStorage; } catch { return null; } })();
  const on = () => kept?.getItem(SETTING) !== "no";
  const help = () => { if (dialog && !dialog.open) dialog.showModal(); };

  if (choice) {
    choice.checked = on();
    choice.addEventListener("change", () => kept?.setItem(SETTING, choice.checked ? "si" : "no"));
  }
  for (const button of document.querySelectorAll("[data-keys]")) {
    button.hidden = false;
    button.addEventListener("click", help);
  }

  const writes = (target) => target.isContentEditable || target.matches?.('textarea, select, input:not([type="checkbox"]):not([type="radio"]):not([type="submit"]):not([type="button"]):not([type="file"])');
  const find = (key) => document.querySelector(`[data-key="${key}"]`);

  function focus(box) {
    const folded = box?.closest("details:not([open])");
    if (folded) folded.open = true;
    box?.focus();
    box?.scrollIntoView({ block: "center" });
    return Boolean(box);
  }

  const keys = {
    n: () => { const button = find("n"); button?.click(); return Boolean(button); },
    r: () => focus(find("r")),
    i: () => focus(find("i")),
    "/": () => focus(document.getElementById("buscar-tickets") ?? document.getElementById("buscar-arriba")),
    "?": () => { help(); return true; },
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.key === "Escape" && writes(event.target) && !dialog?.open) {
      event.target.blur();
      return;
    }
    if (!on() || dialog?.open || writes(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (Object.hasOwn(keys, event.key) && keys[event.key]()) event.preventDefault();
  });

  // The clock of this browser may be wrong: only the time that passes here is counted.
  for (const bar of document.querySelectorAll("[data-undo-seconds]")) {
    const end = performance.now() + Number(bar.dataset.undoSeconds) * 1000;
    const shown = bar.querySelector("[data-seconds]");
    const tick = () => {
      const left = Math.ceil((end - performance.now()) / 1000);
      if (left <= 0) {
        bar.remove();
        return;
      }
      shown.textContent = `(${left})`;
      setTimeout(tick, 250);
    };
    tick();
  }
})();
