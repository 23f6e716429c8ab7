"""Features of characters -> characters: a linear support vector machine, and nearest neighbour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

Features = NDArray[np.float32]
Labels = NDArray[np.int64]

# How dear a sample on the wrong side is.
_PRICE = 0.3
_ITERATIONS = 60


@dataclass(frozen=True, slots=True, eq=False)
class LinearSvm:
    """One hyperplane for each class, between it and all others.

    Shapes:
        planes: (F + 1, C) float32, the last row what is added
    """

    planes: Features

    def classify(self, features: Features) -> Labels:
        """The class of each row: (N, F) to (N,)."""
        scores = features @ self.planes[:-1] + self.planes[-1]
        return np.asarray(scores.argmax(1), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class NearestNeighbour:
    """Every sample that was learnt from, to be searched for the likest.

    Shapes:
        known:  (N, F) float32
        labels: (N,) int64
    """

    known: Features
    labels: Labels

    def classify(self, features: Features) -> Labels:
        """The class of the nearest known sample of each row: (N, F) to (N,)."""
        # |a - b|² without |a|², which is the same for all b: one product of matrices, where
        # OpenCV's matcher, which goes pair by pair, takes minutes for a page.
        distances = np.square(self.known).sum(1) - 2 * features @ self.known.T
        return np.asarray(self.labels[distances.argmin(1)], np.int64)


Classifier = LinearSvm | NearestNeighbour


def learn_svm(features: Features, labels: Labels, n_classes: int) -> LinearSvm:
    """The planes of least squared hinge loss (Fan et al., LIBLINEAR, JMLR 2008), by L-BFGS.

    Args:
        features: (N, F) float32.
        labels: (N,) int64, 0 to `n_classes` - 1.
    """
    x = torch.from_numpy(np.pad(features, ((0, 0), (0, 1)), constant_values=1))
    side = torch.full((len(labels), n_classes), -1.0)
    side[torch.arange(len(labels)), torch.from_numpy(labels)] = 1.0
    planes = torch.zeros((x.shape[1], n_classes), requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [planes], max_iter=_ITERATIONS, history_size=8, line_search_fn="strong_wolfe"
    )

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        short = (1 - side * (x @ planes)).clamp(min=0)
        total = 0.5 * planes[:-1].square().sum() + _PRICE * short.square().sum()
        total.backward()
        return total

    optimiser.step(loss)
    return LinearSvm(planes.detach().numpy())
