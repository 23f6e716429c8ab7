"""How the pages of a report look, and which keys they take."""

CSS = """\
:root {
  color-scheme: light dark;
  --ground: #f4f4f1; --panel: #fff; --line: #dfdfd9; --ink: #1d2126; --quiet: #5d646d;
  --accent: #1f5fa8;
  --changed: #fff2c4; --substituted: #ffd75e; --missing: #ffd3cc; --added: #cfe6ff;
  --moved: #e9def7;
  --sans: "Inter", -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", Arial, sans-serif;
  --serif: Charter, "Source Serif 4", "Noto Serif", "Liberation Serif", Georgia, serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15171a; --panel: #1c1f23; --line: #32373d; --ink: #e4e6e8; --quiet: #9aa2ab;
    --accent: #86b4ee;
    --changed: #3b351f; --substituted: #6d5710; --missing: #6b2a24; --added: #1d4468;
    --moved: #43345a;
  }
  .picture img { filter: brightness(0.93); }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink); font: 14px/1.5 var(--sans);
  -webkit-font-smoothing: antialiased;
}
header, main { padding: 0 24px; max-width: 1800px; margin: 0 auto; }
header { padding-top: 18px; padding-bottom: 12px; }
h1 { font-size: 20px; margin: 0 0 2px; overflow-wrap: anywhere; }
h2 { font-size: 16px; margin: 28px 0 8px; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.quiet { color: var(--quiet); }
nav { display: flex; flex-wrap: wrap; gap: 6px 18px; align-items: center; margin-bottom: 8px; }
kbd { font: 11px/1 var(--sans); border: 1px solid var(--line); border-radius: 4px; padding: 2px 5px;
  color: var(--quiet); background: var(--panel); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; background: var(--panel); border: 1px solid var(--line); }
caption { text-align: left; color: var(--quiet); padding: 0 0 6px; }
th, td { padding: 5px 12px; text-align: left; vertical-align: baseline; }
thead th { font-weight: 600; border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
.figures td, .figures thead th + th { text-align: right; font-variant-numeric: tabular-nums; }
.figures tbody th { font-weight: 400; }
.figures tbody tr.all > * { font-weight: 600; border-top-width: 2px; }
.pages td.name, .pages thead th.name { text-align: left; overflow-wrap: anywhere; }
details { margin-top: 14px; }
summary { cursor: pointer; color: var(--quiet); margin-bottom: 6px; }
.pages tbody tr:hover { background: var(--ground); }
.bar { display: inline-block; width: 90px; height: 8px; border-radius: 4px; margin-left: 10px;
  background: var(--line); overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--accent); }

.facts { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 8px 0 0; padding: 0; }
.facts div { display: flex; gap: 6px; }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; align-items: baseline; margin: 0 0 10px; }
.sheet { display: grid; gap: 24px; align-items: start; padding-bottom: 40px; }
@media (min-width: 1100px) {
  .sheet:has(.picture) { grid-template-columns: minmax(280px, 34%) minmax(0, 1fr); }
  .picture { position: sticky; top: 12px; max-height: calc(100vh - 24px); overflow: auto; }
}
.picture { margin: 0; background: var(--panel); border: 1px solid var(--line); }
.picture img { display: block; width: 100%; height: auto; }
.texts { width: 100%; table-layout: fixed; }
.texts col.number { width: 52px; }
.texts tbody th { font: 12px/1.7 var(--sans); color: var(--quiet); text-align: right;
  padding: 4px 8px; }
.texts td { font: 15.5px/1.6 var(--serif); padding: 3px 12px; overflow-wrap: anywhere;
  white-space: pre-wrap; border-left: 1px solid var(--line); }
.texts tbody tr + tr > * { border-top: 0; }
.texts tbody tr:not(.same) th { box-shadow: inset 3px 0 var(--accent); color: var(--ink);
  font-weight: 600; }
body:has(#only:checked) .texts tr.same { display: none; }

/* What differs. Each has a mark of its own beside its colour. */
.changed { background: var(--changed); border-radius: 3px; }
mark { color: inherit; background: var(--substituted); border-radius: 2px;
  text-decoration: underline wavy; text-underline-offset: 4px; text-decoration-thickness: 1px; }
del { background: var(--missing); border-radius: 2px; text-decoration: none;
  border-bottom: 2px dashed currentColor; }
ins { background: var(--added); border-radius: 2px; text-decoration: underline double;
  text-underline-offset: 3px; }
.moved { background: var(--moved); border-radius: 2px; text-decoration: overline;
  text-decoration-thickness: 1px; }
.gap { color: #b3261e; font-weight: 700; }
@media (prefers-color-scheme: dark) { .gap { color: #ff9a8d; } }
.space { opacity: 0.75; }
@media print { nav, .legend label { display: none; } .picture { position: static; } }
"""

KEYS = """\
"use strict";
// The arrow keys, n and p turn pages; u goes up to the list; d hides lines that were read right.
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const rel = { ArrowRight: "next", n: "next", ArrowLeft: "prev", p: "prev", u: "up" }[event.key];
  if (rel) document.querySelector(`nav a[rel="${rel}"]`)?.click();
  if (event.key === "d") document.querySelector("#only")?.click();
});
// What is hidden on one page stays hidden on the next.
const only = document.querySelector("#only");
if (only) {
  only.checked = location.hash === "#only";
  const keep = () => {
    for (const link of document.querySelectorAll("nav a[rel=next], nav a[rel=prev]")) {
      link.hash = only.checked ? "only" : "";
    }
  };
  only.addEventListener("change", keep);
  keep();
}
"""
