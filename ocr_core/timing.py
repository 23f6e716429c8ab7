"""What stages take, page by page."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from schemas.document import Stage


def since(start: float) -> float:
    """Seconds since a reading of `time.perf_counter`."""
    return time.perf_counter() - start


def took(seconds: Mapping[str, float], stage: Stage, more: float) -> dict[str, float]:
    """What the stages took, with a stage that took so many seconds."""
    return {**seconds, stage: more}


def shares(seconds: float, sizes: Sequence[int]) -> list[float]:
    """The time that a batch took, spread over its pages by their sizes.

    >>> shares(3.0, [100, 200])
    [1.0, 2.0]
    """
    total = sum(sizes)
    return [seconds * (size / total if total else 1 / len(sizes)) for size in sizes]
