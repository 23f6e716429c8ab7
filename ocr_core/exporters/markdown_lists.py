"""Items of lists as Markdown: bullets and numbers become its own, other marks stay in the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_core.exporters.markdown_text import escape
from ocr_core.list_items import BULLETS, has_mark

_BULLET = re.compile(rf"([{re.escape(BULLETS)}]|[-–—])\s+")
_NUMBER = re.compile(r"(\d{1,3})([.)])\s+")
_OTHER = re.compile(r"(\(?)(\w+)([.)]+)\s+")


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of a list.

    Attributes:
        style: of its mark as printed; items that share it are of one list.
        number: of a mark that Markdown has, too; None for others.
        marker: what stands before the text in Markdown.
        text: what follows, escaped; marks that Markdown does not have are in it.
    """

    style: str
    number: int | None
    marker: str
    text: str


@dataclass(frozen=True, slots=True)
class _Level:
    """A list that is open: its last item, and the white before its markers."""

    item: _Item
    indent: str

    @property
    def inner(self) -> str:
        """The white before what belongs to the item."""
        return self.indent + " " * (len(self.item.marker) + 1)


def list_items(lines: Sequence[str]) -> str:
    """Items, each in a line of its own, as a list of Markdown, nested where the marks are.

    A mark of another style begins a list within the item above it; one of a style further out goes
    on with that list. A line without a mark goes on with the item above it.

    >>> print(list_items(["1. one", "a) two", "2. three"]))
    1. one
       - a) two
    2. three
    """
    out: list[str] = []
    levels: list[_Level] = []
    for line in (line.strip() for line in lines if line.strip()):
        if not has_mark(line):
            _go_on(out, levels, line)
            continue
        item = _item_of(line)
        styles = [level.item.style for level in levels]
        depth = styles.index(item.style) if item.style in styles else len(levels)
        before = levels[depth].item if depth < len(levels) else None
        item = _followed(item, before)
        if out and _needs_room(item, before, depth):
            out.append("")
        indent = levels[depth - 1].inner if depth else ""
        levels[depth:] = [_Level(item, indent)]
        out.append(f"{indent}{item.marker} {item.text}")
    return "\n".join(out)


def _go_on(out: list[str], levels: list[_Level], line: str) -> None:
    """A line of what stands above it."""
    if out:
        out[-1] += "  "  # the line ends here
    out.append((levels[-1].inner if levels else "") + escape(line))


def _item_of(line: str) -> _Item:
    if bullet := _BULLET.match(line):
        return _Item(bullet[1], None, "-", escape(line[bullet.end() :]))
    if number := _NUMBER.match(line):
        text = escape(line[number.end() :])
        return _Item(number[2], int(number[1]), f"{int(number[1])}{number[2]}", text)
    other = _OTHER.match(line)
    style = f"{other[1]}{_kind_of(other[2])}{other[3]}" if other else ""
    return _Item(style, None, "-", escape(line))


def _kind_of(sign: str) -> str:
    return "1" if sign.isdigit() else "A" if sign.isupper() else "a"


def _followed(item: _Item, before: _Item | None) -> _Item:
    """The item, with its number in the text if readers would count on and show another one."""
    if item.number is None or before is None or before.number is None:
        return item
    if item.number == before.number + 1:
        return item
    return _Item(item.style, item.number, "-", f"{item.number}\\{item.style} {item.text}")


def _needs_room(item: _Item, before: _Item | None, depth: int) -> bool:
    """Whether a list would be taken for text that goes on; CommonMark 0.31, 5.2 and 5.3.

    So are numbers other than 1 after text, and any list after text that is no item.
    """
    begins = before is None or (before.marker == "-") != (item.marker == "-")
    is_first = before is None and depth == 0
    return is_first or (begins and item.marker != "-" and item.number != 1)
