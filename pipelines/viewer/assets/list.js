// The list of documents, of which only what can be seen is asked for and made.
"use strict";

{
  const { make, byId, counted, percent } = beamOcr;
  const ROW_PX = 58;
  const WINDOW = 100;
  const KEPT = 12; // windows

  const wish = { name: "", status: "", below: "", code: "", order: "name" };
  const windows = new Map();
  let total = 0;
  let current = null; // key of the document that is shown
  let asked = 0; // number of the wish, so that late answers to earlier ones are not taken

  const rows = make("div", { class: "rows" });

  const ask = (number) => {
    if (!windows.has(number)) {
      const answer = { documents: null };
      windows.set(number, answer);
      const now = asked;
      beamOcr.data.documents(wish, number * WINDOW, WINDOW).then((found) => {
        if (now !== asked) return;
        answer.documents = found.documents;
        setTotal(found.total);
        render();
      }, beamOcr.complain);
      while (windows.size > KEPT) windows.delete(windows.keys().next().value);
    }
    return windows.get(number).documents;
  };

  const setTotal = (count) => {
    total = count;
    rows.style.height = `${total * ROW_PX}px`;
    byId("list-count").textContent = counted(total, "document", "documents");
  };

  const render = () => {
    const list = byId("list");
    const first = Math.max(0, Math.floor(list.scrollTop / ROW_PX) - 4);
    const end = Math.min(total, Math.ceil((list.scrollTop + list.clientHeight) / ROW_PX) + 4);
    const focused = document.activeElement?.dataset?.place;
    const made = [];
    for (let place = first; place < end; place += 1) {
      const document = ask(Math.floor(place / WINDOW))?.[place % WINDOW];
      made.push(row(place, document));
    }
    rows.replaceChildren(...made);
    if (focused) rows.querySelector(`[data-place="${focused}"]`)?.focus({ preventScroll: true });
  };

  const row = (place, one) => {
    const element = make("a", {
      class: "row",
      role: "listitem",
      "data-place": place,
      "aria-setsize": total,
      "aria-posinset": place + 1,
    });
    element.style.top = `${place * ROW_PX}px`;
    if (!one) return element;
    element.href = `#/${one.key}/1`;
    element.dataset.key = one.key;
    if (one.key === current) element.setAttribute("aria-current", "true");
    element.append(
      make("span", { class: "name", title: one.folder ? `${one.folder}/${one.name}` : one.name }, one.name),
      confidence(one),
      make("span", { class: "about" }, about(one)),
    );
    return element;
  };

  const confidence = (one) =>
    one.confidence === null
      ? make("span", { class: "sure" })
      : make(
          "span",
          { class: `sure c${beamOcr.grade(one.confidence)}`, title: "mean confidence of its pages" },
          percent(one.confidence, 1),
        );

  const about = (one) => [
    one.status === "read" ? null : make("span", { class: `status s-${one.status}` }, one.status),
    one.code ? make("span", { class: "code" }, one.code) : null,
    one.pages === null ? null : make("span", {}, counted(one.pages, "page", "pages")),
    one.folder ? make("span", { class: "folder" }, one.folder) : null,
  ];

  const choose = () => {
    asked += 1;
    windows.clear();
    byId("list").scrollTop = 0;
    ask(0);
  };

  let pause = 0;
  const changed = () => {
    for (const field of byId("filters").elements) wish[field.name] = field.value;
    clearTimeout(pause);
    pause = setTimeout(choose, 120);
  };

  const offer = (name, counts) => {
    const select = byId("filters").elements[name];
    for (const [value, count] of Object.entries(counts)) {
      select.append(make("option", { value }, `${value} (${count})`));
    }
    select.closest("label").hidden = !Object.keys(counts).length;
  };

  beamOcr.list = {
    begin: (run) => {
      offer("status", run.statuses);
      offer("code", run.codes);
      byId("list").append(rows);
      byId("list").addEventListener("scroll", render, { passive: true });
      new ResizeObserver(render).observe(byId("list"));
      byId("filters").addEventListener("input", changed);
      byId("filters").addEventListener("submit", (event) => event.preventDefault());
      choose();
    },

    // The key of the first document; null if there is none.
    first: async () => (await beamOcr.data.documents(wish, 0, 1)).documents[0]?.key ?? null,

    // Marks a document and brings it into sight.
    show: async (key) => {
      if (current === key) return;
      current = key;
      render();
      const { place } = await beamOcr.data.documents(wish, 0, 0, key);
      const list = byId("list");
      if (place === null || current !== key) return;
      const top = place * ROW_PX;
      const isSeen = top >= list.scrollTop && top + ROW_PX <= list.scrollTop + list.clientHeight;
      if (!isSeen) list.scrollTop = top - (list.clientHeight - ROW_PX) / 2;
      render();
    },

    // The key of the document so many places after the one that is shown; null if there is none.
    beside: async (step) => {
      const { place } = await beamOcr.data.documents(wish, 0, 0, current);
      const wanted = place === null || place === undefined ? 0 : place + step;
      if (wanted < 0) return null;
      return (await beamOcr.data.documents(wish, wanted, 1)).documents[0]?.key ?? null;
    },
  };
}
