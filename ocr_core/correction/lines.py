"""The words of one line that were read with doubt, and what replaces them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ocr_core.correction import evidence
from ocr_core.correction.judging import Weighed, judge
from ocr_core.correction.lexicons import Lexicon
from ocr_core.correction.proposals import Proposal, merged, proposals
from schemas import Box, Edit, Evidence, Line, Word

# Words read with this confidence or more are left alone.
GATE = 0.97
HYPHENS = tuple("-–—¬")
_PUNCTUATION = "\"'“”‘’„‚«»‹›()[]{}.,;:!?…–—*"
_CLOSING = "\"'”’)]»"
_SENTENCE_ENDS = tuple(".!?…:")
_APOSTROPHES = ("'", "’")


@dataclass(frozen=True, slots=True)
class Corrector:
    """Decides on the words of one page.

    Attributes:
        tokens: how often the page has each word, in lower case.
    """

    lexicon: Lexicon
    tokens: Counter[str]

    def correct(self, line: Line, skips_first: bool = False) -> Line:
        """A line with evidence, its words put right.

        Args:
            skips_first: its first word is the rest of one that a hyphen divides.
        """
        edits: list[Edit] = []
        words: list[Word] = []
        spots = list(_spots(line))
        index = 0
        while index < len(spots):
            spot, better = spots[index], None
            if line.evidence and not (skips_first and index == 0):
                spot, better = self._put_right(spots, index, line.evidence)
            if better:
                edits.append(spot.edit(better))
            words.append(spot.word(line.words, better.text if better else spot.core))
            index = spot.last + 1
        if not edits:
            return line
        return replace(
            line, text=_apply(line.raw_text, edits), words=tuple(words), edits=tuple(edits)
        )

    def _put_right(
        self, spots: Sequence[_Spot], index: int, seen: Evidence
    ) -> tuple[_Spot, Proposal | None]:
        """What becomes of a word, or of it and the next one together."""
        spot = spots[index]
        if index + 1 < len(spots) and (pair := spot.joined(spots[index + 1])):
            proposal = merged(spot.core, spots[index + 1].core, self.lexicon)
            better = self._best(pair, [proposal] if proposal else [], seen)
            if better:
                return pair, better
        return spot, self._best(
            spot, list(proposals(spot.core, self.lexicon, spot.starts_sentence)), seen
        )

    def _best(self, spot: _Spot, given: Sequence[Proposal], seen: Evidence) -> Proposal | None:
        """The proposal that is better than what was read, or None if that had better stay."""
        if not given or spot.confidence >= GATE or self.tokens[spot.core.lower()] > 1:
            return None  # written twice alike: meant so
        first, end = seen.spans[spot.first][0], seen.spans[spot.last][1]
        texts = [spot.read.replace(spot.core, one.text, 1) for one in given]
        own, *others = evidence.scores(seen, [spot.read, *texts], first, end).tolist()
        weighed = [Weighed(one, score - own) for one, score in zip(given, others, strict=True)]
        return judge(spot.core, spot.confidence, weighed)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A word of a line, or two neighbours.

    Attributes:
        first, last: the numbers of its words.
        start: where it begins in the text that was read.
        read: what was read there.
        core: that without what is no part of the word.
    """

    first: int
    last: int
    start: int
    read: str
    core: str
    confidence: float
    starts_sentence: bool

    def joined(self, following: _Spot) -> _Spot | None:
        """This word and the next, if nothing but a space is between their cores."""
        if not (self.core and following.core):
            return None
        if not (self.read.endswith(self.core) and following.read.startswith(following.core)):
            return None
        return replace(
            self,
            last=following.last,
            read=f"{self.read} {following.read}",
            core=f"{self.core} {following.core}",
            confidence=min(self.confidence, following.confidence),
        )

    def edit(self, better: Proposal) -> Edit:
        start = self.start + self.read.index(self.core)
        return Edit(start, start + len(self.core), self.core, better.text, better.reason)

    def word(self, words: Sequence[Word], core: str) -> Word:
        """One word with another core in place of its own."""
        own = words[self.first : self.last + 1]
        return Word(
            text=self.read.replace(self.core, core, 1),
            raw_text=self.read,
            box=Box.around([word.box for word in own]),
            confidence=self.confidence,
        )


def core_of(token: str) -> str:
    """The word inside its punctuation and after its article; nothing if a hyphen divides it."""
    if token.endswith(HYPHENS):
        return ""
    core = token.strip(_PUNCTUATION)
    for mark in _APOSTROPHES:  # l'histoire, dell’arte
        head, found, tail = core.partition(mark)
        if found and len(head) <= len(tail):
            core = tail
    return core


def _spots(line: Line) -> Iterator[_Spot]:
    position, before = 0, "."
    for index, word in enumerate(line.words):
        read = word.raw_text
        start = line.raw_text.index(read, position)
        starts_sentence = before.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)
        yield _Spot(index, index, start, read, core_of(read), word.confidence, starts_sentence)
        position, before = start + len(read), read


def _apply(text: str, edits: Sequence[Edit]) -> str:
    for edit in reversed(edits):
        text = text[: edit.start] + edit.after + text[edit.end :]
    return text
