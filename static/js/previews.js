// Images of a thread open over the page; without this the link leads to the picture itself.
"use strict";

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-preview]");
  const dialog = link && document.getElementById(link.dataset.preview);
  if (!dialog?.showModal || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const name = link.querySelector("img").alt;
  const picture = dialog.querySelector("img");
  picture.src = link.href;
  picture.alt = name;
  dialog.querySelector("h2").textContent = name;
  dialog.querySelector("[data-original]").href = link.parentElement.querySelector("a:not([data-preview])").href;
  dialog.showModal();
});

// A press beside the picture closes it, as Escape does.
document.addEventListener("click", (event) => {
  if (event.target.matches?.("dialog.viewer[open]")) event.target.close();
});
