"""Readers that take the place of trained ones."""

import numpy as np


class Sure:
    """Always as sure of the same characters."""

    classes = "AaB"

    def __init__(self, *probabilities):
        self._probabilities = np.array(probabilities, np.float32)

    def probabilities(self, colours):
        return np.tile(self._probabilities, (len(colours), 1))
