"""Which headings of a document stand above which: levels by the size of print and by numbers."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping

from ocr_core import section_titles
from ocr_core.exporters.structure import fill_blocks
from schemas import Document, Line, Page

MAX_LEVEL = 6
# Headings are of one level down to this share of the largest of it: sizes that are measured of the
# same print differ by a tenth, those that are set to differ by a sixth or more.
SAME_LEVEL = 0.85
# A page with fewer lines of text is compared with the text of the whole document.
MIN_LINES = 5
BODY = frozenset({"paragraph", "list", "text"})

# A page by its index, and a block by its number.
Place = tuple[int, int]


def heading_levels(document: Document) -> Mapping[Place, int]:
    """The level of every heading, from 1 for the largest print of the document.

    Sizes are compared in relation to the body text of the page, so that it does not matter how
    large a page was drawn. Headings that are numbered within each other, such as 2, 2.1 and 2.1.3,
    are of one level for each length of their numbers, and of a lower one the longer these are.
    """
    pages = [page for page in document.pages if isinstance(page, Page)]
    bodies = {page.ref.page_index: _lines_of(page, BODY) for page in pages}
    usual = _size(line for lines in bodies.values() for line in lines)
    sizes: dict[Place, float] = {}
    numbers: dict[Place, str] = {}
    for page in pages:
        index = page.ref.page_index
        body = _size(bodies[index]) if len(bodies[index]) >= MIN_LINES else usual
        for filled in fill_blocks(page):
            if filled.block.kind == "heading":
                place = index, filled.block.block_id
                sizes[place] = _size(filled.lines) / (body or 1.0)
                numbers[place] = section_titles.number_of(filled.block.text)
    return _by_number(_levels(sizes), numbers)


def _lines_of(page: Page, kinds: frozenset[str]) -> list[Line]:
    return [
        line for filled in fill_blocks(page) if filled.block.kind in kinds for line in filled.lines
    ]


def _size(lines: Iterable[Line]) -> float:
    """How large print is, in pixels between its height and the width of a character.

    Either alone depends on which letters there are. 0 where there are none.
    """
    sizes = [
        math.sqrt(line.quad.height * line.quad.width / len(line.text))
        for line in lines
        if line.text
    ]
    return statistics.median(sizes) if sizes else 0.0


def _levels(sizes: Mapping[Place, float]) -> Mapping[Place, int]:
    levels: dict[Place, int] = {}
    level, largest = 0, math.inf
    for place in sorted(sizes, key=lambda place: -sizes[place]):
        if sizes[place] < SAME_LEVEL * largest:
            level, largest = level + 1, sizes[place]
        levels[place] = min(max(level, 1), MAX_LEVEL)
    return levels


def _by_number(levels: Mapping[Place, int], numbers: Mapping[Place, str]) -> Mapping[Place, int]:
    """Levels with those of numbered sections put right."""
    above = {number.rpartition(".")[0] for number in numbers.values()}
    depths = {
        place: number.count(".")
        for place, number in numbers.items()
        # A number alone may be any: it is that of a section if there is one within it.
        if "." in number or (number and number in above)
    }
    changed, level = dict(levels), 0
    for depth in sorted(set(depths.values())):
        places = [place for place in depths if depths[place] == depth]
        level = max(level + 1, statistics.median_low(levels[place] for place in places))
        changed |= dict.fromkeys(places, min(level, MAX_LEVEL))
    return changed
