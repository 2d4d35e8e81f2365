// Conveniences over pages that work without them. No state, no markup written from strings.
"use strict";

const RESEND_AFTER_MS = 8000;
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

// Menus: one open at a time, closed by Escape (focus returns) and by a press outside.
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held) menu.querySelector("summary").focus();
  }
});
document.addEventListener("pointerdown", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

// Error summaries take the focus, on arrival and after a partial update.
const focusSummary = (root) => root.querySelector("[data-focus]")?.focus();
focusSummary(document);
document.addEventListener("htmx:afterSwap", (event) => {
  focusSummary(event.target);
  enhance(event.target);
});

// A POST is sent once; the button comes back after a while and when the page is shown again.
const release = (form) => {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[data-held]")) {
    button.disabled = false;
    delete button.dataset.held;
  }
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  // Disabled only after the browser has read the form: a disabled button's own name would not be sent.
  setTimeout(() => {
    for (const button of form.querySelectorAll('button:not([type="button"]):not([disabled])')) {
      button.disabled = true;
      button.dataset.held = "1";
    }
  }, 0);
  setTimeout(release, RESEND_AFTER_MS, form);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

// Ctrl+Enter (or Cmd+Enter) sends the form of a text area with the button that says so, else its main one, else its first.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches?.("form textarea")) return;
  const form = event.target.form;
  const first = form.querySelector("button[data-ctrl-enter]:not([disabled])") ?? form.querySelector("button.main:not([data-aside]):not([disabled])") ?? form.querySelector('button:not([type="button"]):not([data-aside]):not([disabled])');
  event.preventDefault();
  form.requestSubmit(first ?? undefined);
});

// What is read in place is told to the server once.
document.addEventListener("toggle", (event) => {
  const box = event.target;
  if (!box.open || !box.dataset?.openedUrl) return;
  const url = box.dataset.openedUrl;
  delete box.dataset.openedUrl;
  fetch(url, { method: "POST", headers: { "X-CSRFToken": token() }, keepalive: true }).catch(() => {});
}, true);

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
});

// Copying: data-copy holds a selector; its value or text is what goes to the clipboard.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  const source = button && document.querySelector(button.dataset.copy);
  if (!source) return;
  await navigator.clipboard.writeText(source.value ?? source.textContent);
  const label = button.querySelector("span") ?? button;
  const before = label.textContent;
  if (before === button.dataset.copied) return;
  label.textContent = button.dataset.copied;
  setTimeout(() => { label.textContent = before; }, 2000);
});

// Back to a form whose files were too large: the browser still has what was typed.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-back]")) history.back();
});

// Files are judged before a phone sends 30 MB for nothing; the server judges them again.
function judgeFiles(input) {
  const files = [...input.files];
  const all = files.reduce((sum, file) => sum + file.size, 0);
  const wrong = files.length > Number(input.dataset.most) ? input.dataset.mostText
    : files.some((file) => file.size > Number(input.dataset.each)) ? input.dataset.eachText
    : all > Number(input.dataset.all) ? input.dataset.allText : "";
  const line = input.parentElement.querySelector(".files-wrong") ?? input.parentElement.appendChild(document.createElement("p"));
  line.className = "error files-wrong";
  line.setAttribute("role", "alert");
  line.textContent = wrong;
  line.hidden = !wrong;
  if (wrong) input.value = "";
}
document.addEventListener("change", (event) => {
  if (event.target.matches?.('input[type="file"][data-most]') && event.target.files.length) judgeFiles(event.target);
});

function count(line) {
  const box = document.getElementById(line.dataset.counterFor);
  if (!box) return;
  const show = () => {
    const left = Number(line.dataset.max) - [...box.value].length;
    line.textContent = (left < 0 ? line.dataset.over : line.dataset.left).replace("{n}", Math.abs(left));
    line.classList.toggle("over", left < 0);
  };
  box.addEventListener("input", show);
  show();
}

function enhance(root) {
  for (const line of root.querySelectorAll("[data-counter-for]")) count(line);
  if (history.length > 1) for (const button of root.querySelectorAll("[data-back][hidden]")) button.hidden = false;
  if (navigator.clipboard) for (const button of root.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}
enhance(document);
