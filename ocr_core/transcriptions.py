"""ALTO and PAGE XML of any version -> what pages say, and where: ground truth as archives have it.

Both are what Transkribus, eScriptorium, LAREX and Aletheia write, ALTO also libraries and
Tesseract. Names are compared without their namespaces, which differ from version to version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.errors import ConfigError
from schemas import Box, Quad

_Points = NDArray[np.float32]

_SUFFIXES = re.compile(r"(\.alto|\.page|\.gt)?\.xml$", re.IGNORECASE)
_ALTO_BLOCKS = {"TextBlock", "ComposedBlock"}
_ALTO_IMAGE = "sourceImageInformation"
# Where our exports say that a page was turned: in comments, or in the settings of processing.
_REMARKS = {"Comments", "processingStepSettings"}
_TURNED = re.compile(r"\bpage (\d+)\b[^;]*? turned clockwise by (90|180|270) degrees")
_FARTHEST = 1e7  # which a float of 32 bits still tells from its neighbours


@dataclass(frozen=True, slots=True)
class TranscribedPage:
    """What a page says.

    Attributes:
        lines: in reading order, with their places where these are told.
        width, height: of the page, in the unit of the places; 0 if it is not told.
        image: the name of its picture, as somebody had it; empty if it is not told.
        turned_deg: clockwise, by what the picture was turned before it was read; 0, 90, 180 or 270.
        is_transcribed: whether somebody wrote down what it says, or it has no lines.
    """

    lines: tuple[tuple[str, Quad | None], ...]
    width: float
    height: float
    image: str = ""
    turned_deg: int = 0
    is_transcribed: bool = True

    @property
    def text(self) -> str:
        return "\n".join(text for text, _ in self.lines)


def find_xml(folder: Path) -> list[Path]:
    """The XML files below a folder, by path; hidden ones, as macOS leaves them, are none."""
    found = (file for file in folder.rglob("*.[xX][mM][lL]") if file.is_file())
    return sorted(
        file
        for file in found
        if not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )


def name_of(file: Path) -> str:
    """What a file is called without the suffixes that say what is in it.

    >>> name_of(Path("scan.1.page.xml")), name_of(Path("scan.1.xml"))
    ('scan.1', 'scan.1')
    """
    return _SUFFIXES.sub("", file.name)


def read_transcription(file: Path) -> tuple[TranscribedPage, ...] | None:
    """The pages of an ALTO file, or the one of a PAGE file; None if it is something else, as METS.

    Raises:
        ConfigError: it cannot be opened, is no XML, or a number in it is none.
    """
    try:
        root = ET.parse(file).getroot()
        if _name(root) == "alto":
            return tuple(_alto_pages(root))
        return tuple(_page_pages(root)) if _name(root) == "PcGts" else None
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from error
    # The last two: an encoding that nobody knows, and elements in elements without end.
    except (ET.ParseError, ValueError, LookupError, RecursionError) as error:
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
    return _as_number(element.get(name) or "0")


def _as_number(text: str) -> float:
    number = float(text)
    if not abs(number) < _FARTHEST:  # nor is what is no number
        raise ValueError(f"{text} is no place on a page")
    return number


def _points(text: str) -> _Points:
    """Points as `x,y x,y`, or as ALTO has them as well, `x y x y`: (N, 2)."""
    numbers = [_as_number(one) for one in re.split(r"[\s,]+", text) if one]
    if len(numbers) % 2:
        raise ValueError(f"{text} has an x without its y")
    return np.array(numbers, np.float32).reshape(-1, 2)


def _around(points: _Points, baseline: _Points) -> Quad | None:
    """Four points as they are; of more, the smallest box around them, tilted if that is smaller.

    They may begin anywhere and go round either way. The first corner is the one from which the
    text runs: along the baseline, or to the right where none is told. None is around no area.
    """
    if len(points) < 3:
        return None
    is_quad = len(points) == 4 and cv2.isContourConvex(points)
    box = np.asarray(cv2.boxPoints(cv2.minAreaRect(points)), np.float32)
    corners = points if is_quad else box
    area = cv2.contourArea(corners, oriented=True)
    if area == 0:
        return None
    if area < 0:  # anticlockwise, as y points down
        corners = corners[::-1]
    runs = np.roll(corners, -1, axis=0) - corners
    runs /= np.maximum(np.hypot(runs[:, 0], runs[:, 1]), 1e-6)[:, None]
    along = baseline[-1] - baseline[0] if len(baseline) > 1 else np.zeros(2, np.float32)
    if runs[0] @ along > 0.7 * np.hypot(*along):
        return Quad.from_corners(corners)
    # Those of level lines may be drawn from right to left, as scripts are that run so.
    is_steep = abs(along[1]) > abs(along[0])
    first = int(np.argmax(runs @ (along if is_steep else np.array([1, 0]))))
    return Quad.from_corners(np.roll(corners, -first, axis=0))


def _in_reading_order(
    regions: Iterable[ET.Element], places: Mapping[str, int], id_name: str
) -> list[ET.Element]:
    """Regions as a reading order lists them; those that it does not list come last."""
    return sorted(regions, key=lambda one: places.get(one.get(id_name, ""), len(places)))


def _places(ids: Iterable[str]) -> dict[str, int]:
    """The place of each in a reading order."""
    return {one: place for place, one in enumerate(ids)}


def _is_transcribed(page: ET.Element, lines: Sized) -> bool:
    return bool(lines) or next(_all(page, {"TextLine"}), None) is None


def _turned(root: ET.Element) -> dict[str, int]:
    """By how much pages were turned, by their numbers, as far as it is told."""
    remarks = (remark.text or "" for remark in _all(root, _REMARKS))
    return {page: int(angle) for remark in remarks for page, angle in _TURNED.findall(remark)}


def _shown(text: str) -> str:
    """What a line shows: a soft hyphen is seen where the line ends with it, as ABBYY has them."""
    return f"{text[:-1]}-" if text.endswith("\N{SOFT HYPHEN}") else text


# --- PAGE


def _page_pages(root: ET.Element) -> Iterator[TranscribedPage]:
    turned_deg = next(iter(_turned(root).values()), 0)
    for page in _all(root, {"Page"}):
        orders = _own(page, {"ReadingOrder"})
        places = _places(ref for order in orders for ref in _page_order(order))
        regions = _in_reading_order(_page_regions(page), places, "id")
        lines = tuple(line for region in regions for line in _page_lines(region, places))
        size = _number(page, "imageWidth"), _number(page, "imageHeight")
        image = page.get("imageFilename", "")
        yield TranscribedPage(lines, *size, image, turned_deg, _is_transcribed(page, lines))


def _page_order(group: ET.Element) -> Iterator[str]:
    """The ids of regions, as groups within groups have them in order."""
    for member in sorted(group, key=lambda one: _number(one, "index")):
        if region := member.get("regionRef"):
            yield region
        yield from _page_order(member)


def _page_regions(element: ET.Element) -> list[ET.Element]:
    """The regions right below a page or a region; those of pictures may hold some of text."""
    return [one for one in element if _name(one).endswith(("Region", "TableCell"))]


def _page_lines(region: ET.Element, places: Mapping[str, int]) -> list[tuple[str, Quad | None]]:
    """The lines of a region and of the regions within it; where these say nothing, its text."""
    texts = ((_page_line_text(line), line) for line in _own(region, {"TextLine"}))
    lines = [(text, _page_quad(line)) for text, line in texts if text]
    for one in _in_reading_order(_page_regions(region), places, "id"):
        lines += _page_lines(one, places)
    return lines or [(text, None) for text in _page_text(region).splitlines() if text.strip()]


def _page_line_text(line: ET.Element) -> str:
    """What a line says, or else its words, or else their glyphs."""
    words = (
        _page_text(word) or "".join(map(_page_text, _own(word, {"Glyph"})))
        for word in _own(line, {"Word"})
    )
    return _shown(_page_text(line) or " ".join(word for word in words if word))


def _page_text(element: ET.Element) -> str:
    """The best of the texts of an element: that of the least index, or else the first."""
    texts = sorted(_own(element, {"TextEquiv"}), key=lambda one: _number(one, "index"))
    if not texts:
        return ""
    written = [*_own(texts[0], {"Unicode"}), *_own(texts[0], {"PlainText"})]
    return next((one.text.strip() for one in written if one.text), "")


def _page_quad(line: ET.Element) -> Quad | None:
    baseline = next(map(_page_points, _own(line, {"Baseline"})), np.empty((0, 2), np.float32))
    return next((_around(_page_points(one), baseline) for one in _own(line, {"Coords"})), None)


def _page_points(element: ET.Element) -> _Points:
    # Until 2010 each was an element.
    points = [[_number(one, "x"), _number(one, "y")] for one in _own(element, {"Point"})]
    return np.array(points, np.float32) if points else _points(element.get("points") or "")


# --- ALTO


def _alto_pages(root: ET.Element) -> Iterator[TranscribedPage]:
    refs = (ref for order in _all(root, {"ReadingOrder"}) for ref in order.iter())
    places = _places(one for ref in refs for one in ref.get("REF", "").split())
    names = (one.text for about in _all(root, {_ALTO_IMAGE}) for one in _own(about, {"fileName"}))
    image = (next(names, None) or "").strip()
    turned = _turned(root)
    for page in _all(root, {"Page"}):
        lines = tuple(line for space in page for line in _alto_lines(space, places))
        size = _number(page, "WIDTH"), _number(page, "HEIGHT")
        turned_deg = turned.get(page.get("PHYSICAL_IMG_NR", ""), 0)
        yield TranscribedPage(lines, *size, image, turned_deg, _is_transcribed(page, lines))


def _alto_lines(space: ET.Element, places: Mapping[str, int]) -> Iterator[tuple[str, Quad | None]]:
    """The lines of a part of a page, and of blocks within blocks."""
    for block in _in_reading_order(_own(space, _ALTO_BLOCKS), places, "ID"):
        for line in _own(block, {"TextLine"}):
            if text := _alto_text(line):
                yield text, _alto_quad(line)
        yield from _alto_lines(block, places)


def _alto_text(line: ET.Element) -> str:
    """Words with spaces between them, and with the hyphen that divides the last one."""
    words: list[str] = []
    for part in _own(line, {"String", "HYP"}):
        content = part.get("CONTENT", "")
        if _name(part) == "HYP" and words:
            words[-1] = words[-1].removesuffix(content) + content  # some have it in both
        elif content:
            words.append(content)
    return _shown(" ".join(words))


def _alto_quad(line: ET.Element) -> Quad | None:
    """The outline of a line where it has one, or else its box."""
    for shape in _own(line, {"Shape"}):
        for polygon in _own(shape, {"Polygon"}):
            if quad := _around(_points(polygon.get("POINTS", "")), _alto_baseline(line)):
                return quad
    left, top, width, height = (_number(line, name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    if width <= 0 or height <= 0:
        return None
    return Quad.from_box(Box(left, top, left + width, top + height))


def _alto_baseline(line: ET.Element) -> _Points:
    """The points of a baseline; none of the versions in which it is a height on the page."""
    told = line.get("BASELINE", "")
    is_points = len(re.split(r"[\s,]+", told.strip())) > 1
    return _points(told) if is_points else np.empty((0, 2), np.float32)
