// What was found on the page, drawn over it: blocks, lines, words, reading order, confidence.
"use strict";

{
  const { draw, byId } = beamOcr;

  let page = null;
  let polygons = []; // of the lines

  const points = (quad) =>
    Array.from({ length: 4 }, (_, at) => `${quad[2 * at]},${quad[2 * at + 1]}`).join(" ");

  const middle = (quad) => [
    (quad[0] + quad[2] + quad[4] + quad[6]) / 4,
    (quad[1] + quad[3] + quad[5] + quad[7]) / 4,
  ];

  // A group at a place of the page whose own unit is a pixel of the screen, however far it is zoomed.
  const unscaled = (x, y, ...children) => {
    const group = draw("g", { class: "unscaled" }, ...children);
    group.style.transform = `translate(${x}px, ${y}px) scale(var(--unit))`;
    return group;
  };

  // Left of its block, where it covers no text; with its kind once there is room for that.
  const chip = (x, y, number, kind) => {
    const label = (words, name) => {
      const width = 6.4 * words.length + 7;
      return draw(
        "g",
        { class: name },
        draw("rect", { class: "chip", x: -width - 2, y: -1, width, height: 16, rx: 4 }),
        draw("text", { class: "chip-text", x: -width / 2 - 2, y: 11 }, words),
      );
    };
    return unscaled(x, y, label(number, "far"), label(`${number} ${kind}`, "near"));
  };

  const blocks = () =>
    page.blocks.map((block, at) => {
      const [x, y] = [Math.min(block.quad[0], block.quad[6]), Math.min(block.quad[1], block.quad[3])];
      const kind = beamOcr.kinds[block.kind] ?? block.kind;
      return draw(
        "g",
        { class: `k-${block.kind}` },
        draw("polygon", { class: "block", points: points(block.quad), "data-block": at }),
        chip(x, y, String(at + 1), kind),
      );
    });

  const cells = () =>
    page.blocks.flatMap((block, at) =>
      block.cells.map(([, , , , [left, top, right, bottom]], number) =>
        draw("rect", {
          class: "cell",
          x: left,
          y: top,
          width: right - left,
          height: bottom - top,
          "data-cell": `${at}.${number}`,
        }),
      ),
    );

  const lines = () =>
    page.lines.map((line, at) =>
      draw("polygon", { class: "line", points: points(line[2]), "data-line": at }),
    );

  const words = () =>
    page.lines.flatMap(([, , , , , ofLine], at) =>
      ofLine.map(([left, top, right, bottom, confidence], number) =>
        draw("rect", {
          class: `word c${beamOcr.grade(confidence)}`,
          x: left,
          y: top,
          width: right - left,
          height: bottom - top,
          "data-line": at,
          "data-word": number,
        }),
      ),
    );

  const order = () => {
    const stops = (page.blocks.length ? page.blocks.map((block) => block.quad) : page.lines.map((line) => line[2])).map(middle);
    const path = stops.map((stop) => stop.join(",")).join(" ");
    const discs = stops.map(([x, y], at) =>
      unscaled(
        x,
        y,
        draw("circle", { class: "disc", r: 11 }),
        draw("text", { class: "disc-text", y: 4 }, String(at + 1)),
      ),
    );
    return [draw("polyline", { class: "path-under", points: path }), draw("polyline", { class: "path", points: path }), ...discs];
  };

  const lineNumbers = () =>
    page.lines.map((line, at) => {
      const [x, y] = [(line[2][0] + line[2][6]) / 2, (line[2][1] + line[2][7]) / 2];
      return unscaled(x, y, draw("text", { class: "line-number", x: -4, y: 4 }, String(at + 1)));
    });

  const found = (query) => {
    const pattern = query ? beamOcr.pattern(query) : null;
    if (!pattern) return [];
    return page.lines.flatMap(([, , , , , ofLine]) => {
      const text = ofLine.map((word) => word[5]).join(" ");
      const spans = [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);
      let at = 0;
      return ofLine.flatMap(([left, top, right, bottom, , said]) => {
        const [start, end] = [at, at + said.length];
        at = end + 1;
        if (!spans.some(([from, to]) => from < end && to > start)) return [];
        return [draw("rect", { class: "found", x: left, y: top, width: right - left, height: bottom - top })];
      });
    });
  };

  const group = (name, children) => draw("g", { class: name }, ...children);

  beamOcr.overlay = {
    show: (shown, query) => {
      page = shown;
      const overlay = byId("overlay");
      const [width, height] = [page.width_px || 1, page.height_px || 1];
      overlay.setAttribute("viewBox", `0 0 ${width} ${height}`);
      polygons = lines();
      overlay.replaceChildren(
        group("found-words", found(query)),
        group("blocks", blocks()),
        group("cells", cells()),
        group("lines", polygons),
        group("words", words()),
        group("order", order()),
        group("line-numbers", lineNumbers()),
      );
    },

    layers: (layers) => {
      for (const [name, isOn] of Object.entries(layers)) {
        byId("overlay").classList.toggle(`show-${name}`, isOn);
      }
    },

    // Marks one line, cell or nothing.
    select: (chosen) => {
      for (const element of byId("overlay").querySelectorAll(".selected")) {
        element.classList.remove("selected");
      }
      const element = chosen && byId("overlay").querySelector(`[data-${chosen.what}="${chosen.at}"]`);
      if (!element) return;
      element.classList.add("selected");
      const box = element.getBBox();
      beamOcr.stage.reveal([box.x, box.y, box.x + box.width, box.y + box.height]);
    },
  };
}
