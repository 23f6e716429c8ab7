// Making elements, and the one name that all scripts share.
"use strict";

const beamOcr = {};
window.beamOcr = beamOcr;

{
  const SVG = "http://www.w3.org/2000/svg";

  const fill = (element, properties, children) => {
    for (const [name, value] of Object.entries(properties)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) {
        element.setAttribute(name, value);
      }
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined));
    return element;
  };

  // An HTML element: attributes, `on...` handlers, and children that are elements or text.
  beamOcr.make = (tag, properties = {}, ...children) =>
    fill(document.createElement(tag), properties, children);

  beamOcr.draw = (tag, properties = {}, ...children) =>
    fill(document.createElementNS(SVG, tag), properties, children);

  beamOcr.byId = (id) => document.getElementById(id);

  beamOcr.percent = (confidence, digits = 0) =>
    confidence === null ? "–" : `${(Math.floor(confidence * 100 * 10 ** digits) / 10 ** digits).toFixed(digits)} %`;

  beamOcr.counted = (number, one, many) =>
    `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

  // Text with some spans of it marked.
  beamOcr.marked = (text, spans) => {
    const parts = [];
    let at = 0;
    for (const [start, end] of spans) {
      parts.push(text.slice(at, start), beamOcr.make("mark", {}, text.slice(start, end)));
      at = end;
    }
    return [...parts, text.slice(at)];
  };

  // What a search looks for, as one regular expression; null for nothing.
  beamOcr.pattern = (query) => {
    const patterns = beamOcr.patterns(query);
    return patterns.length ? new RegExp(patterns.map((one) => one.source).join("|"), "giu") : null;
  };

  beamOcr.patterns = (query) =>
    [...query.matchAll(/"([^"]*)"?|([^\s"]+)/g)]
      .map(([, phrase, word]) => (phrase ?? word).trim())
      .filter(Boolean)
      .map((term) => new RegExp(term.split(/\s+/).map(escape).join("\\s+"), "giu"));

  const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
