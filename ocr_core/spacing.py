"""Spaces that are none: the thin gaps that compositors leave before `;:!?` and inside quotes.

How wide a gap is only the rest of the line tells, and a space that a recogniser reads there is as
often the habit of a till or a typewriter, which do leave one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from ocr_core.ctc import Decoded

_BEFORE, _AFTER = frozenset(";:!?”’"), frozenset("“‘")
# A gap is thin if it is narrower than this, relative to the middle one between words of its line.
# Chosen on real pages: of 50 gaps of old books that were read as spaces and are none it closes 46,
# of 19 spaces of receipts, typescript and born-digital pages one.
THIN = 0.9
# Gaps between words that are needed to tell what is usual.
LEAST_GAPS = 2


def close_thin_gaps(
    decoded: Decoded, spans: Sequence[tuple[int, int]], extents: Sequence[tuple[int, int]]
) -> Decoded:
    """The line without those spaces that stand for thin gaps; the same where there are none.

    Args:
        spans: of each word in the text, the end exclusive.
        extents: first column and end of each word in the crop.
    """
    text = decoded.text
    gaps = [after[0] - before[1] for before, after in pairwise(extents)]
    sides = [(text[before[1] - 1], text[after[0]]) for before, after in pairwise(spans)]
    plain = [gap for gap, (a, b) in zip(gaps, sides, strict=True) if a.isalnum() and b.isalnum()]
    if len(plain) < LEAST_GAPS:
        return decoded
    usual = float(np.median(plain))
    closed = {
        spans[number][1]
        for number, (gap, (before, after)) in enumerate(zip(gaps, sides, strict=True))
        if (before in _AFTER or after in _BEFORE) and gap < THIN * usual
    }
    return _without(decoded, closed) if closed else decoded


def _without(decoded: Decoded, closed: set[int]) -> Decoded:
    """A line without some of its characters."""
    kept = [place for place in range(len(decoded.text)) if place not in closed]
    return replace(
        decoded,
        text="".join(decoded.text[place] for place in kept),
        confidences=tuple(decoded.confidences[place] for place in kept),
        starts=tuple(decoded.starts[place] for place in kept),
        ends=tuple(decoded.ends[place] for place in kept),
    )
