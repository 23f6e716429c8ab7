"""Which words of a restored line are taken: those that the picture as it is bears out.

A restorer makes of worn ink what is plausible, and may make up a word that is not there (which is
what keeps OCR from trusting generative models). So its line is only a proposal. It is gone through
part by part, between gaps that are seen in the crop as it is and in the restored one. A part is
taken where it is read more surely once restored, where the log-probabilities of the crop as it is
give the new text about as good a chance as the old one, and where it is no less usual: without the
last, what the language model put right would be undone by whatever is a little surer of its error.
Numbers stay as they are: nothing tells of a digit whether it is plausible. And nothing is taken
that says less, or the same but for case and accents: faint strokes are what restoring loses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ocr_core.calibration import RAW, Calibration
from ocr_core.charset import Charset, without_accents
from ocr_core.correction import evidence
from ocr_core.ctc import Decoded
from ocr_core.language_model import LanguageModel
from ocr_core.reading import Reading
from ocr_core.rescoring import BONUS, UNLIKELIEST, WEIGHT
from schemas import Evidence

# Chosen on 60 real pages, with lines sharpened, thickened and smoothed in the place of restored
# ones: of the words that came out otherwise 90 were put right and 107 broken, of those that pass 9
# and 1, and if the language model is not asked 25 and 35.
# A part is taken if it is so much likelier, of 1, to be right as it is read once restored, ...
SURER = 0.05
# ... and if the crop as it is makes the new text no less likely than this beside the old one, in
# nats. A character that was never seen there costs about ten. At -2 some lines that are worn past
# reading came out worse.
AGREES = -1.2


class Character(NamedTuple):  # as `ctc.Run`
    """One character of a line, with its confidence and the steps that it spans."""

    text: str
    confidence: float
    start: int
    end: int


class Gap(NamedTuple):
    """Steps in which neither of two readings has a character, at a space that both have.

    Attributes:
        start, end: the end is exclusive.
        old, new: the number of the space in each.
    """

    start: int
    end: int
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Part:
    """What two readings of a line say between two gaps.

    Attributes:
        start, end: its steps; the end is exclusive.
        first, last: number of its first character in the old reading, and of that after its last.
    """

    start: int
    end: int
    first: int
    last: int
    old: tuple[Character, ...]
    new: tuple[Character, ...]


@dataclass(frozen=True, slots=True)
class WordGate:
    """Lets words of restored lines pass, or not.

    Attributes:
        calibration: corrects confidences, of crops as they are and restored.
        model: tells what is usual, if there is one.
    """

    charset: Charset
    calibration: Calibration = RAW
    model: LanguageModel | None = None

    def choose(self, reading: Reading, restored: Decoded) -> Decoded:
        """The reading of a line as it is, but for parts that are better once it is restored.

        Args:
            restored: what the restored crop says, of the same steps.

        Returns:
            `reading.decoded` itself where nothing is better.
        """
        old, new = characters_of(reading.decoded), characters_of(restored)
        steps = len(reading.log_probabilities)
        gaps = list(shared_gaps(old, new))
        taken = [
            part
            for part in parts_between(gaps, steps, old, new)
            if says_other(text_of(part.old), text_of(part.new))
            and self._is_surer(part)
            and self._is_seen(part, reading.log_probabilities)
            and self._is_usual(part, reading.decoded.text)
        ]
        if not taken:
            return reading.decoded
        for gap in gaps:  # the new characters beside it may reach into its old steps
            old[gap.old] = old[gap.old]._replace(start=gap.start, end=gap.end)
        for part in reversed(taken):
            old[part.first : part.last] = part.new
        texts, *numbers = zip(*old, strict=True)
        return Decoded("".join(texts), *numbers)

    def _is_surer(self, part: Part) -> bool:
        """Whether a part is more likely to be right once restored."""
        old, new = (self.calibration(_confidence(one)) for one in (part.old, part.new))
        return new >= old + SURER

    def _is_seen(self, part: Part, log_probabilities: NDArray[np.float32]) -> bool:
        """Whether the crop as it is, whose log-probabilities these are, agrees."""
        rows = log_probabilities[part.start : part.end].astype(np.float16)
        seen = Evidence(self.charset.characters, rows, spans=())
        texts = text_of(part.old), text_of(part.new)
        old, new = evidence.scores(seen, texts, 0, len(rows)).tolist()
        return bool(new >= old + AGREES)

    def _is_usual(self, part: Part, line: str) -> bool:
        """Whether what a part says is no less usual, where it stands, than before."""
        if self.model is None:
            return True
        before, after = line[: part.first], line[part.last :]
        old, new = (
            _usualness(self.model, before, text_of(one), after) for one in (part.old, part.new)
        )
        return new >= old


def characters_of(decoded: Decoded) -> list[Character]:
    """The characters of a line one by one."""
    columns = (decoded.text, decoded.confidences, decoded.starts, decoded.ends)
    return [Character(*one) for one in zip(*columns, strict=True)]


def shared_gaps(old: Sequence[Character], new: Sequence[Character]) -> Iterator[Gap]:
    """The gaps that both readings of a line have, in order."""
    own, others = (list(_gaps(characters)) for characters in (old, new))
    for number, start, end in own:
        for other, starts, ends in others:
            if max(start, starts) < min(end, ends):
                yield Gap(max(start, starts), min(end, ends), number, other)


def _gaps(characters: Sequence[Character]) -> Iterator[tuple[int, int, int]]:
    """The number of each space, the end of the character before it and the start of the next."""
    for number, character in enumerate(characters):
        if character.text == " ":
            yield number, characters[number - 1].end, characters[number + 1].start


def parts_between(
    gaps: Sequence[Gap], steps: int, old: Sequence[Character], new: Sequence[Character]
) -> Iterator[Part]:
    """The parts of a line, in order, in which both readings have something.

    Args:
        steps: of the line.
    """
    edges = [Gap(0, 0, -1, -1), *gaps, Gap(steps, steps, len(old), len(new))]
    for left, right in pairwise(edges):
        own = tuple(old[left.old + 1 : right.old])
        others = tuple(new[left.new + 1 : right.new])
        if own and others:
            yield Part(left.end, right.start, left.old + 1, right.old, own, others)


def text_of(characters: Sequence[Character]) -> str:
    """What characters say."""
    return "".join(character.text for character in characters)


def numbers_of(text: str) -> list[str]:
    """What must not change: the words of a text that hold digits.

    >>> numbers_of("No. 12, the 3rd of 1.200")
    ['12,', '3rd', '1.200']
    """
    return [word for word in text.split() if any(map(str.isnumeric, word))]


def says_other(before: str, after: str) -> bool:
    """Whether letters differ, with none fewer and with the same numbers.

    >>> says_other("HAS", "WAS"), says_other("st", "t"), says_other("esta", "Está")
    (True, False, False)
    """
    if len(after) < len(before) or numbers_of(before) != numbers_of(after):
        return False
    own, others = (without_accents(text.casefold()) for text in (before, after))
    return own != others


def _confidence(characters: Sequence[Character]) -> float:
    """That all of them are right, as `words.make_line` has it of a word."""
    return prod(character.confidence for character in characters)


def _usualness(model: LanguageModel, before: str, text: str, after: str) -> float:
    """How usual a text is between others, as `rescoring` weighs it; larger is more usual."""
    state = model.state_after(model.encode(f" {before}"))
    total = 0.0
    for code in model.encode(text + (after or " ")[: model.order - 1]):
        log_probability, state = model.follow(state, code)
        total += WEIGHT * max(log_probability, UNLIKELIEST) + BONUS
    return total
