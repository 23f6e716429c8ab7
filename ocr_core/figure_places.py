"""Where figures come in the reading order: beside their captions, or else in the column about them.

Figures do not decide on the order of text; they are put into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas import Box
from schemas.document import BlockKind

# A caption is no farther from its figure than this share of the larger of their heights.
MAX_CAPTION_GAP = 0.5
# A figure that shares more of its area with a table is a part of that.
MAX_IN_TABLE = 0.3
# What stands apart from the text, above or below all of it, tells nothing of a figure's place.
APART = frozenset({"header", "footer", "page-number", "footnote"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A block as far as it matters here.

    Attributes:
        box: on the level page.
    """

    box: Box
    kind: BlockKind


def without_tables(figures: Sequence[Box], blocks: Sequence[Placed]) -> list[Box]:
    """The figures that are no part of a table, such as its shaded columns."""
    tables = [block.box for block in blocks if block.kind == "table"]
    return [
        figure
        for figure in figures
        if all(figure.overlap(table) <= MAX_IN_TABLE * figure.area for table in tables)
    ]


def find_place(figure: Box, blocks: Sequence[Placed]) -> int:
    """The number of the block, of those in reading order, before which a figure is read.

    Their count if it comes last. The labels in a figure follow it; it follows a caption above it
    and is followed by one below it. Where there is none, the block above or below it that is most
    like it in width and place across the page is taken to be of its column.
    """
    labels = [number for number, block in enumerate(blocks) if _holds(figure, block.box)]
    if labels:
        return labels[0]
    near = [number for number, block in enumerate(blocks) if _beside(figure, block.box) > 0]
    captions = [number for number in near if _is_caption(blocks[number], figure)]
    candidates = captions or [number for number in near if blocks[number].kind not in APART] or near
    above = [number for number in candidates if _is_above(blocks[number].box, figure)]
    below = [number for number in candidates if number not in above]
    nearest_above = max(above, key=lambda n: blocks[n].box.bottom, default=None)
    nearest_below = min(below, key=lambda n: blocks[n].box.top, default=None)
    if nearest_below is None and nearest_above is None:
        return _by_height(figure, blocks)
    if nearest_above is None:
        return nearest_below if nearest_below is not None else len(blocks)
    if nearest_below is None:
        return nearest_above + 1
    of_above = _beside(figure, blocks[nearest_above].box)
    of_below = _beside(figure, blocks[nearest_below].box)
    return nearest_below if of_below >= of_above else nearest_above + 1


def _holds(figure: Box, box: Box) -> bool:
    x, y = box.centre
    return figure.left <= x <= figure.right and figure.top <= y <= figure.bottom


def _beside(first: Box, second: Box) -> float:
    """How much of the width of both, taken together, they share: 0 to 1, or less if they do not."""
    shared = min(first.right, second.right) - max(first.left, second.left)
    return shared / max(max(first.right, second.right) - min(first.left, second.left), 1.0)


def _is_caption(block: Placed, figure: Box) -> bool:
    gap = max(block.box.top - figure.bottom, figure.top - block.box.bottom)
    return block.kind == "caption" and gap <= MAX_CAPTION_GAP * max(figure.height, block.box.height)


def _is_above(box: Box, figure: Box) -> bool:
    return box.centre[1] < figure.centre[1]


def _by_height(figure: Box, blocks: Sequence[Placed]) -> int:
    """Before the first block that begins below a figure's middle."""
    lower = (n for n, block in enumerate(blocks) if block.box.top > figure.centre[1])
    return next(lower, len(blocks))
