"""Lines and words of ALTO, with those that a hyphen divides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from ocr_core.exporters import markup
from ocr_core.exporters.structure import baseline_of, words_of
from schemas import Box, Line, Word


@dataclass(frozen=True, slots=True)
class Parts:
    """Whole words of which a line has a part.

    Attributes:
        first: the word that its last one begins; None if that is whole.
        second: the word that its first one ends.
    """

    first: str | None = None
    second: str | None = None


def place_of(box: Box) -> dict[str, str]:
    """The attributes that say where something stands."""
    sides = {"HPOS": box.left, "VPOS": box.top, "WIDTH": box.width, "HEIGHT": box.height}
    return {name: markup.number(value) for name, value in sides.items()}


def add_line(block: ET.Element, own: str, line: Line, parts: Parts) -> None:
    """A `TextLine` of a `String` for each word, and of what stands between and after them."""
    quad = line.quad
    attributes = {"ID": own, "BASELINE": markup.points(baseline_of(line))} | place_of(quad.box)
    text_line = markup.add(block, "TextLine", attributes)
    polygon = {"POINTS": markup.points(markup.corners(quad))}
    markup.add(markup.add(text_line, "Shape"), "Polygon", polygon)
    words = words_of(line)
    hyphen = None
    if parts.first is not None:
        shortened, hyphen = _without_hyphen(words[-1])
        words = (*words[:-1], shortened)
    before = None
    for number, (word, whole) in enumerate(_with_wholes(words, parts), start=1):
        if before is not None:
            _add_space(text_line, before.box, word.box)
        _add_string(text_line, f"{own}_word_{number}", word, whole)
        before = word
    if hyphen is not None:
        content = {"CONTENT": markup.clean(hyphen.text)}
        markup.add(text_line, "HYP", content | place_of(hyphen.box))


def _without_hyphen(word: Word) -> tuple[Word, Word]:
    """A word that ends in a hyphen, and the hyphen, as if all characters were as wide."""
    box = word.box
    middle = box.right - box.width / max(len(word.text), 1)
    left, right = replace(box, right=middle), replace(box, left=middle)
    raw = word.raw_text.removesuffix(word.text[-1])
    return replace(word, text=word.text[:-1], raw_text=raw, box=left), replace(
        word, text=word.text[-1], raw_text=word.text[-1], box=right
    )


def _with_wholes(words: tuple[Word, ...], parts: Parts) -> Iterator[tuple[Word, dict[str, str]]]:
    """The words, and what is said of those that are parts."""
    for number, word in enumerate(words):
        if parts.first is not None and number == len(words) - 1:
            yield word, {"SUBS_TYPE": "HypPart1", "SUBS_CONTENT": parts.first}
        elif parts.second is not None and number == 0:
            yield word, {"SUBS_TYPE": "HypPart2", "SUBS_CONTENT": parts.second}
        else:
            yield word, {}


def _add_space(line: ET.Element, before: Box, after: Box) -> None:
    width = max(after.left - before.right, 0.0)
    height = max(before.bottom, after.bottom) - min(before.top, after.top)
    top = min(before.top, after.top)
    box = Box(before.right, top, before.right + width, top + height)
    markup.add(line, "SP", place_of(box))


def _add_string(line: ET.Element, own: str, word: Word, whole: dict[str, str]) -> None:
    told = {"ID": own, "CONTENT": word.text, "WC": markup.share(word.confidence)}
    string = markup.add(line, "String", told | place_of(word.box) | whole)
    if word.corrected:
        purpose = {"PURPOSE": "as recognised, before correction"}
        markup.add_text(string, "ALTERNATIVE", word.raw_text, purpose)
