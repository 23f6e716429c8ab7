// Confidence as one of five classes, and the legend that tells which is which.
"use strict";

{
  const { make } = beamOcr;

  // Lower bounds, from the least certain class on. Most words are above the last: what is below is
  // what one looks for, so the classes are narrow there.
  const BOUNDS = [0, 0.5, 0.8, 0.95, 0.99];
  const NAMES = ["below 50 %", "50 – 80 %", "80 – 95 %", "95 – 99 %", "99 % and more"];

  beamOcr.kinds = {
    heading: "Heading",
    paragraph: "Paragraph",
    text: "Text",
    list: "List",
    table: "Table",
    figure: "Figure",
    caption: "Caption",
    footnote: "Footnote",
    header: "Header",
    footer: "Footer",
    "page-number": "Page number",
  };

  // The class of a confidence, 0 to 4.
  beamOcr.grade = (confidence) => BOUNDS.findLastIndex((bound) => confidence >= bound);

  // The colour of a class or a kind, as the style sheet has it.
  beamOcr.colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);

  const entry = (swatch, name, count) =>
    make("li", {}, make("span", { class: `swatch ${swatch}` }), name, make("b", {}, count));

  // Tells the colours of what is drawn over a page.
  beamOcr.showLegend = (page, layers) => {
    const legend = beamOcr.byId("legend");
    const parts = [];
    if (page && layers.blocks && page.blocks.length) {
      const kinds = Object.entries(beamOcr.kinds)
        .map(([kind, name]) => [kind, name, page.blocks.filter((one) => one.kind === kind).length])
        .filter(([, , count]) => count);
      parts.push(make("ul", { "aria-label": "Blocks by kind" }, kinds.map(([kind, name, n]) => entry(`k-${kind}`, name, n))));
    }
    if (page && layers.confidence && page.lines.length) {
      const counts = [0, 0, 0, 0, 0];
      for (const [, , , , , words] of page.lines) {
        for (const word of words) counts[beamOcr.grade(word[4])] += 1;
      }
      const grades = NAMES.map((name, grade) => entry(`c${grade}`, name, counts[grade]));
      parts.push(make("ul", { "aria-label": "Words by confidence" }, grades.reverse()));
    }
    legend.replaceChildren(...parts);
  };
}
