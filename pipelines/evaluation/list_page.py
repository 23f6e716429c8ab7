"""The measures, and the list of all pages, as HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from pipelines.evaluation.frame import head_html, name_of, rates_of
from pipelines.evaluation.sheets import Sheet

# Name of a folder -> how many documents it has, and its rates by their names.
Summary = Sequence[tuple[str, int, Mapping[str, float]]]


def list_html(
    title: str, summary: str, sheets: Sequence[tuple[int, Sheet]], parts: tuple[int, int]
) -> Iterator[str]:
    """A part of the list of pages, worst first.

    Args:
        summary: HTML that stands above the list.
        sheets: and their numbers in the whole list, from 1.
        parts: the number of this part, from 0, and how many there are.
    """
    yield head_html(title, "")
    yield f"<header><h1>{escape(title)}</h1></header><main>\n{summary}"
    yield '<h2 id="pages">Pages, worst first</h2>\n' + _parts(*parts)
    yield (
        '<div class="scroll"><table class="figures pages"><thead><tr><th scope="col">#</th>'
        '<th scope="col" class="name">page</th><th scope="col">word F1</th><th scope="col">CER</th>'
        '<th scope="col">WER</th><th scope="col">words</th></tr></thead>\n<tbody>\n'
    )
    for number, sheet in sheets:
        yield _list_row(number, sheet)
    yield '</tbody></table></div>\n</main><script src="report.js"></script>\n</body></html>\n'


def list_name(part: int) -> str:
    """The file of a part of the list, from 0."""
    return f"index-{part + 1}.html" if part else "index.html"


def _parts(part: int, n_parts: int) -> str:
    if n_parts == 1:
        return ""
    before = f'<a rel="prev" href="{list_name(part - 1)}">← worse</a> <kbd>p</kbd>'
    after = f'<a rel="next" href="{list_name(part + 1)}">better →</a> <kbd>n</kbd>'
    shown = [before * (part > 0), f"part {part + 1} of {n_parts}", after * (part + 1 < n_parts)]
    return (
        f'<nav aria-label="Parts of the list">{"".join(f"<span>{s}</span>" for s in shown)}</nav>'
    )


def _list_row(number: int, sheet: Sheet) -> str:
    rates = rates_of(sheet)
    cells = [f"{rates[name]:.4f}" if name in rates else "–" for name in ("CER", "WER")]
    recall = ' <span class="quiet">(recall)</span>' if sheet.is_partial else ""
    bar = f'<span class="bar" aria-hidden="true"><i style="width:{sheet.found:.0%}"></i></span>'
    return (
        f'<tr><th scope="row">{number}</th><td class="name"><a href="pages/{number}.html">'
        f"{escape(name_of(sheet))}</a></td><td>{sheet.found:.4f}{recall}{bar}</td>"
        f"<td>{cells[0]}</td><td>{cells[1]}</td><td>{sheet.counts.words}</td></tr>\n"
    )


def summary_html(summary: Summary, n_pages: int) -> str:
    """The measures of each folder; the last one, of the whole, has every column."""
    columns = list(summary[-1][2])
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    rows = []
    for name, n_documents, rates in summary:
        cells = (f"{rates[key]:.4f}" if key in rates else "–" for key in columns)
        shown = "".join(f"<td>{cell}</td>" for cell in cells)
        kind = ' class="all"' if name == "all" else ""
        rows.append(
            f'<tr{kind}><th scope="row">{escape(name)}</th><td>{n_documents}</td>{shown}</tr>\n'
        )
    return (
        '<div class="scroll"><table class="figures">'
        f"<caption>{n_pages} pages that have ground truth. F1 of words is blind to their order; "
        "CER and WER are errors per character and per word, in order.</caption>"
        f'<thead><tr><th scope="col">folder</th><th scope="col">documents</th>{heads}</tr></thead>'
        f"\n<tbody>\n{''.join(rows)}</tbody></table></div>\n"
    )


def mistakes_html(mistakes: Sequence[tuple[tuple[str, str], int]]) -> str:
    """The characters that were read otherwise most often: ((truth, read), how often)."""
    if not mistakes:
        return ""
    rows = "".join(
        f"<tr><td>{_character(truth)}</td><td>{_character(read)}</td><td>{count}</td></tr>\n"
        for (truth, read), count in mistakes
    )
    return (
        '<details><summary>What was misread most often</summary><table class="figures">'
        '<thead><tr><th scope="col">ground truth</th><th scope="col">read</th>'
        f'<th scope="col">times</th></tr></thead>\n<tbody>\n{rows}</tbody></table></details>\n'
    )


def _character(text: str) -> str:
    return escape(text).replace(" ", "␣") or '<span class="quiet">nothing</span>'
