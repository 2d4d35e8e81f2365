// Suggestions under a search box while typing (combobox pattern). The form is a plain GET without this file.
"use strict";

(() => {
  const LEAST_LETTERS = 3;
  const PAUSE_MS = 300;
  const MOST_ROWS = 8;

  function element(name, attributes, text) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  }

  function combobox(input) {
    const form = input.form;
    const list = element("ul", { id: `${input.id}-lista`, class: "search-list", role: "listbox", "aria-label": input.getAttribute("aria-label") });
    const live = element("p", { class: "visually-hidden", role: "status" });
    list.hidden = true;
    form.append(list, live);
    for (const [key, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
      input.setAttribute(key, value);
    }
    let timer = 0;
    let asked = 0;
    let pending = null;
    let chosen = -1;

    const rows = () => [...list.children];

    function choose(index) {
      chosen = index;
      rows().forEach((row, at) => row.setAttribute("aria-selected", String(at === index)));
      const row = rows()[index];
      if (row) {
        input.setAttribute("aria-activedescendant", row.id);
        row.scrollIntoView({ block: "nearest" });
      } else {
        input.removeAttribute("aria-activedescendant");
      }
    }

    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      choose(-1);
    }

    // An answer that arrives late belongs to older words: forget it, and stop asking.
    function forget() {
      clearTimeout(timer);
      pending?.abort();
      asked += 1;
      close();
    }

    function row(item, at) {
      const made = element("li", { id: `${list.id}-${at}`, role: "option", "aria-selected": "false" }, item.title);
      if (item.category) made.append(element("span", {}, item.category));
      made.dataset.url = item.url;
      return made;
    }

    function show(answer) {
      const items = answer.items.slice(0, MOST_ROWS);
      list.replaceChildren(...items.map(row));
      chosen = -1;
      input.removeAttribute("aria-activedescendant");
      const open = items.length > 0 && document.activeElement === input;
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      const words = { 0: input.dataset.none, 1: input.dataset.one }[items.length] ?? input.dataset.many;
      live.textContent = words.replace("{n}", items.length);
    }

    async function ask() {
      const words = input.value.trim();
      const mine = (asked += 1);
      pending = new AbortController();
      try {
        const answer = await fetch(`${input.dataset.combobox}?q=${encodeURIComponent(words)}`, {
          headers: { Accept: "application/json" }, signal: pending.signal,
        });
        if (!answer.ok) return;
        const found = await answer.json();
        if (mine === asked) show(found);
      } catch {
        // Without a connection the box is still a search form.
      }
    }

    function go(at) {
      const address = new URL(rows()[at].dataset.url, location.href);
      if (address.origin === location.origin) location.assign(address);
    }

    input.addEventListener("input", () => {
      forget();
      if (input.value.trim().length >= LEAST_LETTERS) timer = setTimeout(ask, PAUSE_MS);
      else live.textContent = "";
    });
    input.addEventListener("keydown", (event) => {
      const last = list.children.length - 1;
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        forget();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && last >= 0 && !event.isComposing) {
        event.preventDefault();
        list.hidden = false;
        input.setAttribute("aria-expanded", "true");
        const down = event.key === "ArrowDown";
        if (down) choose(chosen === last ? -1 : chosen + 1);
        else choose(chosen === -1 ? last : chosen - 1);
      } else if (event.key === "Enter" && chosen >= 0 && !list.hidden) {
        event.preventDefault();
        go(chosen);
      }
    });
    input.addEventListener("blur", forget);
    // mousedown, so that the box keeps the focus until the click is over.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest('[role="option"]');
      if (option) go(rows().indexOf(option));
    });
    form.addEventListener("submit", forget);
  }

  document.querySelectorAll("input[data-combobox]").forEach(combobox);
})();
