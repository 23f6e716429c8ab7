// The page as a whole: what is shown, and what changes it.
"use strict";

{
  const { make, byId } = beamOcr;

  const LAYERS = [
    ["blocks", "Blocks", "b"],
    ["lines", "Lines", "l"],
    ["words", "Words", "w"],
    ["order", "Order", "o"],
    ["confidence", "Confidence", "c"],
  ];
  const MODES = [
    ["corrected", "Corrected"],
    ["raw", "As read"],
    ["compare", "Compare"],
  ];

  const state = {
    key: null,
    index: 0,
    query: "",
    document: null,
    page: null,
    selected: null,
    layers: { blocks: true, lines: false, words: false, order: false, confidence: false },
    mode: "corrected",
  };

  const remembered = () => {
    try {
      const kept = JSON.parse(localStorage.getItem("beam-ocr") ?? "{}");
      for (const [name] of LAYERS) if (name in (kept.layers ?? {})) state.layers[name] = kept.layers[name] === true;
      if (MODES.some(([name]) => name === kept.mode)) state.mode = kept.mode;
    } catch {
      // what is kept may be another version's, or nothing may be kept
    }
  };

  const remember = () => {
    try {
      localStorage.setItem("beam-ocr", JSON.stringify({ layers: state.layers, mode: state.mode }));
    } catch {
      // as in a private window
    }
  };

  beamOcr.complain = (error) => beamOcr.stage.note(`${error.message}.`);

  // The place that the address names: #/KEY/PAGE?q=WORDS, pages from 1.
  const place = () => {
    const match = location.hash.match(/^#\/([0-9a-f]+)(?:\/(\d+))?(?:\?(.*))?$/);
    if (!match) return null;
    const query = new URLSearchParams(match[3] ?? "").get("q") ?? "";
    return { key: match[1], index: Math.max(0, Number(match[2] ?? 1) - 1), query };
  };

  const go = (key, index) => {
    location.hash = `#/${key}/${index + 1}`;
  };

  const arrive = async () => {
    const wanted = place();
    if (!wanted) {
      const first = await beamOcr.list.first();
      if (first) location.replace(`#/${first}/1`);
      return;
    }
    Object.assign(state, wanted);
    const isHere = () => state.key === wanted.key && state.index === wanted.index;
    if (state.document?.key !== wanted.key) {
      const document = await beamOcr.data.document(wanted.key);
      if (state.key !== wanted.key) return;
      state.document = document;
      beamOcr.list.show(wanted.key).catch(beamOcr.complain);
    }
    showDocument();
    if (!state.document.states.length) {
      showUnread();
      return;
    }
    const page = await beamOcr.data.page(wanted.key, wanted.index);
    if (isHere()) showPage(page);
  };

  const showDocument = () => {
    const { document, index } = state;
    window.document.title = `${document.name} – beam-ocr`;
    byId("document-name").textContent = document.name;
    byId("document-folder").textContent = document.folder;
    byId("page-number").value = document.states.length ? index + 1 : "";
    byId("page-count").textContent = `of ${document.pages ?? "–"}`;
    byId("previous").disabled = beside(-1) === null;
    byId("next").disabled = beside(1) === null;
    beamOcr.facts.strip(document, index);
  };

  const showUnread = () => {
    const { document } = state;
    state.page = null;
    beamOcr.stage.clear();
    beamOcr.text.clear();
    beamOcr.showLegend(null, state.layers);
    byId("facts").hidden = true;
    beamOcr.stage.note(`This document could not be read. ${document.code}: ${document.error_message}`);
  };

  const showPage = (page) => {
    state.page = page;
    state.selected = null;
    beamOcr.stage.show(state.key, state.index, page);
    beamOcr.overlay.show(page, state.query);
    beamOcr.facts.show(state.document, page);
    showLayers();
    showText();
  };

  const showText = () => {
    if (state.page) beamOcr.text.show(state.page, state.mode, state.query);
    if (state.selected) beamOcr.text.select(state.selected);
    for (const button of byId("modes").children) {
      button.setAttribute("aria-checked", String(button.dataset.mode === state.mode));
      button.tabIndex = button.dataset.mode === state.mode ? 0 : -1;
    }
  };

  const showLayers = () => {
    beamOcr.overlay.layers(state.layers);
    beamOcr.showLegend(state.page, state.layers);
    byId("text").classList.toggle("graded", state.layers.confidence);
    for (const button of byId("layers").children) {
      button.setAttribute("aria-pressed", String(state.layers[button.dataset.layer]));
    }
  };

  const toggle = (name) => {
    state.layers[name] = !state.layers[name];
    showLayers();
    remember();
  };

  const choose = (mode) => {
    state.mode = mode;
    showText();
    remember();
  };

  const select = (what, at) => {
    const isSame = state.selected?.what === what && state.selected.at === at;
    state.selected = isSame ? null : { what, at };
    beamOcr.overlay.select(state.selected);
    beamOcr.text.select(state.selected);
  };

  // The index of a page beside the one that is shown; null if there is none.
  const beside = (step) => {
    const pages = state.document.states.map(([page]) => page);
    return (step > 0 ? pages.find((page) => page > state.index) : pages.findLast((page) => page < state.index)) ?? null;
  };

  const turn = (step) => {
    const index = state.document && beside(step);
    if (typeof index === "number") go(state.key, index);
  };

  const leap = async (step) => {
    const key = await beamOcr.list.beside(step);
    if (key) go(key, 0);
  };

  // Up and down move from line to line while the text has the focus, else from page to page.
  const step = (by) => (event) => {
    const from = event.target.closest?.(".line-text");
    if (!from) {
      turn(by);
      return;
    }
    const next = Number(from.dataset.line) + by;
    const line = byId("text").querySelector(`[data-line="${next}"]`);
    if (line) {
      select("line", next);
      line.focus();
    }
  };

  beamOcr.wordTip = (element) => {
    const word = state.page.lines[element.dataset.line][5][element.dataset.word];
    const read = word[6] === null ? "" : `, read as “${word[6]}”`;
    return `“${word[5]}”${read}\n${beamOcr.percent(word[4], 1)} confidence`;
  };

  const clicked = (event) => {
    if (!getSelection().isCollapsed) return; // text is being copied
    const element = event.target.closest("[data-line], [data-cell]");
    if (!element || !state.page) return;
    if (element.dataset.line) select("line", Number(element.dataset.line));
    else select("cell", element.dataset.cell);
  };

  const makeTools = () => {
    for (const [layer, name, key] of LAYERS) {
      const hint = make("kbd", { "aria-hidden": "true" }, key);
      byId("layers").append(
        make("button", { type: "button", "data-layer": layer, onclick: () => toggle(layer) }, name, hint),
      );
      beamOcr.keys.on([key], `${name.toLowerCase()} on and off`, () => toggle(layer));
    }
    for (const [mode, name] of MODES) {
      byId("modes").append(
        make("button", { type: "button", role: "radio", "data-mode": mode, onclick: () => choose(mode) }, name),
      );
    }
    byId("modes").addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      const at = MODES.findIndex(([name]) => name === state.mode);
      choose(MODES[(at + by + MODES.length) % MODES.length][0]);
      byId("modes").querySelector('[tabindex="0"]').focus();
    });
  };

  const nextMode = () => {
    const at = MODES.findIndex(([name]) => name === state.mode);
    choose(MODES[(at + 1) % MODES.length][0]);
  };

  const makeKeys = () => {
    const { on } = beamOcr.keys;
    on(["j", "ArrowRight"], "next page", () => turn(1));
    on(["k", "ArrowLeft"], "previous page", () => turn(-1));
    on(["ArrowDown"], "next page, or next line of the text", step(1));
    on(["ArrowUp"], "previous page, or previous line", step(-1));
    on(["n"], "next document", () => leap(1).catch(beamOcr.complain));
    on(["p"], "previous document", () => leap(-1).catch(beamOcr.complain));
    on(["/"], "search all pages", () => byId("search").focus());
    makeTools();
    on(["t"], "corrected, as read, compared", nextMode);
    on(["+", "="], "larger", () => beamOcr.stage.zoom(1.25));
    on(["-"], "smaller", () => beamOcr.stage.zoom(0.8));
    on(["0"], "the whole page", () => beamOcr.stage.fit());
  };

  const makeControls = () => {
    byId("previous").addEventListener("click", () => turn(-1));
    byId("next").addEventListener("click", () => turn(1));
    byId("page-number").addEventListener("change", (event) => {
      const wanted = Number(event.target.value) - 1;
      if (state.document?.states.some(([page]) => page === wanted)) go(state.key, wanted);
      else showDocument();
    });
    byId("zoom-in").addEventListener("click", () => beamOcr.stage.zoom(1.25));
    byId("zoom-out").addEventListener("click", () => beamOcr.stage.zoom(0.8));
    byId("zoom-fit").addEventListener("click", () => beamOcr.stage.fit());
    for (const id of ["overlay", "text", "edits"]) byId(id).addEventListener("click", clicked);
    byId("text").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches(".line-text")) clicked(event);
    });
    const strip = byId("strip");
    const under = (event) => state.document && beamOcr.facts.pageAt(state.document, event.offsetX);
    strip.addEventListener("click", (event) => under(event) && go(state.key, under(event)[0]));
    strip.addEventListener("pointermove", (event) => {
      const [page, status, sure] = under(event) ?? [];
      const said = status === "read" ? beamOcr.percent(sure, 1) : status;
      strip.title = status ? `page ${page + 1}: ${said}` : "";
    });
    addEventListener("resize", () => state.document && showDocument());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => state.document && showDocument());
  };

  const begin = async () => {
    remembered();
    makeKeys();
    makeControls();
    beamOcr.keys.begin();
    beamOcr.stage.begin();
    const run = await beamOcr.data.run();
    byId("run-name").textContent = run.name;
    byId("run-counts").textContent =
      `${beamOcr.counted(run.documents, "document", "documents")}, ${beamOcr.counted(run.pages, "page", "pages")}`;
    beamOcr.list.begin(run);
    beamOcr.search.begin(run);
    addEventListener("hashchange", () => arrive().catch(beamOcr.complain));
    await arrive();
  };

  begin().catch(beamOcr.complain);
}
