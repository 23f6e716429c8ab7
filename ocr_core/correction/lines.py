"""The words of one line that were read with doubt, and what replaces them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ocr_core.correction import evidence
from ocr_core.correction.judging import ENOUGH, Doubt, Verdict, Weighed, judge
from ocr_core.correction.proposals import (
    MIN_LETTERS,
    Proposal,
    Vocabulary,
    is_in_doubt,
    merged,
    proposals,
)
from ocr_core.correction.variants import changes_of, variants
from schemas import Box, Edit, Evidence, Line, Word

# Words read with this confidence or more are left alone.
GATE = 0.98
HYPHENS = tuple("-–—¬")
_PUNCTUATION = "\"'“”‘’„‚«»‹›()[]{}.,;:!?…–—*"
_CLOSING = "\"'”’)]»"
_SENTENCE_ENDS = tuple(".!?…:")
_APOSTROPHES = ("'", "’")
# The strangeness of a page counts as much as that of so many words of a line.
_PAGE = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """A word of a line, or two, and what they may be instead."""

    spot: Spot
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Corrector:
    """Looks for the words of one page that may be put right.

    Attributes:
        tokens: how often the page has each word, in lower case.
        strangeness: the share of them that nobody lists, 0 to 1; see `strangeness_of`.
    """

    vocabulary: Vocabulary
    tokens: Counter[str]
    strangeness: float = 0.0

    def find(self, line: Line, skips_first: bool = False) -> list[Finding]:
        """What may be put right in a line; nothing without evidence.

        Args:
            skips_first: its first word is the rest of one that a hyphen divides.
        """
        if line.evidence is None:
            return []
        spots = list(_spots(line))
        found: list[Finding] = []
        index = int(skips_first)
        while index < len(spots):
            finding = self._look_at(spots, index, line.evidence)
            if finding:
                found.append(finding)
            index = finding.spot.last + 1 if finding else index + 1
        return found

    def _look_at(self, spots: Sequence[Spot], index: int, seen: Evidence) -> Finding | None:
        """What becomes of a word, or of it and the next one together."""
        spot = spots[index]
        if index + 1 < len(spots) and (pair := spot.joined(spots[index + 1])):
            proposal = merged(spot.core, spots[index + 1].core, self.vocabulary.lexicon)
            joined = self._judged(pair, [proposal] if proposal else [], spots, seen)
            if joined and joined.verdict.log_odds >= ENOUGH:
                return joined
        if spot.confidence >= GATE or not is_in_doubt(spot.core, self.vocabulary):
            return None
        texts = self._variants(spot, seen) if spot.core.isalpha() else ()
        given = proposals(spot.core, texts, self.vocabulary, spot.starts_sentence)
        return self._judged(spot, list(given), spots, seen)

    def _variants(self, spot: Spot, seen: Evidence) -> Iterator[str]:
        """Other texts of a word's core that the image allows."""
        changes = changes_of(seen, spot.read, *seen.spans[spot.first])
        start = spot.read.index(spot.core)
        end = start + len(spot.core)
        own = [
            change._replace(start=change.start - start, end=change.end - start)
            for change in changes
            if start <= change.start and change.end <= end
        ]
        return variants(spot.core, own)

    def _judged(
        self, spot: Spot, given: Sequence[Proposal], spots: Sequence[Spot], seen: Evidence
    ) -> Finding | None:
        if not given or spot.confidence >= GATE:
            return None
        count = self.tokens[spot.core.lower()]
        strangeness = self._strangeness_beside(spots, spot)
        doubt = Doubt(spot.core, spot.confidence, count, strangeness)
        verdict = judge(doubt, weigh(spot, given, seen))
        return Finding(spot, verdict) if verdict else None

    def _strangeness_beside(self, spots: Sequence[Spot], spot: Spot) -> float:
        """That of the other words of a line; of few words, that of the page counts more."""
        others = [one for one in spots if not spot.first <= one.first <= spot.last]
        told = Counter(one.core.lower() for one in others if _tells(one.core))
        share = strangeness_of(told, self.vocabulary)
        return (share * told.total() + self.strangeness * _PAGE) / (told.total() + _PAGE)


def strangeness_of(words: Counter[str], vocabulary: Vocabulary) -> float:
    """The share of words that nobody lists, of those that tell; 0 of none.

    Args:
        words: in lower case, without punctuation.
    """
    told = {word: count for word, count in words.items() if _tells(word)}
    unlisted = sum(count for word, count in told.items() if not vocabulary.knows(word))
    return unlisted / max(sum(told.values()), 1)


def _tells(core: str) -> bool:
    return core.isalpha() and len(core) >= MIN_LETTERS


def put_right(line: Line, findings: Sequence[Finding]) -> Line:
    """A line with some of its findings carried out, in their order."""
    if not findings:
        return line
    by_first = {finding.spot.first: finding for finding in findings}
    words: list[Word] = []
    index = 0
    while index < len(line.words):
        finding = by_first.get(index)
        words.append(
            finding.spot.word(line.words, finding.verdict.proposal)
            if finding
            else line.words[index]
        )
        index = finding.spot.last + 1 if finding else index + 1
    edits = tuple(finding.spot.edit(finding.verdict.proposal) for finding in findings)
    return replace(line, text=_apply(line.raw_text, edits), words=tuple(words), edits=edits)


@dataclass(frozen=True, slots=True)
class Spot:
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

    def joined(self, following: Spot) -> Spot | None:
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

    def word(self, words: Sequence[Word], better: Proposal) -> Word:
        """One word with another core in place of its own."""
        own = words[self.first : self.last + 1]
        return Word(
            text=self.read.replace(self.core, better.text, 1),
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


def weigh(spot: Spot, given: Sequence[Proposal], seen: Evidence) -> list[Weighed]:
    """Proposals for a word, and how much likelier than what was read the image makes each."""
    first, end = seen.spans[spot.first][0], seen.spans[spot.last][1]
    texts = [spot.read.replace(spot.core, one.text, 1) for one in given]
    own, *scores = evidence.scores(seen, [spot.read, *texts], first, end).tolist()
    return [Weighed(one, score - own) for one, score in zip(given, scores, strict=True)]


def _spots(line: Line) -> Iterator[Spot]:
    position, before = 0, ""  # where a line begins, a sentence seldom does; a name may
    for index, word in enumerate(line.words):
        read = word.raw_text
        start = line.raw_text.index(read, position)
        starts_sentence = before.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)
        yield Spot(index, index, start, read, core_of(read), word.confidence, starts_sentence)
        position, before = start + len(read), read


def _apply(text: str, edits: Sequence[Edit]) -> str:
    for edit in reversed(edits):
        text = text[: edit.start] + edit.after + text[edit.end :]
    return text
