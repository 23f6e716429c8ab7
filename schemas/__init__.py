"""The types that users meet."""

from schemas.document import (
    Block,
    BlockKind,
    Cell,
    DetectedPage,
    Detection,
    Document,
    Edit,
    Evidence,
    Failure,
    Line,
    Page,
    PageImage,
    PageRange,
    PageRef,
    Ruling,
    Source,
    Word,
)
from schemas.geometry import Box, Quad
from schemas.runs import read_run

__all__ = [
    "Block",
    "BlockKind",
    "Box",
    "Cell",
    "DetectedPage",
    "Detection",
    "Document",
    "Edit",
    "Evidence",
    "Failure",
    "Line",
    "Page",
    "PageImage",
    "PageRange",
    "PageRef",
    "Quad",
    "Ruling",
    "Source",
    "Word",
    "read_run",
]
