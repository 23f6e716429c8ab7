"""The words of a line that correction looked at, what it thought of, and why it took it or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ocr_core.correction import evidence
from ocr_core.correction.judging import WEIGHT
from ocr_core.correction.lexicons import Lexicon
from ocr_core.correction.lines import GATE, Corrector, Finding, _Spot, core_of, strangeness_of
from ocr_core.correction.pages import SURE
from ocr_core.correction.proposals import Proposal, Vocabulary
from schemas import Evidence, Line, Page


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another text for a word.

    Attributes:
        reason: where it comes from, such as `lexicon`.
        seen: how much likelier the image makes it than what was read, in nats; below 0, less.
        prior: how much likelier the language makes it, in nats.
    """

    text: str
    reason: str
    seen: float
    prior: float

    @property
    def gain(self) -> float:
        """Both together, as candidates are ranked."""
        return self.seen + WEIGHT * self.prior


@dataclass(frozen=True, slots=True)
class Trial:
    """A word in doubt, or two, and what it may be instead.

    Attributes:
        confidence: that it was read right, 0 to 1.
        candidates: the best first.
        log_odds: that the best one is right; None where none was worth judging.
        taken: what replaced the word; empty if it stayed.
    """

    read: str
    confidence: float
    candidates: tuple[Candidate, ...]
    log_odds: float | None
    taken: str


@dataclass(frozen=True, slots=True)
class _WatchedCorrector(Corrector):
    """Looks for words as `Corrector` does, and remembers what it thought of."""

    trials: list[Trial] = field(default_factory=list)

    def _judged(
        self, spot: _Spot, given: Sequence[Proposal], spots: Sequence[_Spot], seen: Evidence
    ) -> Finding | None:
        # By name: a dataclass with slots is made twice, and `super()` knows the first one only.
        finding = Corrector._judged(self, spot, given, spots, seen)
        if given and spot.confidence < GATE:
            log_odds = finding.verdict.log_odds if finding else None
            candidates = tuple(sorted(_weighed(spot, given, seen), key=lambda one: -one.gain))
            self.trials.append(Trial(spot.core, spot.confidence, candidates, log_odds, ""))
        return finding


def try_words(page: Page, line: Line, corrected: Line, lexicon: Lexicon) -> list[Trial]:
    """The words of a line that correction looked at, in order.

    Args:
        page: the whole of it, not corrected.
        line: one of its lines, with its evidence if it needed any.
        corrected: the same line as it came out.
    """
    words = [(core_of(word.raw_text).lower(), word) for one in page.lines for word in one.words]
    vocabulary = Vocabulary(
        lexicon, Counter(core for core, word in words if word.confidence >= SURE)
    )
    tokens = Counter(core for core, _ in words)
    corrector = _WatchedCorrector(vocabulary, tokens, strangeness_of(tokens, vocabulary))
    corrector.find(line)
    taken = {edit.before: edit.after for edit in corrected.edits}
    return [
        Trial(one.read, one.confidence, one.candidates, one.log_odds, taken.get(one.read, ""))
        for one in corrector.trials
    ]


def _weighed(spot: _Spot, given: Sequence[Proposal], seen: Evidence) -> list[Candidate]:
    first, end = seen.spans[spot.first][0], seen.spans[spot.last][1]
    texts = [spot.read.replace(spot.core, one.text, 1) for one in given]
    own, *scores = evidence.scores(seen, [spot.read, *texts], first, end).tolist()
    return [
        Candidate(one.text, one.reason, score - own, one.prior)
        for one, score in zip(given, scores, strict=True)
    ]
