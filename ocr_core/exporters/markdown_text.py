"""Text that Markdown shows as it is: with a backslash before whatever it would take for its own."""

from __future__ import annotations

import re

from ocr_core.exporters.structure import in_comment

# What means something wherever it stands. CommonMark 0.31, 2.4 and 6; `|` and `~` are GitHub's.
_ANYWHERE = re.compile(r"([\\`*_\[\]<|~])")
# The beginning of an entity such as `&amp;`.
_ENTITY = re.compile(r"&(?=#?\w+;)")
# What means something at the beginning of a line: headings, quotes, items, rules, underlines.
_AT_START = re.compile(r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|-(?=[-\s]*$)|=(?==*\s*$)")
_NUMBER_AT_START = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
# Number signs that would close a heading.
_AT_END = re.compile(r"(?<=\s)#(?=#*$)")


def escape(line: str) -> str:
    r"""One line of text, as Markdown.

    >>> print(escape("1. a_b [*] costs < 5 & more"))
    1\. a\_b \[\*\] costs \< 5 & more
    """
    text = _ENTITY.sub(r"\\&", _ANYWHERE.sub(r"\\\1", " ".join(line.split())))
    text = _AT_END.sub(r"\\#", text)
    if number := _NUMBER_AT_START.match(text):
        return rf"{number[1]}\{text[number.start(2) :]}"
    return f"\\{text}" if _AT_START.match(text) else text


def comment(text: str) -> str:
    """A comment, which readers of the page do not see.

    >>> comment("page 3 --> 4")
    '<!-- page 3 - -> 4 -->'
    """
    return f"<!-- {in_comment(' '.join(text.split()))} -->"
