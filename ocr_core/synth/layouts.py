"""The kinds of page that are drawn, how often, and on what paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ocr_core.synth import (
    articles,
    books,
    charts,
    displays,
    forms,
    invoices,
    letters,
    receipts,
    tables,
)
from ocr_core.synth.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Paper:
    """Sizes of paper, in inches, from the smallest to the largest."""

    widths: tuple[float, float]
    heights: tuple[float, float]

    def draw(self, rng: np.random.Generator) -> tuple[float, float]:
        """Width and height, in inches."""
        return float(rng.uniform(*self.widths)), float(rng.uniform(*self.heights))


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of page.

    Attributes:
        weight: how often it is drawn, relative to others.
        photographed: share of pages that lie on a table instead of in a scanner.
        dotted: share of pages printed in dots, by needles or by a thermal head.
    """

    draw: Callable[[Sheet], None]
    weight: float
    paper: Paper
    photographed: float = 0.03
    dotted: float = 0.0


_OFFICE = Paper((8.2, 8.5), (10.8, 11.8))
_BOOK = Paper((4.6, 6.5), (7.2, 9.5))

_NEWS = Paper((8, 15), (11, 20))
_RECEIPT = Paper((2.3, 3.3), (4, 9))

_SLIDE = Paper((9.5, 13.3), (6.5, 7.8))
_CARD = Paper((3.2, 3.7), (1.9, 2.4))
_STRIP = Paper((3, 8), (1, 4))

LAYOUTS = (
    Layout(books.draw_book_page, 14, _BOOK),
    Layout(articles.draw_article, 13, _OFFICE),
    Layout(articles.draw_newspaper, 8, _NEWS),
    Layout(letters.draw_letter, 10, _OFFICE, dotted=0.03),
    Layout(letters.draw_list, 4, _OFFICE),
    Layout(letters.draw_index, 2, _BOOK),
    Layout(forms.draw_form, 8, _OFFICE),
    Layout(invoices.draw_invoice, 6, _OFFICE, dotted=0.05),
    Layout(tables.draw_table_page, 7, _OFFICE),
    Layout(receipts.draw_receipt, 12, _RECEIPT, photographed=0.4, dotted=0.2),
    Layout(displays.draw_title_page, 3, _BOOK),
    Layout(displays.draw_slide, 4, _SLIDE),
    Layout(charts.draw_chart_page, 2, _OFFICE),
    Layout(displays.draw_advertisement, 4, _OFFICE),
    Layout(displays.draw_card, 3, _CARD, photographed=0.3),
    Layout(displays.draw_single_words, 3, _STRIP),
    Layout(displays.draw_wordless, 4, _OFFICE),
)


def draw_layout(rng: np.random.Generator) -> Layout:
    """One of the layouts, by weight."""
    edges = np.cumsum([layout.weight for layout in LAYOUTS])
    return LAYOUTS[int(np.searchsorted(edges, rng.random() * edges[-1]))]
