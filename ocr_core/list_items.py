"""How items of a list begin: a bullet, a number or a letter, such as `•`, `3.` or `(b)`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

BULLETS = "•▪■●◦‣∙○□➢➤✓❖·*"
_BULLET = re.compile(rf"[{re.escape(BULLETS)}](?=\s)")
_DASH = re.compile(r"[-–—](?=\s)")
_ENUMERATOR = re.compile(
    r"\(?(?:(?P<number>\d{1,3})|(?P<letter>[A-Za-z])|(?P<roman>[ivxl]{2,6}))(?:[.)]|\.\))(?=\s)"
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


def has_bullet(text: str) -> bool:
    """Whether a text begins with a sign that nothing but items begin with."""
    return bool(_BULLET.match(text))


def has_mark(text: str) -> bool:
    """Whether a text may be an item: it begins with a bullet, a dash, a number or a letter."""
    return any(pattern.match(text) for pattern in (_BULLET, _DASH, _ENUMERATOR))


def are_items(texts: Sequence[str]) -> bool:
    """Whether texts that may be items are a list.

    Bullets are at once, dashes from two on; numbers and letters have to follow each other.

    >>> are_items(["a) one", "b) two"]), are_items(["Q. Who?", "A. Me."])
    (True, False)
    """
    if all(has_bullet(text) for text in texts):
        return True
    if all(_DASH.match(text) for text in texts):
        return len(texts) > 1
    ranks = [_ranks(text) for text in texts]
    follow = [any(rank + 1 in after for rank in before) for before, after in pairwise(ranks)]
    return bool(follow) and sum(follow) >= 0.5 * len(follow)


def _ranks(text: str) -> set[int]:
    """The places in a list that the beginning of a text may stand for."""
    found = _ENUMERATOR.match(text)
    if not found:
        return set()
    if found["number"]:
        return {int(found["number"])}
    sign = (found["letter"] or found["roman"]).lower()
    ranks = {ord(sign) - ord("a") + 1} if len(sign) == 1 else set()
    return ranks | ({_roman(sign)} if set(sign) <= set(_ROMAN) else set())


def _roman(sign: str) -> int:
    values = [_ROMAN[letter] for letter in sign]
    return sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )
