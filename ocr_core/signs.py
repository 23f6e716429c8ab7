"""How well spaces, punctuation and numbers were read, in counts that add up over pages.

They are so few among the characters of a page that its CER hides them, and they weigh more than
their share: a lost space makes one word of two, a lost point a hundredfold of a price.

No count depends on the order of lines, for there is no right order of the blocks of a receipt or a
table. Each line of ground truth is aligned with that stretch of all that was read that is most
like it, wherever it stands, which tells what of the line was found. Each line that was read is
aligned with ground truth in the same way, which tells what of it is right. How either side breaks
its lines therefore matters little: an end of a line counts as a space to whoever has none there,
and as nothing to whoever does.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from ocr_core.metrics import harmonic_mean, normalise_lines

# Lines that are less like anything on the other side than this, in per cent of `fuzz.ratio`, were
# not read, or are not there. Unrelated lines of one language reach about 50.
_LEAST_LIKENESS = 60.0


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
        punctuation: characters of Unicode's categories P and S.
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
    found, right = _matched(true, " ".join(read)), _matched(read, " ".join(true))
    spaces, punctuation = (
        Agreement(_count(true, kind), _count(found, kind), _count(read, kind), _count(right, kind))
        for kind in (str.isspace, _is_punctuation)
    )
    return SignCounts(spaces, punctuation, _compare_numbers(read, true))


def _matched(lines: Iterable[str], text: str) -> list[str]:
    """The characters of each line that a text has too, in the stretch that is most like it."""
    return ["".join(_matched_parts(line, text)) for line in lines]


def _matched_parts(line: str, text: str) -> Iterable[str]:
    best = fuzz.partial_ratio_alignment(line, text, score_cutoff=_LEAST_LIKENESS)
    if best is None:
        return []
    # The stretch is as long as the line; where something was read twice the end would be cut off.
    more = 2 + len(line) // 10
    stretch = text[max(0, best.dest_start - more) : best.dest_end + more]
    steps = Levenshtein.opcodes(line, stretch)
    return [line[step.src_start : step.src_end] for step in steps if step.tag == "equal"]


def _count(texts: Iterable[str], is_kind: Callable[[str], bool]) -> int:
    return sum(is_kind(character) for text in texts for character in text)


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _compare_numbers(read: Iterable[str], true: Iterable[str]) -> Agreement:
    predicted, numbers = Counter(_numbers(read)), Counter(_numbers(true))
    common = (predicted & numbers).total()
    return Agreement(numbers.total(), common, predicted.total(), common)


def _numbers(lines: Iterable[str]) -> Iterable[str]:
    for word in (word for line in lines for word in line.split()):
        inner = [at for at, character in enumerate(word) if not _is_punctuation(character)]
        if any(character.isdigit() for character in word):
            yield word[inner[0] : inner[-1] + 1]
