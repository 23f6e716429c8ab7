// What the page says: as corrected, as it was read, or both beside each other.
"use strict";

{
  const { make, byId, percent } = beamOcr;

  let page = null;
  let query = "";

  const REASONS = {
    lexicon: "a word of the dictionary",
    page: "a word of the page",
    split: "two words run together",
    merge: "one word fallen apart",
    shape: "signs that look alike",
    case: "a capital or a small letter",
    number: "digits of a number",
  };

  const why = (reason) => REASONS[reason] ?? reason.replaceAll("-", " ");

  // Spans of `text` that words take up, in their order: [start, end, word].
  const located = (text, words, textOf) => {
    const spans = [];
    let at = 0;
    for (const word of words) {
      const start = text.indexOf(textOf(word), at);
      if (start < 0) continue;
      at = start + textOf(word).length;
      spans.push([start, at, word]);
    }
    return spans;
  };

  // Spans of the corrected text that edits made, in UTF-16 units: [start, end, edit].
  const edited = (raw, edits) => {
    const points = Array.from(raw);
    let made = 0;
    let at = 0;
    let length = 0;
    return [...edits]
      .sort((one, other) => one[0] - other[0])
      .map((edit) => {
        length += points.slice(at, edit[0]).join("").length;
        made = length;
        length += edit[3].length;
        at = edit[1];
        return [made, length, edit];
      });
  };

  const touches = (spans, start, end) =>
    spans.find(([from, to]) => (from < end && to > start) || (from === to && from >= start && from <= end));

  const tokens = (text, words, textOf, changes) => {
    const parts = [];
    const pattern = query ? beamOcr.pattern(query) : null;
    const found = pattern ? [...text.matchAll(pattern)].map((m) => [m.index, m.index + m[0].length]) : [];
    let at = 0;
    for (const [start, end, word] of located(text, words, textOf)) {
      parts.push(text.slice(at, start));
      const change = touches(changes, start, end)?.[2];
      const marks = found
        .map(([from, to]) => [Math.max(from, start) - start, Math.min(to, end) - start])
        .filter(([from, to]) => from < to);
      parts.push(token(text.slice(start, end), word, change, marks));
      at = end;
    }
    return [...parts, text.slice(at)];
  };

  const token = (text, word, change, marks) => {
    const [, , , , confidence, , raw] = word;
    const told = [`Read with ${percent(confidence, 1)} confidence`];
    if (change) told.push(`“${change[2]}” became “${change[3]}”: ${why(change[4])}`);
    else if (raw !== null) told.push(`read as “${raw}”`);
    const isChanged = change || raw !== null;
    return make(
      "span",
      { class: `token c${beamOcr.grade(confidence)}${isChanged ? " edited" : ""}`, "data-tip": told.join("\n") },
      beamOcr.marked(text, marks),
    );
  };

  const compared = (raw, edits) => {
    const points = Array.from(raw);
    const parts = [];
    let at = 0;
    for (const [start, end, before, after, reason] of [...edits].sort((one, other) => one[0] - other[0])) {
      parts.push(points.slice(at, start).join(""));
      parts.push(make("del", {}, before), make("ins", {}, after), make("small", { class: "reason" }, reason));
      at = end;
    }
    return [...parts, points.slice(at).join("")];
  };

  const contents = ([, , , text, raw, words, edits], mode) => {
    if (mode === "raw") return tokens(raw ?? text, words, (word) => word[6] ?? word[5], []);
    if (mode === "compare") return compared(raw ?? text, edits);
    return tokens(text, words, (word) => word[5], edited(raw ?? text, edits));
  };

  const line = (at, mode) => {
    const one = page.lines[at];
    return make(
      "span",
      { class: "line-text", role: "button", tabindex: -1, "data-line": at, "aria-pressed": "false" },
      contents(one, mode),
    );
  };

  const table = (block, at) => {
    const rows = [];
    block.cells.forEach(([row, , rowSpan, columnSpan, , text], number) => {
      rows[row] ??= make("tr");
      rows[row].append(
        make(
          "td",
          {
            rowspan: rowSpan > 1 ? rowSpan : null,
            colspan: columnSpan > 1 ? columnSpan : null,
            "data-cell": `${at}.${number}`,
            class: /^[\s\d.,:%€$£+()–-]+$/.test(text) ? "number" : null,
          },
          text,
        ),
      );
    });
    return make("div", { class: "table", tabindex: 0, role: "region", "aria-label": "Table" }, make("table", {}, make("tbody", {}, rows.filter(Boolean))));
  };

  // Kinds whose lines end where the column does; of others each line stands by itself.
  const FLOWING = new Set(["paragraph", "heading", "caption", "footnote"]);
  const TAGS = { heading: "h3", list: "div", footnote: "p", figure: "p" };

  const blockElement = (block, at, numbers, mode) => {
    const properties = { class: `part k-${block.kind}`, "data-block": at };
    if (block.cells.length && mode === "corrected") {
      return make("div", properties, table(block, at));
    }
    if (!numbers.length) {
      const name = beamOcr.kinds[block.kind] ?? block.kind;
      return make("p", { ...properties, class: `${properties.class} bare` }, name);
    }
    const isFlowing = FLOWING.has(block.kind);
    const parts = numbers.flatMap((number) => [line(number, mode), isFlowing ? " " : ""]);
    if (!isFlowing) properties.class += " broken";
    return make(TAGS[block.kind] ?? "p", properties, parts);
  };

  const show = (shown, mode, looked) => {
    const isAnother = page !== shown;
    page = shown;
    query = looked ?? "";
    const ofBlock = new Map(page.blocks.map((block) => [block.id, []]));
    const others = [];
    page.lines.forEach(([id], at) => (ofBlock.get(id) ?? others).push(at));
    const parts = page.blocks.map((block, at) => blockElement(block, at, ofBlock.get(block.id), mode));
    if (others.length) parts.push(make("p", { class: "part broken" }, others.map((at) => line(at, mode))));
    const text = byId("text");
    text.replaceChildren(...(parts.length ? parts : [make("p", { class: "nothing" }, nothing())]));
    text.lang = page.language ?? "";
    text.querySelector(".line-text")?.setAttribute("tabindex", "0");
    if (isAnother) {
      text.scrollTop = 0;
      showEdits();
    }
  };

  const nothing = () =>
    page.status === "failed"
      ? `This page could not be read: ${page.error_message}`
      : "Nothing was read on this page.";

  const showEdits = () => {
    const items = page.lines.flatMap(([, , , , , , edits], at) =>
      edits.map(([, , before, after, reason]) =>
        make(
          "li",
          {},
          make("button", { type: "button", "data-line": at }, make("del", {}, before), " → ", make("ins", {}, after), make("small", { class: "reason" }, why(reason))),
        ),
      ),
    );
    const summary = make("summary", {}, beamOcr.counted(items.length, "correction", "corrections"));
    byId("edits").replaceChildren(
      ...(items.length ? [make("details", { class: "edits" }, summary, make("ul", {}, items))] : []),
    );
  };

  // The cell of a table block that a line lies in, as `block.cell`; null for lines of other blocks.
  const cellOf = (at) => {
    const [id, , quad] = page.lines[at];
    const number = page.blocks.findIndex((block) => block.id === id && block.cells.length);
    if (number < 0) return null;
    const [x, y] = [(quad[0] + quad[4]) / 2, (quad[1] + quad[5]) / 2];
    const cell = page.blocks[number].cells.findIndex(
      ([, , , , [left, top, right, bottom]]) => x >= left && x <= right && y >= top && y <= bottom,
    );
    return cell < 0 ? null : `${number}.${cell}`;
  };

  const select = (chosen) => {
    const text = byId("text");
    for (const element of text.querySelectorAll(".selected")) {
      element.classList.remove("selected");
      if (element.dataset.line) element.setAttribute("aria-pressed", "false");
    }
    if (!chosen) return;
    let element = text.querySelector(`[data-${chosen.what}="${chosen.at}"]`);
    if (!element && chosen.what === "line") {
      element = text.querySelector(`[data-cell="${cellOf(chosen.at)}"]`);
    }
    if (!element) return;
    element.classList.add("selected");
    if (chosen.what === "line" && element.dataset.line) {
      text.querySelector('.line-text[tabindex="0"]')?.setAttribute("tabindex", "-1");
      element.setAttribute("tabindex", "0");
      element.setAttribute("aria-pressed", "true");
    }
    element.scrollIntoView({ block: "nearest" });
  };

  const clear = () => {
    page = null;
    byId("text").replaceChildren();
    byId("edits").replaceChildren();
  };

  beamOcr.text = { show, select, clear };
}
