"""Spaces that MuPDF misses: gaps between words of different fonts, as around signs in formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

# One of MuPDF's words: left, top, right, bottom, text, number of block, of line, of word.
WordRow = tuple[float, float, float, float, str, int, int, int]
Span = Mapping[str, Any]

# In ems. Within words, letters of two fonts stand closer: corrections for a slant are below 0.1.
GAP = 0.15
# What parts MuPDF's words.
_DELIMITERS = re.compile("[\x00-\x20\xa0]+")


@dataclass(slots=True)
class _Part:
    """A part of a word; `start` and `end` are where it was parted from others, if it was."""

    text: str
    start: float | None = None
    end: float | None = None


def has_gaps(spans: Sequence[Span]) -> bool:
    """Whether the spans of a level line leave gaps in which a space should stand."""
    return any(
        _is_gap(before, after)
        and not before["text"][-1:].isspace()
        and not after["text"][:1].isspace()
        for before, after in pairwise(spans)
    )


def part_words(
    words: Sequence[WordRow], gappy: Mapping[tuple[int, int], Sequence[Span]]
) -> Iterator[WordRow]:
    """The words, those parted that hold a gap.

    Args:
        gappy: number of block and line -> the spans of a line that has gaps.
    """
    parts = {where: iter(_tokens(spans)) for where, spans in gappy.items()}
    for word in words:
        tokens = parts.get(word[5:7])
        token = next(tokens, []) if tokens is not None else []
        if len(token) < 2 or "".join(part.text for part in token) != word[4]:
            yield word
            continue
        left, top, right, bottom, _, *numbers = word
        for part in token:
            start = left if part.start is None else part.start
            end = right if part.end is None else part.end
            yield (start, top, max(start, end), bottom, part.text, *numbers)  # type: ignore[misc]


def _tokens(spans: Sequence[Span]) -> list[list[_Part]]:
    """The words of a line, each with its parts."""
    tokens: list[list[_Part]] = []
    is_open = False
    before: Span | None = None
    for span in spans:
        for at, text in enumerate(_DELIMITERS.split(span["text"])):
            is_open = is_open and at == 0
            if not text:
                continue
            if not is_open:
                tokens.append([_Part(text)])
            elif before is not None and _is_gap(before, span):
                tokens[-1][-1].end = before["bbox"][2]
                tokens[-1].append(_Part(text, start=span["bbox"][0]))
            else:
                tokens[-1][-1].text += text
            is_open = True
        before = span
    return tokens


def _is_gap(before: Span, after: Span) -> bool:
    return bool(after["bbox"][0] - before["bbox"][2] > GAP * max(before["size"], after["size"]))
