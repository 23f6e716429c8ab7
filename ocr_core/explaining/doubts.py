"""The words of a line that correction looked at, what it thought of, and why it took it or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ocr_core.correction.judging import Weighed
from ocr_core.correction.lexicons import Lexicon
from ocr_core.correction.lines import GATE, Corrector, Finding, Spot, weigh
from ocr_core.correction.pages import make_corrector
from ocr_core.correction.proposals import Proposal
from schemas import Evidence, Line, Page


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
    candidates: tuple[Weighed, ...]
    log_odds: float | None
    taken: str


@dataclass(frozen=True, slots=True)
class _WatchedCorrector(Corrector):
    """Looks for words as `Corrector` does, and remembers what it thought of."""

    trials: list[Trial] = field(default_factory=list)

    def _judged(
        self, spot: Spot, given: Sequence[Proposal], spots: Sequence[Spot], seen: Evidence
    ) -> Finding | None:
        # By name: a dataclass with slots is made twice, and `super()` knows the first one only.
        finding = Corrector._judged(self, spot, given, spots, seen)
        if given and spot.confidence < GATE:
            log_odds = finding.verdict.log_odds if finding else None
            candidates = tuple(sorted(weigh(spot, given, seen), key=lambda one: -one.gain))
            self.trials.append(Trial(spot.core, spot.confidence, candidates, log_odds, ""))
        return finding


def try_words(page: Page, line: Line, corrected: Line, lexicon: Lexicon) -> list[Trial]:
    """The words of a line that correction looked at, in order.

    Args:
        page: the whole of it, not corrected.
        line: one of its lines, with its evidence if it needed any.
        corrected: the same line as it came out.
    """
    corrector = make_corrector(page.lines, lexicon, _WatchedCorrector)
    corrector.find(line)
    taken = {edit.before: edit.after for edit in corrected.edits}
    return [
        Trial(one.read, one.confidence, one.candidates, one.log_odds, taken.get(one.read, ""))
        for one in corrector.trials
    ]
