// The sound of a conversation, where somebody switched it on; browsers want a press of a button first.
"use strict";

(() => {
  const root = document.querySelector("[data-chat]");
  const button = root?.querySelector("[data-sound]");
  if (!button) return;

  const PLACE = "chat-sonido";
  let audio = null;
  let tone = null;

  // A browser may keep nothing: the choice is this page's alone then.
  let chosen = "no";
  try { chosen = localStorage.getItem(PLACE) ?? chosen; } catch { /* Nothing was kept. */ }
  const isOn = () => chosen === "si";

  async function prepare() {
    if (audio) return;
    audio = new AudioContext();
    try {
      tone = await audio.decodeAudioData(await (await fetch(button.dataset.sound)).arrayBuffer());
    } catch {
      audio = null;
    }
  }

  async function ring() {
    if (!isOn()) return;
    await prepare();
    if (!audio || !tone) return;
    await audio.resume();
    const source = audio.createBufferSource();
    source.buffer = tone;
    source.connect(audio.destination);
    source.start();
  }

  const draw = () => {
    button.textContent = isOn() ? button.dataset.on : button.dataset.off;
    button.setAttribute("aria-pressed", String(isOn()));
  };

  button.hidden = false;
  button.addEventListener("click", () => {
    chosen = isOn() ? "no" : "si";
    try { localStorage.setItem(PLACE, chosen); } catch { /* Nothing is kept. */ }
    draw();
    ring();
  });
  // Switched in another tab: here too.
  window.addEventListener("storage", (event) => {
    if (event.key !== PLACE) return;
    chosen = event.newValue ?? "no";
    draw();
  });
  root.addEventListener("chat-ring", ring);
  draw();
})();
