"""What networks say of their doubts -> probabilities that mean what they say.

A recogniser learns to be sure on the pages that it is taught from, and how sure it is of others has
to be measured. Two numbers correct it: the log-odds that it states are scaled and shifted (Platt
scaling; Guo et al. 2017, arXiv:1706.04599). They are fitted by `beam-ocr calibrate` on synthetic
pages of typefaces that were held out, and stand in the weights file that they belong to.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Nothing is more certain than this: the samples to fit on are too few to tell.
_LIMIT = 1e-4


@dataclass(frozen=True, slots=True)
class Calibration:
    """Corrects the confidences of one recogniser; the default leaves them as they are.

    Attributes:
        scale, shift: of log-odds; a scale above 0 keeps the order of confidences.
    """

    scale: float = 1.0
    shift: float = 0.0

    def __call__(self, confidence: float) -> float:
        """The probability, 0 to 1, that what was read with a confidence is right."""
        sure = min(max(confidence, _LIMIT), 1 - _LIMIT)
        log_odds = self.scale * math.log(sure / (1 - sure)) + self.shift
        return 1 / (1 + math.exp(-log_odds))


RAW = Calibration()


def fit(confidences: ArrayLike, right: ArrayLike, steps: int = 50) -> Calibration:
    """The calibration under which what was right, and what was not, is likeliest.

    Logistic regression by Newton's method. A slight pull towards `RAW`, worth a few samples, keeps
    it finite where all or none is right.

    Shapes:
        confidences: (N,) 0 to 1
        right: (N,) bool
    """
    log_odds = _log_odds(confidences)
    inputs = np.stack([log_odds, np.ones_like(log_odds)], axis=1)  # (N, 2)
    wanted = np.asarray(right, dtype=np.float64)
    raw = np.array([RAW.scale, RAW.shift])
    weights = raw.copy()
    for _ in range(steps):
        stated = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (stated - wanted) + weights - raw
        curvature = (inputs * (stated * (1 - stated))[:, None]).T @ inputs + np.eye(2)
        change = np.linalg.solve(curvature, slope)
        weights -= change
        if np.abs(change).max() < 1e-9:
            break
    scale, shift = weights.tolist()
    return Calibration(scale, shift)


def _log_odds(confidences: ArrayLike) -> NDArray[np.float64]:
    confidence = np.clip(np.asarray(confidences, dtype=np.float64), _LIMIT, 1 - _LIMIT)
    return np.asarray(np.log(confidence / (1 - confidence)))
