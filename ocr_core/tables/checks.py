"""What is a table, and what only looks like one: prose in columns, lists, contents, forms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ocr_core.tables.chunks import Chunk
from ocr_core.tables.columns import columns_of
from ocr_core.tables.grid import Grid, GridCell

# Rows with text in two columns or more that a table has at least: with rulings, and without.
MIN_ROWS = 2
MIN_ROWS_BARE = 3
MIN_ROWS_PAIRS = 5
MIN_ROWS_WORDS = 5
MIN_FILLED = 0.45
# Labels in a table without upright rulings: one may be, and so many for each of its rows and of all
# its texts; and the words that one has at most.
MIN_LABELS = 2
MAX_LABELS = 0.2
MAX_LABELS_SHARE = 0.08
LABEL_WORDS = 4
# The ratio of large to small text in a table without rulings.
MAX_SIZES = 1.8
# Without rulings between columns, how much of a table's text may run across them.
MAX_ACROSS = 0.08
# Words of a line, in the middle, that make a cell prose.
PROSE_WORDS = 4
# Of the edges that rulings make between cells, how many are ruled in a table; fewer in a form.
MIN_REGULAR = 0.45
MAX_WORDS = 40
# So many numbers that follow each other count lines.
MIN_COUNTED = 6
# Of the lines of a column, how many begin with the mark of a list if it is one.
MIN_MARKS = 0.5

_MARKER = re.compile(r"([•◦▪–—*·○●■□►-]|\(?[0-9a-zA-Z]{1,3}[.)]|\(?[ivxIVX]{1,5}[.)]|\[\d{1,3}\])$")
_BULLET = re.compile(r"[•◦▪●■□►](\s|$)")
_LEADER = re.compile(r"[.…·_]{5,}|(?:\.\s){4,}")
_PAGE = re.compile(r"\d{1,4}|[ivxlc]{1,7}")


def is_table(grid: Grid) -> bool:
    """Whether the grid of a region is a table."""
    filled = [cell for cell in grid.cells if cell.chunks]
    rows = _full_rows(grid)
    if grid.n_columns < 2 or grid.n_rows < 2 or len(filled) < 4 or _are_contents(grid):
        return False
    if _n_words(filled) > MAX_WORDS * len(filled):
        return False
    n_prose = len(_prose_columns(grid))
    if n_prose >= max(2, 0.5 * grid.n_columns) and (not grid.is_ruled or grid.n_columns == 2):
        return False
    if grid.inner.uprights and grid.is_ruled:
        return len(rows) >= MIN_ROWS and (_is_regular(grid) or is_bare_table(grid))
    if _share_across(grid) > MAX_ACROSS or _counts_lines(grid):
        return False
    if not grid.inner.uprights and _has_labels(grid):
        return False
    if grid.inner.uprights or grid.inner.levels:
        return len(rows) >= max(MIN_ROWS, 0.5 * grid.n_rows) and not _is_list(grid)
    return is_bare_table(grid)


def is_bare_table(grid: Grid) -> bool:
    """Whether a region without rulings is a table: it needs more rows, or numbers."""
    rows = _full_rows(grid)
    if len(rows) < max(MIN_ROWS_BARE, 0.5 * grid.n_rows) or _is_list(grid):
        return False
    if not _is_of_one_size(grid):
        return False
    numeric = [c for c in range(1, grid.n_columns) if _is_numeric(grid, c)]
    if grid.n_columns == 2:
        return bool(numeric) and len(rows) >= MIN_ROWS_PAIRS
    share = len([cell for cell in grid.cells if cell.chunks]) / len(grid.cells)
    return share >= MIN_FILLED and (bool(numeric) or len(rows) >= MIN_ROWS_WORDS)


def _share_across(grid: Grid) -> float:
    """How much of the text beside other text runs across columns.

    On a receipt it does, each of whose parts has columns of its own. A heading of rows, which
    stands alone, may do so in any table.
    """
    chunks = [chunk for line in grid.lines for chunk in line if len(line) > 1]
    across = sum(len(columns_of(chunk, grid.xs[1:-1])) > 1 for chunk in chunks)
    return across / max(len(chunks), 1)


def _full_rows(grid: Grid) -> list[int]:
    """The rows with text in two columns or more."""
    columns: dict[int, set[int]] = {}
    for cell in grid.cells:
        if cell.chunks:
            for row in range(cell.rows[0], cell.rows[1] + 1):
                columns.setdefault(row, set()).add(cell.columns[0])
    return [row for row, own in columns.items() if len(own) > 1]


def _n_words(cells: Sequence[GridCell]) -> int:
    return sum(len(chunk.words) for cell in cells for chunk in cell.chunks)


def _of_column(grid: Grid, column: int) -> list[Chunk]:
    return [
        chunk for cell in grid.cells if cell.columns == (column, column) for chunk in cell.chunks
    ]


def _prose_columns(grid: Grid) -> list[int]:
    """Columns most of whose lines are of several words."""
    found = []
    for column in range(grid.n_columns):
        counts = sorted(len(chunk.words) for chunk in _of_column(grid, column))
        if counts and counts[len(counts) // 2] >= PROSE_WORDS:
            found.append(column)
    return found


def _is_numeric(grid: Grid, column: int) -> bool:
    own = _of_column(grid, column)
    return len(own) >= 3 and sum(chunk.is_number for chunk in own) >= 0.6 * len(own)


def _is_regular(grid: Grid) -> bool:
    """Whether rulings run through: those of a form stop at every other row."""
    top, bottom = grid.ys[0], grid.ys[-1]
    left, right = grid.xs[0], grid.xs[-1]
    down = [track.covered(top, bottom) for track in grid.inner.uprights]
    across = [track.covered(left, right) for track in grid.inner.levels]
    return sum(down) >= MIN_REGULAR * len(down) and sum(across) >= MIN_REGULAR * len(across)


def _is_list(grid: Grid) -> bool:
    """Whether a column holds nothing but the marks of a list, or the first of two its numbers."""
    for column in range(grid.n_columns):
        own = _of_column(grid, column)
        marker = _MARKER if grid.n_columns == 2 and column == 0 else _BULLET
        marks = sum(bool(marker.match(chunk.text)) for chunk in own)
        if own and marks >= MIN_MARKS * len(own):
            return True
    return False


def _counts_lines(grid: Grid) -> bool:
    """Whether the first of two columns does no more than count the lines of the other."""
    texts = [chunk.text for chunk in _of_column(grid, 0)]
    if grid.n_columns != 2 or not all(text.isdecimal() for text in texts):
        return False
    follow = sum(int(b) == int(a) + 1 for a, b in pairwise(texts))
    return len(texts) >= MIN_COUNTED and follow >= 0.8 * (len(texts) - 1)


def _has_labels(grid: Grid) -> bool:
    """Whether values follow their names, as in `Date: 3 May`, on a form or a receipt."""
    chunks = [chunk for cell in grid.cells for chunk in cell.chunks]
    labels = sum(_is_label(chunk) for chunk in chunks)
    return labels >= max(MIN_LABELS, MAX_LABELS * grid.n_rows, MAX_LABELS_SHARE * len(chunks))


def _is_label(chunk: Chunk) -> bool:
    """Whether a short text is a name and a colon, its value perhaps among it."""
    is_short = len(chunk.words) <= LABEL_WORDS
    has_colon = any(word.text.endswith(":") for word in chunk.words)
    return is_short and (has_colon or chunk.text.startswith(":"))


def _is_of_one_size(grid: Grid) -> bool:
    """Whether the text is about as high throughout: headings beside figures are not."""
    heights = sorted(chunk.box.height for cell in grid.cells for chunk in cell.chunks)
    low, high = heights[len(heights) // 10], heights[-1 - len(heights) // 10]
    return high <= MAX_SIZES * low


def _are_contents(grid: Grid) -> bool:
    """Whether this is a table of contents: leaders, or pages that only ever rise."""
    texts = [chunk.text for cell in grid.cells for chunk in cell.chunks]
    if sum(bool(_LEADER.search(text)) for text in texts) >= 0.4 * grid.n_rows:
        return True
    last = [chunk.text for chunk in _of_column(grid, grid.n_columns - 1)]
    pages = [int(text) for text in last if text.isdigit() and _PAGE.fullmatch(text)]
    is_rising = all(a <= b for a, b in pairwise(pages))
    return (
        not grid.inner.uprights
        and grid.n_columns <= 3
        and len(pages) >= max(4, 0.7 * len(last))
        and is_rising
    )
