// Texts put into a box at a click; without this script the same buttons ask the server.
"use strict";

const sameLines = (text) => text.replace(/\r\n?/g, "\n");
const changed = (box) => box.dispatchEvent(new Event("input", { bubbles: true }));

// What said that the box was wrong says so no more.
function settled(box) {
  box.removeAttribute("aria-invalid");
  const line = document.getElementById(`${box.id}-error`);
  const link = document.querySelector(`.summary a[href="#${box.id}"]`);
  if (line) line.hidden = true;
  if (link?.closest("ul").children.length === 1) link.closest(".summary").hidden = true;
}

// The agreed sentence in place of a promise; a box that was edited meanwhile is the server's to mend.
function put(button) {
  const box = document.querySelector(button.dataset.put);
  const text = button.dataset.putText;
  if (!box || !text || sameLines(box.value) !== sameLines(box.defaultValue)) return false;
  box.focus();
  box.value = text;
  changed(box);
  button.closest(".notice").hidden = true;
  settled(box);
  return true;
}

// A canned answer where the cursor stands, apart from what was written before and after it.
function insert(button) {
  const box = document.querySelector(button.dataset.insert);
  if (!box) return false;
  const before = box.value.slice(0, box.selectionStart);
  const after = box.value.slice(box.selectionEnd);
  const lead = before.trim() && !before.endsWith("\n") ? "\n\n" : "";
  const tail = after.trim() && !after.startsWith("\n") ? "\n\n" : "";
  box.focus();
  box.setRangeText(lead + sameLines(button.dataset.insertText) + tail, box.selectionStart, box.selectionEnd, "end");
  changed(box);
  const panel = button.closest("details.canned");
  if (panel) panel.open = false;
  box.scrollIntoView({ block: "nearest" });
  return true;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-put], [data-insert]");
  if (button && (button.dataset.put ? put(button) : insert(button))) event.preventDefault();
});

// A long list of canned answers is narrowed by its words.
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
for (const line of document.querySelectorAll("[data-filter][hidden]")) {
  const items = [...document.querySelectorAll(`${line.dataset.filter} > li`)];
  const input = line.querySelector("input");
  line.hidden = false;
  input.addEventListener("input", () => {
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    for (const item of items) item.hidden = !words.every((word) => folded(item.textContent).includes(word));
  });
  // Enter would send the reply.
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
}
