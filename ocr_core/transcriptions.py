"""ALTO and PAGE XML of any version -> what pages say, and where: ground truth as archives have it.

Both are what Transkribus, eScriptorium, LAREX and Aletheia write, ALTO also libraries and
Tesseract. Names are compared without their namespaces, which differ from version to version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import cv2
import numpy as np

from ocr_core.errors import ConfigError
from schemas import Box, Quad

_SUFFIXES = re.compile(r"(\.alto|\.page|\.gt)?\.xml$")
_ALTO_BLOCKS = {"TextBlock", "ComposedBlock"}
_ALTO_IMAGE = "sourceImageInformation"
_PAGE_REGIONS = {"TextRegion", "TableRegion"}


@dataclass(frozen=True, slots=True)
class TranscribedPage:
    """What a page says.

    Attributes:
        lines: in reading order, with their places where these are told.
        width, height: of the page, in the unit of the places; 0 if it is not told.
        image: the name of its picture, as somebody had it; empty if it is not told.
    """

    lines: tuple[tuple[str, Quad | None], ...]
    width: float
    height: float
    image: str = ""

    @property
    def text(self) -> str:
        return "\n".join(text for text, _ in self.lines)


def name_of(file: Path) -> str:
    """What a file is called without the suffixes that say what is in it.

    >>> name_of(Path("scan.1.page.xml")), name_of(Path("scan.1.xml"))
    ('scan.1', 'scan.1')
    """
    return _SUFFIXES.sub("", file.name)


def read_transcription(file: Path) -> tuple[TranscribedPage, ...] | None:
    """The pages of an ALTO file, or the one of a PAGE file; None if it is something else, as METS.

    Raises:
        ConfigError: it is no XML, or a number in it is none.
    """
    try:
        root = ET.parse(file).getroot()
        pages = tuple(_all(root, {"Page"}))
        if _name(root) == "alto":
            return tuple(_alto_page(root, page) for page in pages)
        return tuple(map(_page_page, pages)) if _name(root) == "PcGts" else None
    except (ET.ParseError, ValueError) as error:
        raise ConfigError(f"{file} cannot be read as ALTO or PAGE XML: {error}") from error


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _all(element: ET.Element, names: set[str]) -> Iterator[ET.Element]:
    """What is below an element and called so, in the order of the file."""
    return (one for one in element.iter() if _name(one) in names)


def _own(element: ET.Element, names: set[str]) -> Iterator[ET.Element]:
    """What is right below an element and called so."""
    return (one for one in element if _name(one) in names)


def _number(element: ET.Element, name: str) -> float:
    return float(element.get(name) or 0)


def _in_reading_order(
    regions: Iterable[ET.Element], ids: Sequence[str], id_name: str
) -> list[ET.Element]:
    """Regions as a reading order lists them; those that it does not list come last."""
    places = {one: place for place, one in enumerate(ids)}
    return sorted(regions, key=lambda one: places.get(one.get(id_name, ""), len(places)))


# --- PAGE


def _page_page(page: ET.Element) -> TranscribedPage:
    ids = [ref for order in _own(page, {"ReadingOrder"}) for ref in _page_order(order)]
    regions = _in_reading_order(_own(page, _PAGE_REGIONS), ids, "id")
    lines = tuple(line for region in regions for line in _page_lines(region, ids))
    size = _number(page, "imageWidth"), _number(page, "imageHeight")
    return TranscribedPage(lines, *size, page.get("imageFilename", ""))


def _page_order(group: ET.Element) -> Iterator[str]:
    """The ids of regions, as groups within groups have them in order."""
    for member in sorted(group, key=lambda one: _number(one, "index")):
        if region := member.get("regionRef"):
            yield region
        yield from _page_order(member)


def _page_lines(region: ET.Element, ids: Sequence[str]) -> Iterator[tuple[str, Quad | None]]:
    """The lines of a region and of the regions within it; of one without lines, its text."""
    lines = list(_own(region, {"TextLine"}))
    inner = _in_reading_order(_own(region, {*_PAGE_REGIONS, "TableCell"}), ids, "id")
    for line in lines:
        words = (_page_text(word) for word in _own(line, {"Word"}))
        text = _page_text(line) or " ".join(word for word in words if word)
        if text:
            yield text, _page_quad(line)
    for one in inner:
        yield from _page_lines(one, ids)
    if not lines and not inner:
        yield from ((text, None) for text in _page_text(region).splitlines() if text.strip())


def _page_text(element: ET.Element) -> str:
    """The best of the texts of an element: that of the least index, or else the first."""
    texts = sorted(_own(element, {"TextEquiv"}), key=lambda one: _number(one, "index"))
    if not texts:
        return ""
    written = [*_own(texts[0], {"Unicode"}), *_own(texts[0], {"PlainText"})]
    return next((one.text.strip() for one in written if one.text), "")


def _page_quad(line: ET.Element) -> Quad | None:
    for coords in _own(line, {"Coords"}):
        pairs = (coords.get("points") or "").split()
        points = [tuple(map(float, pair.split(",")[:2])) for pair in pairs]
        # Until 2010 each was an element.
        points += [(_number(one, "x"), _number(one, "y")) for one in _own(coords, {"Point"})]
        if len(points) >= 3:
            return _around(np.array(points, np.float32))
    return None


def _around(points: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> Quad:
    """Four points as they are; of more, the smallest box around them, tilted if that is smaller.

    Of a tilted box the first corner is the one nearest the upper left of all points.
    """
    if len(points) == 4:
        return Quad.from_corners(points)
    corners = cv2.boxPoints(cv2.minAreaRect(points))  # clockwise, as y points down
    first = int(np.argmin((corners - points.min(axis=0)).sum(axis=1)))
    return Quad.from_corners(np.roll(corners, -first, axis=0))


# --- ALTO


def _alto_page(root: ET.Element, page: ET.Element) -> TranscribedPage:
    refs = (ref for order in _all(root, {"ReadingOrder"}) for ref in _all(order, {"ElementRef"}))
    ids = [ref.get("REF", "") for ref in refs]
    lines = tuple(line for space in page for line in _alto_lines(space, ids))
    names = (one.text for about in _all(root, {_ALTO_IMAGE}) for one in _own(about, {"fileName"}))
    image = next(names, None) or ""
    return TranscribedPage(lines, _number(page, "WIDTH"), _number(page, "HEIGHT"), image)


def _alto_lines(space: ET.Element, ids: Sequence[str]) -> Iterator[tuple[str, Quad | None]]:
    """The lines of a part of a page, and of blocks within blocks."""
    for block in _in_reading_order(_own(space, _ALTO_BLOCKS), ids, "ID"):
        for line in _own(block, {"TextLine"}):
            if text := _alto_text(line):
                yield text, _alto_quad(line)
        yield from _alto_lines(block, ids)


def _alto_text(line: ET.Element) -> str:
    """Words with spaces between them, and with the hyphen that divides the last one."""
    words: list[str] = []
    for part in _own(line, {"String", "HYP"}):
        content = part.get("CONTENT", "")
        if _name(part) == "HYP" and words:
            words[-1] += content
        elif content:
            words.append(content)
    return " ".join(words)


def _alto_quad(line: ET.Element) -> Quad | None:
    left, top, width, height = (_number(line, name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    if width <= 0 or height <= 0:
        return None
    return Quad.from_box(Box(left, top, left + width, top + height))
