"""What the parts of the project hand to each other, from a source to the pages read from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from schemas import display
from schemas.geometry import Box, Polyline, Quad

BlockKind = Literal[
    "paragraph",
    "heading",
    "list",
    "caption",
    "table",
    "figure",
    "footnote",
    "header",
    "footer",
    "page-number",
    "text",
]
PageSource = Literal["ocr", "text-layer", "mixed"]
PageStatus = Literal["read", "empty", "failed"]
DocumentStatus = Literal["read", "partly", "failed", "duplicate"]
Stage = Literal["open", "render", "prepare", "detect", "recognise", "correct", "layout"]


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it came in, once it has been opened.

    Attributes:
        doc_id: SHA-256 of the bytes, in hexadecimal.
        uri: where it was found: a local path, `gs://` or `s3://`.
        media_type: such as `application/pdf` or `image/tiff`, from the bytes, not the name.
    """

    doc_id: str
    uri: str
    size_bytes: int
    media_type: str
    page_count: int


@dataclass(frozen=True, slots=True)
class PageRef:
    """One page of one source; pages count from 0."""

    doc_id: str
    uri: str
    page_index: int


@dataclass(frozen=True, slots=True)
class PageRange:
    """Pages of one source that are drawn by one worker: what a shuffle spreads."""

    source: Source
    page_indices: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The picture that a straightened page was taken from.

    Attributes:
        height_px, width_px: of the picture.
        back: (3, 3) float64, the homography from pixels of the straight page to its own.
    """

    height_px: int
    width_px: int
    back: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)  # arrays do not compare to one truth
class PageImage:
    """The pixels of one page, ready to be read.

    Attributes:
        ref: which page of which source this is.
        pixels: (H, W) uint8, 0 for black ink and 255 for white paper.
        dpi: pixels per inch at which `pixels` was drawn.
        orientation_deg: by how much the page was turned clockwise to stand upright.
        seconds: what each stage so far took.
        layer: lines that the text layer of a PDF gives, in pixels; what else the page says is read.
        source_reason: why the page is read from its pixels; see `Page`.
        drawn: of a page that was straightened; see `ocr_core.cleaning.perspective`.
    """

    ref: PageRef
    pixels: NDArray[np.uint8]
    dpi: int
    orientation_deg: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    layer: tuple[Line, ...] = ()
    source_reason: str | None = None
    drawn: Drawn | None = None


@dataclass(frozen=True, slots=True)
class Detection:
    """A quad that holds a line of text, and the probability that it does."""

    quad: Quad
    score: float


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight line that is drawn on a page, such as the frame of a table has.

    Attributes:
        start, end: x and y of its ends, from left to right or from top to bottom, in pixels.
        thickness: in pixels.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    thickness: float

    @property
    def is_level(self) -> bool:
        """Whether it runs rather across the page than down."""
        width, height = self.end[0] - self.start[0], self.end[1] - self.start[1]
        return abs(width) >= abs(height)

    def scaled(self, factor: float) -> Ruling:
        """The same line in a picture so many times as large."""
        (x0, y0), (x1, y1) = self.start, self.end
        return Ruling(
            (factor * x0, factor * y0), (factor * x1, factor * y1), factor * self.thickness
        )


@dataclass(frozen=True, slots=True, eq=False)
class DetectedPage:
    """A page image and what was found on it, in no particular order."""

    image: PageImage
    detections: tuple[Detection, ...]
    rulings: tuple[Ruling, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """One change that correction made to a line.

    Attributes:
        start, end: the span of `raw_text` that was replaced, in code points.
        reason: why, as a short stable phrase such as `lexicon`.
    """

    start: int
    end: int
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class Word:
    """What stands between two spaces of a line.

    Attributes:
        text: as corrected; `raw_text` is what the recogniser wrote.
        confidence: probability, 0 to 1, that `raw_text` was read right.
    """

    text: str
    raw_text: str
    box: Box
    confidence: float

    @property
    def corrected(self) -> bool:
        return self.text != self.raw_text


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What a recogniser saw along a line: what corrections of the line have to agree with.

    Attributes:
        characters: those that had any chance.
        log_probabilities: (T, 1 + len(characters)) float16, of no character and of each of them.
        spans: first step and end of each word, up to where its neighbours' characters begin.
    """

    characters: str
    log_probabilities: NDArray[np.float16]
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Characters on one baseline.

    Attributes:
        text: as corrected; `raw_text` is what the recogniser wrote.
        confidence: probability, 0 to 1, that all of `raw_text` was read right.
        quad: around the line's ink from ascender to descender.
        block_id: the block that the line belongs to.
        restored: whether some of it was read from its picture as a network restored it.
        baseline: points that its letters stand on, from its beginning to its end; None where that
            cannot be told.
        evidence: of a line with words in doubt, until it has been corrected; it is not written.
    """

    text: str
    raw_text: str
    confidence: float
    quad: Quad
    words: tuple[Word, ...]
    edits: tuple[Edit, ...] = ()
    block_id: int = 0
    restored: bool = False
    baseline: Polyline | None = None
    evidence: Evidence | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; one that spans others stands where its first row and column are.

    Attributes:
        row, column: from 0.
        row_span, column_span: how many rows and columns it covers, at least 1.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together, such as a paragraph; or a figure, which has none.

    Attributes:
        kind: `text` where the layout cannot tell.
        text: as it is read on: words that a hyphen divides at the end of a line are whole.
        cells: of a table, by row and column; empty cells are among them.
    """

    block_id: int
    kind: BlockKind
    quad: Quad
    text: str
    cells: tuple[Cell, ...] = ()

    @property
    def box(self) -> Box:
        return self.quad.box


@dataclass(frozen=True, slots=True)
class Page:
    """What was read on one page. Coordinates are pixels of the page as drawn and turned upright.

    Attributes:
        lines: in reading order.
        blocks: in reading order.
        source: `ocr`; `text-layer` where the words come from the PDF itself; `mixed` where some do,
            and others were read from a picture or a drawing on the page.
        source_reason: why so, as a short stable phrase such as `agrees` or `invisible-text` (see
            `ocr_core.text_layer.judging`); None for images, which have no text layer.
        skew_deg: small angle of the lines from level, in degrees anticlockwise.
        seconds: what each stage took.
        drawn: of a page that was straightened, until it is laid out; it is not written.
        rulings: lines drawn on the page, for the layout; they are not written.
        figures: boxes around pictures, photos, drawings and charts, which the layout makes blocks.
    """

    ref: PageRef
    width_px: int
    height_px: int
    dpi: int
    lines: tuple[Line, ...]
    blocks: tuple[Block, ...] = ()
    orientation_deg: int = 0
    skew_deg: float = 0.0
    source: PageSource = "ocr"
    source_reason: str | None = None
    language: str | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    rulings: tuple[Ruling, ...] = ()
    drawn: Drawn | None = field(default=None, compare=False, repr=False)
    figures: tuple[Box, ...] = ()

    @property
    def status(self) -> PageStatus:
        return "read" if self.lines else "empty"

    @property
    def text(self) -> str:
        """All blocks with text in reading order, an empty line between them; see `Block.text`."""
        return "\n\n".join(block.text for block in self.blocks if block.text) or "\n".join(
            line.text for line in self.lines
        )

    @property
    def confidence(self) -> float:
        """Mean of the words' confidences, weighted by their length; 0 for an empty page."""
        words = [word for line in self.lines for word in line.words]
        total = sum(len(word.raw_text) for word in words)
        weighted = sum(len(word.raw_text) * word.confidence for word in words)
        return weighted / total if total else 0.0

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        return display.page_html(self)


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that was set aside, or a whole source when `page_index` is None.

    Attributes:
        code: stable, such as `corrupt-source`; see `ocr_core.errors`.
        stage: where it happened.
    """

    doc_id: str
    uri: str
    page_index: int | None
    stage: Stage
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """All pages of one source, in order.

    Attributes:
        started_at: when the run came to it that has its row of `documents`; None if none has.
    """

    source: Source
    pages: tuple[Page | Failure, ...]
    started_at: datetime | None = None

    @property
    def text(self) -> str:
        """What its pages say, an empty line between them."""
        return "\n\n".join(page.text for page in self.pages if isinstance(page, Page) and page.text)

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        return display.document_html(self)
