// The search of the copy that opens from a folder: all the words typed, each as a beginning.
(() => {
  "use strict";
  const box = document.getElementById("buscador");
  const articles = window.ARTICLES;
  if (!box || !Array.isArray(articles)) return;
  const field = document.getElementById("palabras");
  const count = document.getElementById("cuantas");
  const list = document.getElementById("encontradas");
  const SHOWN = 30;

  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const stem = (word) => (word.length > 4 ? word.replace(/(es|s)$/, "") : word);
  const words = (text) => fold(text).split(/[^\p{L}\p{N}.+#-]+/u).filter((word) => word.length > 1).map(stem);
  const known = articles.map(([title, , , body]) => [` ${fold(title)}`, ` ${body}`]);

  function found(asked) {
    const rows = [];
    known.forEach(([title, body], place) => {
      let score = 0;
      for (const word of asked) {
        if (title.includes(` ${word}`)) score += 2;
        else if (body.includes(` ${word}`)) score += 1;
        else return;
      }
      rows.push([score, place]);
    });
    return rows.sort((a, b) => b[0] - a[0] || a[1] - b[1]).map(([, place]) => articles[place]);
  }

  function line([title, address, shelf]) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = address;
    link.textContent = title;
    const where = document.createElement("span");
    where.className = "soft";
    where.textContent = ` ${shelf}`;
    item.append(link, where);
    return item;
  }

  function show() {
    const asked = words(field.value);
    const rows = asked.length ? found(asked) : [];
    list.replaceChildren(...rows.slice(0, SHOWN).map(line));
    if (!asked.length) count.textContent = "";
    else if (!rows.length) count.textContent = box.dataset.none;
    else count.textContent = rows.length === 1 ? box.dataset.one : box.dataset.many.replace("{n}", rows.length);
  }

  field.addEventListener("input", show);
  field.form.addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  box.hidden = false;
  show();
})();
