"""How well spaces, punctuation and numbers were read, in counts that add up over pages.

They are so few among the characters of a page that its CER hides them, and they weigh more than
their share: a lost space makes one word of two, a lost point a hundredfold of a price.

No count depends on the order of lines, for there is no right order of the blocks of a receipt or a
table. Numbers are compared as multisets of words, punctuation as multisets of marks between their
neighbours. For spaces each line of ground truth is aligned with that stretch of all that was read
that is most like it, wherever it stands, which tells what of the line was found. Each line that was
read is aligned with ground truth in the same way, which tells what of it is right. How either side
breaks its lines therefore matters little: an end of a line counts as a space to whoever has none
there, and as nothing to whoever does. Text that runs on over many lines is cut into stretches
first, for it may be found in pieces on the other side.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from ocr_core.metrics import harmonic_mean, normalise_lines

# Lines that are less like anything on the other side than this, in per cent of `fuzz.ratio`, were
# not read, or are not there. Unrelated lines of one language reach about 50.
_LEAST_LIKENESS = 60.0
# Lines are compared in stretches of whole words, of so many characters at the most.
_STRETCH = 60


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two texts have of one kind.

    Attributes:
        true: in ground truth; of these, `found` were read.
        read: in what was read; of these, `right` are in ground truth.
    """

    true: int = 0
    found: int = 0
    read: int = 0
    right: int = 0

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def precision(self) -> float:
        return self.right / max(1, self.read)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.true)

    @property
    def f1(self) -> float:
        return harmonic_mean(self.precision, self.recall)


@dataclass(frozen=True, slots=True)
class SignCounts:
    """What comparing texts sign by sign counted.

    Attributes:
        spaces: within lines.
        punctuation: characters of Unicode's categories P and S, each with the nearest characters
            before and after it that are no such marks; right are those with the same neighbours.
        numbers: words with a digit, as multisets, without the punctuation around them; the recall
            is the share that was read without any error.
    """

    spaces: Agreement = Agreement()
    punctuation: Agreement = Agreement()
    numbers: Agreement = Agreement()

    def __add__(self, other: SignCounts) -> SignCounts:
        return SignCounts(
            self.spaces + other.spaces,
            self.punctuation + other.punctuation,
            self.numbers + other.numbers,
        )


def compare_signs(predicted: str, truth: str, fold_case: bool = False) -> SignCounts:
    """Counts for one text, after both are normalised."""
    read, true = normalise_lines(predicted, fold_case), normalise_lines(truth, fold_case)
    return SignCounts(
        _compare_spaces(read, true),
        _compare_bags(_marks(read), _marks(true)),
        _compare_bags(_numbers(read), _numbers(true)),
    )


def _compare_spaces(read: Sequence[str], true: Sequence[str]) -> Agreement:
    found, right = _matched(true, " ".join(read)), _matched(read, " ".join(true))
    return Agreement(*(sum(line.count(" ") for line in one) for one in (true, found, read, right)))


def _matched(lines: Iterable[str], text: str) -> list[str]:
    """The characters of each line that a text has too, in the stretches that are most like it."""
    return [
        "".join(part for stretch in _stretches(line) for part in _matched_parts(stretch, text))
        for line in lines
    ]


def _stretches(line: str) -> Iterator[str]:
    """A line in parts that end with a word and the space after it."""
    end, first = len(line), 0
    while end - first > _STRETCH:
        space = line.rfind(" ", first, first + _STRETCH)
        cut = (space if space > first else line.find(" ", first, end)) + 1
        if not cut:
            break
        yield line[first:cut]
        first = cut
    yield line[first:]


def _matched_parts(line: str, text: str) -> Iterable[str]:
    best = fuzz.partial_ratio_alignment(line, text, score_cutoff=_LEAST_LIKENESS)
    if best is None:
        return []
    # The stretch is as long as the line; where something was read twice the end would be cut off.
    more = 2 + len(line) // 10
    stretch = text[max(0, best.dest_start - more) : best.dest_end + more]
    steps = Levenshtein.opcodes(line, stretch)
    return [line[step.src_start : step.src_end] for step in steps if step.tag == "equal"]


def _compare_bags(read: Iterable[str], true: Iterable[str]) -> Agreement:
    """What two multisets have in common."""
    predicted, expected = Counter(read), Counter(true)
    common = (predicted & expected).total()
    return Agreement(expected.total(), common, predicted.total(), common)


def _marks(lines: Iterable[str]) -> Iterable[str]:
    """Each mark between its neighbours; ends of lines are spaces."""
    for line in lines:
        padded = f" {line} "
        others = [at for at, character in enumerate(padded) if not _is_punctuation(character)]
        for before, after in pairwise(others):
            for mark in padded[before + 1 : after]:
                yield padded[before] + mark + padded[after]


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _numbers(lines: Iterable[str]) -> Iterable[str]:
    for word in (word for line in lines for word in line.split()):
        inner = [at for at, character in enumerate(word) if not _is_punctuation(character)]
        if any(character.isdigit() for character in word):
            yield word[inner[0] : inner[-1] + 1]
