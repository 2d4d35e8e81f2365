// Tools of the text of an article: format, pictures by paste and drop, the preview on a narrow screen. Text only.
"use strict";

(() => {
  const toolbar = document.querySelector("[data-toolbar]");
  const box = document.getElementById("texto");
  const line = document.querySelector("[data-toolbar-said]");
  if (!toolbar || !box || !line) return;
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const tools = [...toolbar.querySelectorAll("[data-tool]")];
  const pane = document.querySelector(".writing");
  const say = (text, wrong = false) => { line.textContent = text; line.classList.toggle("wrong", wrong); };

  // So that Ctrl+Z takes it back; where the browser does not know the command, without that.
  function put(start, end, text, from = start + text.length, to = from) {
    box.focus();
    box.setSelectionRange(start, end);
    const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
    if (!done) {
      box.setRangeText(text, start, end, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    box.setSelectionRange(from, to);
  }

  const picked = () => [box.selectionStart, box.selectionEnd, box.value.slice(box.selectionStart, box.selectionEnd)];

  // **like this**; pressed again, the marks go.
  function around(mark, sample) {
    const [start, end, words] = picked();
    const size = mark.length;
    const marked = box.value.slice(start - size, start) === mark && box.value.slice(end, end + size) === mark;
    if (words && marked && box.value[start - size - 1] !== mark[0]) {
      put(start - size, end + size, words, start - size, end - size);
      return;
    }
    const inner = words || sample;
    put(start, end, mark + inner + mark, start + size, start + size + inner.length);
  }

  // Whole lines with something before each; pressed again, it goes.
  function before(prefix, pattern, sample) {
    const [start, end] = picked();
    const from = box.value.lastIndexOf("\n", start - 1) + 1;
    const next = box.value.indexOf("\n", end);
    const to = next < 0 ? box.value.length : next;
    const lines = box.value.slice(from, to).split("\n");
    const marked = lines.every((one) => pattern.test(one)) && lines.some((one) => one);
    const changed = marked
      ? lines.map((one) => one.replace(pattern, ""))
      : lines.map((one, place) => prefix(place) + (one || (lines.length === 1 ? sample : "")));
    const text = changed.join("\n");
    if (lines.length === 1 && !lines[0]) put(from, to, text, from + text.length - sample.length, from + text.length);
    else put(from, to, text, from, from + text.length);
  }

  // Empty lines between what stands there and a block of its own.
  const gap = (text, at) => (text[at]("\n\n") ? "" : text[at]("\n") ? "\n" : "\n\n");

  // A block of its own, with empty lines around it.
  function block(text, from, length) {
    const [start, end] = picked();
    const above = box.value.slice(0, start);
    const lead = above && gap(above, "endsWith");
    const tail = gap(box.value.slice(end), "startsWith");
    put(start, end, lead + text + tail, start + lead.length + from, start + lead.length + from + length);
  }

  function code(sample) {
    const [start, end, words] = picked();
    const fenced = box.value.slice(start - 4, start) === "```\n" && box.value.slice(end, end + 4) === "\n```";
    if (words && fenced) put(start - 4, end + 4, words, start - 4, end - 4);
    else if (words.includes("\n")) block(`\`\`\`\n${words.replace(/\n$/, "")}\n\`\`\``, 4, words.length);
    else around("`", sample);
  }

  function link(sample) {
    const [start, end, words] = picked();
    if (/^(https?:\/\/|\/)\S+$/.test(words)) {
      put(start, end, `[${sample}](${words})`, start + 1, start + 1 + sample.length);
      return;
    }
    const shown = words || sample;
    const target = "https://";
    put(start, end, `[${shown}](${target})`, start + shown.length + 3, start + shown.length + 3 + target.length);
  }

  // The caret inside a table goes below it: a table in a table is none.
  function leaveTable() {
    let [, end] = picked();
    const lineAt = (place) => {
      const from = box.value.lastIndexOf("\n", place - 1) + 1;
      const next = box.value.indexOf("\n", place);
      return [box.value.slice(from, next < 0 ? undefined : next), next < 0 ? box.value.length : next];
    };
    let [line, last] = lineAt(end);
    if (!line.startsWith("|")) return;
    while (line.startsWith("|")) {
      end = last;
      if (last === box.value.length) break;
      [line, last] = lineAt(last + 1);
    }
    box.setSelectionRange(end, end);
  }

  function table(sample) {
    const [one, two] = sample.split("|");
    leaveTable();
    block(`| ${one} | ${two} |\n| --- | --- |\n|  |  |`, 2, one.length);
  }

  const acts = {
    heading: (sample) => before(() => "## ", /^#{1,6} /, sample),
    bold: (sample) => around("**", sample),
    italic: (sample) => around("_", sample),
    link,
    list: (sample) => before(() => "- ", /^[-*] /, sample),
    numbers: (sample) => before((place) => `${place + 1}. `, /^\d+\. /, sample),
    code,
    note: (sample) => before(() => "> ", /^> ?/, sample),
    table,
    image: () => toolbar.querySelector("[data-pick]").click(),
    preview: () => show(true),
  };
  const press = (name) => acts[name](tools.find((one) => one.dataset.tool === name)?.dataset.sample ?? "");

  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-tool]");
    if (button) press(button.dataset.tool);
  });
  const keys = { b: "bold", i: "italic", k: "link" };
  box.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.isComposing) return;
    const name = keys[event.key.toLowerCase()];
    if (!name) return;
    event.preventDefault();
    press(name);
  });

  // One stop for Tab; arrows inside.
  const visible = () => tools.filter((one) => one.offsetParent !== null);
  function stopAt(button) {
    for (const one of tools) one.tabIndex = one === button ? 0 : -1;
  }
  toolbar.addEventListener("keydown", (event) => {
    const shown = visible();
    const here = shown.indexOf(document.activeElement);
    const last = shown.length - 1;
    const to = { ArrowRight: here === last ? 0 : here + 1, ArrowLeft: here === 0 ? last : here - 1, Home: 0, End: last }[event.key];
    if (here < 0 || to === undefined) return;
    event.preventDefault();
    stopAt(shown[to]);
    shown[to].focus();
  });
  toolbar.addEventListener("focusin", (event) => { if (tools.includes(event.target)) stopAt(event.target); });

  // Pictures: a mark stands in the text until the server has the picture.
  const words = (text, name) => text.replace("{name}", name);
  let sent = 0;

  function swap(mark, text, select) {
    const place = box.value.indexOf(mark);
    if (place < 0) return false;
    const [start, end] = [box.selectionStart, box.selectionEnd];
    const moved = (at) => (at > place ? Math.max(place, at + text.length - mark.length) : at);
    box.setRangeText(text, place, place + mark.length, "preserve");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    if (select) box.setSelectionRange(place + 2, place + 2);
    else box.setSelectionRange(moved(start), moved(end));
    return true;
  }

  // Just past a picture whose words are being written, so that one more never lands inside it.
  function outside(at) {
    const open = box.value.lastIndexOf("![", at - 1);
    const whole = open < 0 ? null : /^!\[[^\]\n]*\]\([^)\n]*\)/.exec(box.value.slice(open));
    return whole && at > open && at < open + whole[0].length ? open + whole[0].length : at;
  }

  function send(file, several) {
    const name = file.name || "imagen.png";
    if (!file.type.startsWith("image/") || file.type.includes("svg")) { say(words(line.dataset.kind, name), true); return; }
    if (file.size > Number(line.dataset.most)) { say(words(line.dataset.large, name), true); return; }
    sent += 1;
    const mark = `![${line.dataset.holder} ${sent}]()`;
    const [start, end] = [outside(box.selectionStart), outside(box.selectionEnd)];
    const to = Math.max(start, end);
    const lead = several && start ? gap(box.value.slice(0, start), "endsWith") : start === box.selectionStart ? "" : "\n\n";
    const tail = several && to < box.value.length ? gap(box.value.slice(to), "startsWith") : "";
    put(start, to, lead + mark + tail, start + lead.length + mark.length);
    const body = new FormData();
    body.append("imagen", file, name);
    const request = new XMLHttpRequest();
    const failed = (text) => { swap(lead + mark, "", false); say(text || words(line.dataset.lost, name), true); };
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) say(`${words(line.dataset.sending, name)} ${Math.round((100 * event.loaded) / event.total)} %`);
    });
    request.addEventListener("load", () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* an error page: said in our words */ }
      if (request.status !== 201 || !answer.markdown) { failed(answer.error); return; }
      const here = document.activeElement === box && box.selectionStart === box.value.indexOf(mark) + mark.length;
      if (!swap(mark, answer.markdown, here)) put(box.selectionStart, box.selectionEnd, answer.markdown);
      say(line.dataset.sent);
    });
    request.addEventListener("error", () => failed(""));
    request.addEventListener("timeout", () => failed(""));
    request.timeout = 120000;
    request.open("POST", line.dataset.upload);
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("Accept", "application/json");
    say(words(line.dataset.sending, name));
    request.send(body);
  }

  const sendAll = (files) => files.forEach((file) => send(file, files.length > 1));
  box.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    // What was copied in an office program is text with a picture of that text.
    if (!files.length || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    sendAll(files);
  });
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  box.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    box.classList.add("dropping");
  });
  for (const name of ["dragleave", "drop"]) box.addEventListener(name, () => box.classList.remove("dropping"));
  box.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    sendAll([...event.dataTransfer.files]);
  });
  const picker = toolbar.querySelector("[data-pick]");
  picker.addEventListener("change", () => {
    sendAll([...picker.files]);
    picker.value = "";
  });

  // Links that lead nowhere are marked in the preview; the list under it says why.
  const preview = document.getElementById("vista-previa");
  function mark() {
    const broken = new Set([...preview.querySelectorAll("[data-broken]")].map((one) => one.dataset.broken));
    for (const link of preview.querySelectorAll(".prose a[href]")) link.classList.toggle("broken", broken.has(link.getAttribute("href")));
  }
  if (preview) {
    mark();
    preview.addEventListener("htmx:afterSwap", mark);
  }

  // On a narrow screen the preview comes when it is asked for.
  const back = document.querySelector("[data-write-on]");
  function show(wanted) {
    pane.classList.toggle("previewing", wanted);
    if (wanted) preview.focus();
    else box.focus();
    (wanted ? preview : box).scrollIntoView({ block: "start" });
  }
  if (back) {
    back.hidden = false;
    back.addEventListener("click", () => show(false));
  }
  pane.classList.add("has-tools");
  box.before(toolbar);
  box.after(line);
  toolbar.hidden = false;
  stopAt(tools[0]);
})();
