"""A page of a document and its ground truth side by side, as HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from pipelines.evaluation.alignment import Step
from pipelines.evaluation.frame import head_html, name_of, rates_of
from pipelines.evaluation.sheets import Sheet
from pipelines.evaluation.table import make_rows
from pipelines.evaluation.words import row_html

_LEGEND = """\
<p class="legend"><span class="changed">a ch<mark>e</mark>nged word</span>
<mark>read otherwise</mark> <del>missing</del> <ins>added</ins>
<span class="moved">⇄ at another place</span>
<label><input type="checkbox" id="only"> only lines that differ <kbd>d</kbd></label></p>
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands in the list.

    Attributes:
        number: from 1, worst first.
        total: pages in the list.
        list_name: of the file of that part of the list in which it is.
    """

    number: int
    total: int
    list_name: str


def sheet_html(
    sheet: Sheet, steps: Sequence[Step], place: Place, picture: str | None
) -> Iterator[str]:
    """A page and its ground truth side by side.

    Args:
        steps: what became of each word; see `Sheet.steps`.
        picture: address of its picture, or None.
    """
    title = name_of(sheet)
    yield head_html(title, "../")
    yield f"<header>{_turning(place)}<h1>{escape(title)}</h1>{_facts(sheet, steps)}</header>\n"
    yield '<main class="sheet">\n'
    if picture:
        alt = f"page {sheet.page_index + 1} of {sheet.path}, as it was read"
        yield (
            f'<figure class="picture"><a href="{escape(picture)}">'
            f'<img src="{escape(picture)}" alt="{escape(alt)}"></a></figure>\n'
        )
    yield f"<section>{_LEGEND}"
    yield from _texts(sheet, steps)
    yield '</section></main>\n<script src="../report.js"></script>\n</body></html>\n'


def _turning(place: Place) -> str:
    before = f'<a rel="prev" href="{place.number - 1}.html">← worse</a> <kbd>p</kbd>'
    after = f'<a rel="next" href="{place.number + 1}.html">better →</a> <kbd>n</kbd>'
    parts = [
        f'<a rel="up" href="../{place.list_name}">all pages</a> <kbd>u</kbd>',
        before if place.number > 1 else "",
        f"<span>{place.number} of {place.total}, worst first</span>",
        after if place.number < place.total else "",
    ]
    return f'<nav aria-label="Pages">{"".join(f"<span>{one}</span>" for one in parts if one)}</nav>'


def _facts(sheet: Sheet, steps: Sequence[Step]) -> str:
    words = Counter[str]()
    for step in steps:
        words[step.kind] += len(step.truth or step.read)
    told = [(name, f"{rate:.4f}") for name, rate in rates_of(sheet).items()]
    told.append(("words", str(sheet.counts.words)))
    told += [(kind, str(words[kind])) for kind in ("changed", "missing", "added", "moved")]
    shown = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in told)
    return f'<dl class="facts">{shown}</dl>'


def _texts(sheet: Sheet, steps: Sequence[Step]) -> Iterator[str]:
    language = f' lang="{escape(sheet.language)}"' if sheet.language else ""
    yield (
        '<table class="texts"><caption>Both as they are compared: quotes and dashes plain, words '
        "that a line end divides whole.</caption>"
        '<colgroup><col class="number"><col><col></colgroup><thead><tr>'
        '<th scope="col">line</th><th scope="col">ground truth</th><th scope="col">read</th>'
        f"</tr></thead>\n<tbody{language}>\n"
    )
    for row in make_rows(steps):
        number = None if row.line is None else row.line + 1
        yield row_html(row, number, sheet.fold_case)
    yield "</tbody></table>\n"
