// What is known of a page and of its document beside the text; and the strip of pages.
"use strict";

{
  const { make, byId, percent } = beamOcr;

  const SOURCES = { ocr: "read from pixels", "text-layer": "the PDF's own text", mixed: "the PDF's own text, and pixels" };

  const bytes = (n) =>
    n < 1e6 ? `${Math.max(1, Math.round(n / 1e3)).toLocaleString("en")} kB` : `${(n / 1e6).toFixed(1)} MB`;

  const language = (tag) => {
    try {
      return `${new Intl.DisplayNames("en", { type: "language" }).of(tag)} (${tag})`;
    } catch {
      return tag;
    }
  };

  const facts = (document, page) => {
    const total = Object.values(page.seconds).reduce((sum, s) => sum + s, 0);
    return {
      Status: page.status,
      Error: page.error_code && `${page.error_code}: ${page.error_message}`,
      Confidence: page.status === "read" ? percent(page.confidence, 1) : null,
      Language: page.language && language(page.language),
      Text: page.source && page.status === "read" ? SOURCES[page.source] ?? page.source : null,
      Because: page.source_reason?.replaceAll("-", " "),
      Lines: page.line_count,
      Size: page.width_px ? `${page.width_px} × ${page.height_px} px, ${page.dpi} dpi` : null,
      Turned: page.orientation_deg ? `${page.orientation_deg}° clockwise` : null,
      Skew: page.skew_deg ? `${page.skew_deg.toFixed(2)}°` : null,
      Time: total ? stages(page.seconds, total) : null,
      File: document.uri ?? document.name,
      Kind: `${document.media_type}, ${bytes(document.size_bytes)}`,
    };
  };

  const stages = (seconds, total) => [
    make("span", {}, `${total.toFixed(2)} s`),
    make("ul", { class: "stages" }, Object.entries(seconds).map(([stage, s]) => {
      const bar = make("i", {});
      bar.style.width = `${(100 * s) / total}%`;
      return make("li", {}, make("span", {}, stage), make("b", {}, s.toFixed(2)), bar);
    })),
  ];

  const show = (document, page) => {
    const kept = Object.entries(facts(document, page)).filter(([, value]) => value || value === 0);
    byId("facts").querySelector("dl").replaceChildren(
      ...kept.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]),
    );
    byId("facts").hidden = false;
  };

  // One cell for each page of a document, by its confidence.
  const strip = (document, index) => {
    const canvas = byId("strip");
    const states = document?.states ?? [];
    canvas.hidden = states.length < 2;
    if (canvas.hidden) return;
    const ratio = devicePixelRatio || 1;
    const width = canvas.clientWidth;
    canvas.width = width * ratio;
    canvas.height = canvas.clientHeight * ratio;
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    const step = stepOf(states.length, width);
    const gap = step > 4 ? 1 : 0;
    states.forEach(([page, status, confidence], at) => {
      const name = status === "read" ? `c${beamOcr.grade(confidence)}` : status;
      context.fillStyle = beamOcr.colour(name);
      const isHere = page === index;
      context.fillRect(at * step, isHere ? 0 : 4, Math.max(step - gap, 0.5), isHere ? 14 : 8);
    });
  };

  const stepOf = (count, width) => Math.min(18, width / count);

  const pageAt = (document, x) => {
    const canvas = byId("strip");
    const at = Math.floor(x / stepOf(document.states.length, canvas.clientWidth));
    return document.states[at];
  };

  beamOcr.facts = { show, strip, pageAt };
}
