"""What a line may say besides its best path, and what the character model makes of that."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr_core import rescoring
from ocr_core.charset import Charset
from ocr_core.ctc import Decoded, Run
from ocr_core.language_model import LanguageModel
from ocr_core.lattice import Stretch
from ocr_core.rescoring import Rescorer


@dataclass(frozen=True, slots=True)
class Alternative:
    """One reading of a stretch in doubt.

    Attributes:
        text: empty where nothing may stand there.
        seen: its share of the probability that the network gives to all readings, 0 to 1.
        heard: the same after the character model has had its say, 0 to 1.
    """

    text: str
    seen: float
    heard: float


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of a line that can be read in several ways.

    Attributes:
        start, end: its steps; the end is exclusive.
        alternatives: the likeliest for the network first.
        chosen: which of them was taken.
    """

    start: int
    end: int
    alternatives: tuple[Alternative, ...]
    chosen: int


@dataclass(frozen=True, slots=True)
class Way:
    """A way to read a whole line that the beam still followed at its end.

    Attributes:
        texts: what it reads in each stretch.
        score: log-probability of the network and weighed ones of the model, up to a constant.
    """

    texts: tuple[str, ...]
    score: float


class WatchedRescorer(Rescorer):
    """Decodes as `Rescorer` does, and remembers between what it chose.

    Attributes:
        heard: the stretches of the last line.
        ways: of the last line, the best first; after its last stretch, before what follows it.
    """

    def __init__(self, model: LanguageModel, charset: Charset) -> None:
        super().__init__(model, charset)
        self.heard: list[Heard] = []
        self.ways: list[Way] = []
        self._last: list[rescoring.Way] = []

    def __call__(self, log_probabilities: NDArray[np.float32]) -> Decoded:
        self.heard, self.ways = [], []
        return super().__call__(log_probabilities)

    def _branched(self, ways: Sequence[rescoring.Way], stretch: Stretch) -> list[rescoring.Way]:
        self._last = super()._branched(ways, stretch)
        return self._last

    def _confidences(
        self, runs: Sequence[Run], stretches: Sequence[Stretch], chosen: Sequence[int]
    ) -> list[float]:
        confidences = super()._confidences(runs, stretches, chosen)
        for place, stretch in enumerate(stretches):
            shares = []
            for number in range(len(stretch.readings)):
                other = [*chosen[:place], number, *chosen[place + 1 :]]
                shares.append(super()._confidences(runs, stretches, other)[place])
            self.heard.append(self._heard(stretch, shares, chosen[place]))
        self.ways = [
            Way(
                tuple(
                    self._charset.decode(stretch.readings[number][0])
                    for stretch, number in zip(stretches, way.chosen, strict=True)
                ),
                way.score,
            )
            for way in self._last
        ]
        return confidences

    def _heard(self, stretch: Stretch, shares: Sequence[float], chosen: int) -> Heard:
        seen = [math.exp(log_probability) for _, log_probability in stretch.readings]
        alternatives = tuple(
            Alternative(self._charset.decode(labels), one / sum(seen), share)
            for (labels, _), one, share in zip(stretch.readings, seen, shares, strict=True)
        )
        return Heard(stretch.start, stretch.end, alternatives, chosen)


def hear(
    model: LanguageModel, charset: Charset, log_probabilities: NDArray[np.float32]
) -> WatchedRescorer:
    """What remembers how a line was decoded.

    Shapes:
        log_probabilities: (T, C) float32, C = 1 + len(charset)
    """
    rescorer = WatchedRescorer(model, charset)
    rescorer(log_probabilities)
    return rescorer
