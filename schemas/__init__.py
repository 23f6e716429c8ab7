"""The types that users meet."""

from schemas.document import (
    Block,
    DetectedPage,
    Detection,
    Document,
    Edit,
    Failure,
    Line,
    Page,
    PageImage,
    PageRange,
    PageRef,
    Source,
    Word,
)
from schemas.geometry import Box, Quad

__all__ = [
    "Block",
    "Box",
    "DetectedPage",
    "Detection",
    "Document",
    "Edit",
    "Failure",
    "Line",
    "Page",
    "PageImage",
    "PageRange",
    "PageRef",
    "Quad",
    "Source",
    "Word",
]
