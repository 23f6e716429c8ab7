"""XML as all formats write it: allowed characters, numbers, points, and who wrote it."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from ocr_core.exporters.structure import in_comment
from schemas import Quad
from schemas.geometry import Point

SOFTWARE = "beam-ocr"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'

# XML 1.0, 2.2: all that is not a `Char`.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def version() -> str:
    """The version of the installed package."""
    return importlib.metadata.version("beam-ocr")


def clean(text: str) -> str:
    r"""Text without the characters that XML cannot hold, such as most control characters.

    >>> clean("a\x0bb")
    'ab'
    """
    return _FORBIDDEN.sub("", text)


def add(parent: ET.Element, tag: str, attributes: dict[str, str] | None = None) -> ET.Element:
    """A new last child; its attributes are cleaned."""
    values = {name: clean(value) for name, value in (attributes or {}).items()}
    return ET.SubElement(parent, tag, values)


def as_time(moment: datetime) -> str:
    """A moment as XML Schema writes it, to the second.

    >>> as_time(datetime(2026, 11, 20, 9, 5, 3, 999, tzinfo=UTC))
    '2026-11-20T09:05:03Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def add_text(
    parent: ET.Element, tag: str, text: str, attributes: dict[str, str] | None = None
) -> ET.Element:
    """A new last child that says something."""
    child = add(parent, tag, attributes)
    child.text = clean(text)
    return child


def add_comment(parent: ET.Element, text: str) -> None:
    """A new last child for those who read the XML."""
    parent.append(ET.Comment(f" {in_comment(clean(text))} "))


def number(value: float) -> str:
    """A number with three decimals at most.

    >>> number(2.0), number(0.98765)
    ('2', '0.988')
    """
    return f"{round(value, 3) + 0.0:.10g}"  # no negative zero


def share(value: float) -> str:
    """A confidence, 0 to 1, with four decimals."""
    return f"{min(max(value, 0.0), 1.0):.4f}"


def corners(quad: Quad) -> tuple[Point, ...]:
    """The corners of a quad, clockwise."""
    xs = (quad.x0, quad.x1, quad.x2, quad.x3)
    return tuple(zip(xs, (quad.y0, quad.y1, quad.y2, quad.y3), strict=True))


def points(places: Iterable[Point]) -> str:
    """Points in whole pixels, none of them negative: `x,y x,y`.

    >>> points([(0.6, -0.7), (10.2, 5)])
    '1,0 10,5'
    """
    return " ".join(f"{max(round(x), 0)},{max(round(y), 0)}" for x, y in places)


def to_bytes(root: ET.Element, shortens: bool = True) -> bytes:
    """The XML as a file: indented, in UTF-8.

    Args:
        shortens: elements without content to one tag, which readers of HTML would not understand.
    """
    ET.indent(root, space=" ")
    written: bytes = ET.tostring(root, "utf-8", short_empty_elements=shortens)
    return DECLARATION + written + b"\n"
