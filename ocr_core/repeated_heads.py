"""Running heads and feet that show by coming again: a document's pages, looked at together.

A page alone leaves open whether a line at its edge is a head or a title; what stands at about the
same height on other pages, and says the same but for its numbers, is a head. Nothing but the kinds
of blocks changes: neither texts nor order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from ocr_core.running_heads import MAX_WORDS, is_page_number
from schemas import Block, Document, Page
from schemas.document import BlockKind

# Share of a page's height from either edge in which heads and feet stand.
ZONE = 0.18
# By how much of that height they may move from page to page.
MAX_SHIFT = 0.03
# How alike two texts are, 0 to 100, that were read of the same words.
MIN_LIKENESS = 85.0
# Pages on which a head comes, at least, of so many before and after one: left and right pages have
# their own, and some pages have none.
MIN_PAGES = 3
REACH = 6
KINDS = frozenset({"text", "paragraph", "heading", "header", "footer", "page-number"})

_DIGITS = re.compile(r"\d+")


def mark_repeated_heads(document: Document) -> Document:
    """The document with every block that comes again at an edge of its pages marked as such."""
    edges = {
        page.ref.page_index: list(_edges(page)) for page in document.pages if isinstance(page, Page)
    }
    kinds: dict[int, dict[int, BlockKind]] = defaultdict(dict)
    for index, own in edges.items():
        near = [
            edge for at in range(index - REACH, index + REACH + 1) for edge in edges.get(at, ())
        ]
        for edge in own:
            if _comes_again(edge, near):
                kinds[index][edge.block_id] = edge.kind_if_repeated
    pages = tuple(
        _marked(page, kinds[page.ref.page_index]) if isinstance(page, Page) else page
        for page in document.pages
    )
    return replace(document, pages=pages)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A block at the upper or the lower edge of a page.

    Attributes:
        middle: of the block, as a share of the page's height.
        text: numbers are all alike in it.
        number: what a page number says, if it is one in figures.
    """

    page_index: int
    block_id: int
    middle: float
    text: str
    number: int | None

    @property
    def kind_if_repeated(self) -> BlockKind:
        if is_page_number(self.text.replace("#", "1")):
            return "page-number"
        return "header" if self.middle < 0.5 else "footer"


def _edges(page: Page) -> Iterable[_Edge]:
    """The blocks near the edges of a page that nothing stands beyond but others of them."""
    height = max(page.height_px, 1)
    written = [block for block in page.blocks if block.kind != "figure"]
    for is_top in (True, False):
        for block in sorted(written, key=lambda b: b.box.top if is_top else -b.box.bottom):
            middle = block.box.centre[1] / height
            away = middle if is_top else 1 - middle
            if away > ZONE or block.kind not in KINDS or len(block.text.split()) > MAX_WORDS:
                break
            text = _DIGITS.sub("#", block.text.casefold())
            digits = _DIGITS.search(block.text)
            number = int(digits[0]) if digits and len(digits[0]) < 6 else None
            yield _Edge(page.ref.page_index, block.block_id, middle, text, number)


def _comes_again(edge: _Edge, near: Iterable[_Edge]) -> bool:
    """Whether enough of the pages about have the like at the same height."""
    others = {other.page_index for other in near if _are_alike(edge, other)}
    return len(others | {edge.page_index}) >= MIN_PAGES


def _are_alike(edge: _Edge, other: _Edge) -> bool:
    """Of bare numbers, those are alike that count the pages."""
    if abs(edge.middle - other.middle) > MAX_SHIFT:
        return False
    if edge.kind_if_repeated == "page-number":
        if edge.number is None or other.number is None:
            return False
        return edge.number - other.number == edge.page_index - other.page_index
    return fuzz.ratio(edge.text, other.text) >= MIN_LIKENESS


def _marked(page: Page, kinds: Mapping[int, BlockKind]) -> Page:
    return replace(page, blocks=tuple(_with_kind(block, kinds) for block in page.blocks))


def _with_kind(block: Block, kinds: Mapping[int, BlockKind]) -> Block:
    return replace(block, kind=kinds.get(block.block_id, block.kind))
