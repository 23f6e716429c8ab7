"""`python -m tests.stand_in_pages run INPUT...`: `beam-ocr`, with what is done to a page left out.

Sources are found and opened, shuffled, batched, tallied, written and committed as ever. But a page
is white paper that nobody has drawn, and says what its number gives. What is left is what a run
costs beside the work on its pages, which are hundreds of times as dear.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ocr_core.sandbox import drawing
from ocr_core.sources import RenderOptions
from pipelines import cli, digest, inference
from pipelines.inference import EngineHandle
from schemas import Box, DetectedPage, Line, Page, PageImage, PageRange, PageRef, Quad, Word

# A page of a megabyte: if they were gathered anywhere, of a few thousand it would be seen.
HEIGHT_PX, WIDTH_PX = 1200, 850
LINES = 3
WORDS = ("abacus", "bead", "cab", "deed", "edict")


def main(arguments: list[str]) -> int:
    """Runs one command; returns its exit code."""
    handle = EngineHandle(PageEngine, "stand-ins")
    inference.handle_for = lambda *_: handle
    digest.weights_digest = lambda *_: handle.digest
    drawing.render_pages = render_pages
    return cli.main([*arguments, "--no-correct", "--clean", "none"])


def render_pages(path: Path, pages: PageRange, options: RenderOptions) -> Iterator[PageImage]:
    """White paper for each page of a range; see `ocr_core.sandbox.drawing.render_pages`."""
    for index in pages.page_indices:
        ref = PageRef(pages.source.doc_id, pages.source.uri, index)
        pixels = np.full((HEIGHT_PX, WIDTH_PX), 255, np.uint8)
        yield PageImage(ref, pixels, options.dpi or 100, seconds={"render": 0.001})


class PageEngine:
    """Does what `ocr_core.engine.Engine` does in a pipeline, without looking at a pixel."""

    def __init__(self) -> None:
        self._lines = [
            tuple(_line(number + line, 100 + 50 * line) for line in range(LINES))
            for number in range(len(WORDS))
        ]

    def detect_pages(self, pages: Sequence[PageImage]) -> list[DetectedPage]:
        return [DetectedPage(page, ()) for page in pages]

    def recognise_pages(self, pages: Sequence[DetectedPage]) -> list[Page]:
        return [self._page(page.image) for page in pages]

    def correct_page(self, page: Page) -> Page:
        return page

    def lay_out_page(self, page: Page) -> Page:
        return page

    def _page(self, image: PageImage) -> Page:
        height, width = image.pixels.shape
        lines = self._lines[image.ref.page_index % len(self._lines)]
        return Page(image.ref, width, height, image.dpi, lines, seconds=image.seconds)


def page_text(index: int) -> str:
    """What a page says, by its number from 0."""
    return "\n".join(_text(index % len(WORDS) + line) for line in range(LINES))


def _text(number: int) -> str:
    return " ".join(WORDS[(number + word) % len(WORDS)] for word in range(len(WORDS)))


def _line(number: int, top: int) -> Line:
    text = _text(number)
    words, left = [], 100
    for word in text.split():
        words.append(Word(word, word, Box(left, top, left + 10 * len(word), top + 20), 0.9))
        left += 10 * (len(word) + 1)
    quad = Quad.from_box(Box(100, top, left - 10, top + 20))
    return Line(text, text, 0.9, quad, tuple(words))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
