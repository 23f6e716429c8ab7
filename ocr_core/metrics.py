"""How well text was read and lines were found, in counts that add up over pages.

Rates are taken from summed counts, never averaged over pages: a page of ten words then weighs a
hundredth of a page of a thousand.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray
from rapidfuzz.distance import Levenshtein

from schemas import Quad

Fate = Literal["whole", "split", "merged", "missed"]

# Signs that differ by taste of the typesetter or of the transcriber, not by what was read. NFKC
# has made three full stops of an ellipsis, and letters of ligatures and the long s, before.
_UNIFIED = str.maketrans(
    {
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’‚`", "'"),
        **dict.fromkeys("–—−‐", "-"),
        **dict.fromkeys("⟦⟧\N{SOFT HYPHEN}", None),  # editors' brackets; hyphens that do not show
        # Cyrillic letters that a transcriber's keyboard put in the place of Latin ones.
        "Ӓ": "Ä",
        "ӓ": "ä",
        "Ӧ": "Ö",
        "ӧ": "ö",
    }
)
_HYPHENATED = re.compile(r"[-¬]\s*\n\s*(?=[a-zà-ÿ])")


def normalise(text: str, fold_case: bool = False) -> str:
    r"""Text as it is compared: NFKC, plain quotes and dashes, hyphenated words joined, one line.

    >>> normalise("“So it ﬁt-\nted …”")
    '"So it fitted ..."'
    """
    return " ".join(normalise_lines(text, fold_case))


def normalise_lines(text: str, fold_case: bool = False) -> list[str]:
    """The lines of a text as they are compared; one that ends in a hyphen goes on with the next."""
    text = unicodedata.normalize("NFKC", text).translate(_UNIFIED)
    lines = (" ".join(line.split()) for line in _HYPHENATED.sub("", text).splitlines())
    return [line.casefold() if fold_case else line for line in lines if line]


@dataclass(frozen=True, slots=True)
class TextCounts:
    """What comparing texts with their ground truth counted.

    Attributes:
        characters, words: of ground truth.
        character_edits, word_edits: insertions, deletions and substitutions.
        common_words: words in both, as multisets: blind to order.
    """

    character_edits: int = 0
    characters: int = 0
    word_edits: int = 0
    words: int = 0
    predicted_words: int = 0
    common_words: int = 0

    def __add__(self, other: TextCounts) -> TextCounts:
        return TextCounts(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def cer(self) -> float:
        return self.character_edits / max(1, self.characters)

    @property
    def wer(self) -> float:
        return self.word_edits / max(1, self.words)

    @property
    def precision(self) -> float:
        return self.common_words / max(1, self.predicted_words)

    @property
    def recall(self) -> float:
        return self.common_words / max(1, self.words)

    @property
    def f1(self) -> float:
        return harmonic_mean(self.precision, self.recall)


def compare(predicted: str, truth: str, fold_case: bool = False) -> TextCounts:
    """Counts for one text, after both are normalised."""
    predicted, truth = normalise(predicted, fold_case), normalise(truth, fold_case)
    predicted_words, words = predicted.split(), truth.split()
    return TextCounts(
        character_edits=Levenshtein.distance(predicted, truth),
        characters=len(truth),
        word_edits=Levenshtein.distance(predicted_words, words),
        words=len(words),
        predicted_words=len(predicted_words),
        common_words=(Counter(predicted_words) & Counter(words)).total(),
    )


def compare_lines(
    predicted: Iterable[str], truth: Iterable[str], fold_case: bool = False
) -> TextCounts:
    """Counts for lines that are paired already."""
    pairs = zip(predicted, truth, strict=True)
    return sum((compare(line, true, fold_case) for line, true in pairs), TextCounts())


def exact_match(predicted: Sequence[str], truth: Sequence[str], fold_case: bool = False) -> float:
    """Share of paired lines that were read without any error; 0 of no lines."""
    pairs = zip(predicted, truth, strict=True)
    right = sum(normalise(line, fold_case) == normalise(true, fold_case) for line, true in pairs)
    return right / max(1, len(truth))


def harmonic_mean(precision: float, recall: float) -> float:
    """What the ICDAR contests call hmean, and others F1."""
    return 2 * precision * recall / max(1e-9, precision + recall)


@dataclass(frozen=True, slots=True)
class DetectionCounts:
    """What comparing detected quads with those of ground truth counted.

    Attributes:
        truths: quads of ground truth.
        matched: of these, one to one with a detection.
        split, merged, missed: of these, as `_fate` says, matched or not.
    """

    detections: int = 0
    truths: int = 0
    matched: int = 0
    split: int = 0
    merged: int = 0
    missed: int = 0

    def __add__(self, other: DetectionCounts) -> DetectionCounts:
        return DetectionCounts(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def precision(self) -> float:
        return self.matched / max(1, self.detections)

    @property
    def recall(self) -> float:
        return self.matched / max(1, self.truths)

    @property
    def hmean(self) -> float:
        return harmonic_mean(self.precision, self.recall)


def match_quads(
    predicted: Sequence[Quad], truth: Sequence[Quad], min_iou: float = 0.5
) -> list[tuple[int, int]]:
    """Indices of quads that belong together, one to one, those that overlap most first."""
    return _match(_Overlaps(predicted, truth), min_iou)


def compare_quads(
    predicted: Sequence[Quad], truth: Sequence[Quad], min_iou: float = 0.5
) -> DetectionCounts:
    """Counts for one page."""
    matched = len(match_quads(predicted, truth, min_iou))
    covers = _covers(predicted, truth)
    fates = Counter(_fate(covers, column) for column in range(len(truth)))
    return DetectionCounts(
        len(predicted), len(truth), matched, fates["split"], fates["merged"], fates["missed"]
    )


def _fate(covers: NDArray[np.float64], index: int) -> Fate:
    """What became of a line of ground truth.

    It is missed if less than half of its length was detected; merged if a detection covers half of
    it, and half of another; split if several detections lie on it more than on any other, and none
    covers nine tenths.

    Args:
        covers: (P, T) which share of the length of each line of ground truth each detection covers.
    """
    shares = covers[:, index]
    if shares.sum() < 0.5:
        return "missed"
    if ((covers[shares >= 0.5] >= 0.5).sum(axis=1) > 1).any():
        return "merged"
    is_part = (shares > 0.02) & (covers.argmax(axis=1) == index)
    return "split" if is_part.sum() > 1 and shares.max() < 0.9 else "whole"


def _covers(predicted: Sequence[Quad], truth: Sequence[Quad]) -> NDArray[np.float64]:
    """Which share of the length of each line of ground truth each detection covers, (P, T).

    Only lengths are compared, since how high lines are drawn is a matter of taste; a detection is
    on a line if their middles are no further apart than 0.35 of the higher one's height, so that
    one across two lines is on both, but upright boxes of slanted lines, which overlap, are not.
    """
    corners = np.array([quad.corners for quad in predicted], np.float64).reshape(-1, 4, 2)
    covers = np.zeros((len(predicted), len(truth)))
    for column, quad in enumerate(truth):
        run = quad.corners[1] - quad.corners[0]
        along = run / max(float(np.hypot(*run)), 1e-9) if run.any() else np.array([1.0, 0.0])
        frame = np.stack([along, (-along[1], along[0])], axis=1)
        start, end = (corners @ frame).min(axis=1), (corners @ frame).max(axis=1)  # (P, 2)
        first, last = (quad.corners @ frame).min(axis=0), (quad.corners @ frame).max(axis=0)
        apart = np.abs(start + end - first - last)[:, 1] / 2
        higher = np.maximum(end - start, last - first)[:, 1]
        shared = np.maximum(np.minimum(end, last) - np.maximum(start, first), 0)[:, 0]
        length = max(float(last[0] - first[0]), 1e-9)
        covers[:, column] = np.where(apart <= 0.35 * higher, shared / length, 0)
    return covers


class _Overlaps:
    """The areas that predicted quads and quads of ground truth share.

    Attributes:
        shared: (P, T) square pixels.
        predicted: (P,) square pixels, of each predicted quad.
        truth: (T,) square pixels, of each quad of ground truth.
    """

    def __init__(self, predicted: Sequence[Quad], truth: Sequence[Quad]) -> None:
        self.predicted = np.array([_area(quad) for quad in predicted])
        self.truth = np.array([_area(quad) for quad in truth])
        self.shared = np.zeros((len(predicted), len(truth)))
        for row, column in _neighbours(predicted, truth):
            self.shared[row, column] = _shared_area(predicted[row], truth[column])


def _neighbours(predicted: Sequence[Quad], truth: Sequence[Quad]) -> list[tuple[int, int]]:
    """Indices of quads whose upright boxes overlap."""
    first = np.array([quad.corners for quad in predicted]).reshape(-1, 1, 4, 2)
    second = np.array([quad.corners for quad in truth]).reshape(1, -1, 4, 2)
    start = np.maximum(first.min(axis=2), second.min(axis=2))  # (P, T, 2)
    end = np.minimum(first.max(axis=2), second.max(axis=2))
    return [(row, column) for row, column in np.argwhere((start < end).all(axis=2)).tolist()]


def _area(quad: Quad) -> float:
    return float(cv2.contourArea(quad.corners))


def _shared_area(first: Quad, second: Quad) -> float:
    area, _ = cv2.intersectConvexConvex(first.corners, second.corners)
    return float(area)


def _match(overlaps: _Overlaps, min_iou: float) -> list[tuple[int, int]]:
    union = overlaps.predicted[:, None] + overlaps.truth[None, :] - overlaps.shared
    iou = overlaps.shared / np.maximum(union, 1e-9)
    candidates = np.argwhere(iou >= min_iou)
    best_first = np.argsort(-iou[tuple(candidates.T)], kind="stable")
    pairs: list[tuple[int, int]] = []
    taken_rows: set[int] = set()
    taken_columns: set[int] = set()
    for row, column in candidates[best_first].tolist():
        if row not in taken_rows and column not in taken_columns:
            pairs.append((row, column))
            taken_rows.add(row)
            taken_columns.add(column)
    return pairs


def calibration_error(confidences: ArrayLike, correct: ArrayLike, bins: int = 10) -> float:
    """Expected calibration error: how far confidences are from the share that is right.

    Things are put into bins of equal width by their confidence; the distance between mean
    confidence and share of right ones in each bin is averaged, weighted by what is in the bin.
    """
    confidence = np.asarray(confidences, dtype=np.float64)
    right = np.asarray(correct, dtype=np.float64)
    if not confidence.size:
        return 0.0
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    surplus = np.bincount(bin_of, weights=confidence - right, minlength=bins)
    return float(np.abs(surplus).sum() / confidence.size)
