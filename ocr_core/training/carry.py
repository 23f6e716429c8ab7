"""Weights of one charset carried over to another: what has been learned is kept."""

from __future__ import annotations

from dataclasses import replace

import torch

from ocr_core.charset import Charset
from ocr_core.weights import Weights

# Of the labels that are new: so seldom right at first that they disturb no others.
_UNLIKELY = -6.0


def with_charset(weights: Weights, characters: str) -> Weights:
    """A recogniser's weights for `characters`.

    Labels that both charsets have keep their rows of the head, at their new places; new ones
    begin without any opinion of the picture.
    """
    known = weights.config["charset"]
    if known == characters:
        return weights
    old = {character: label for label, character in enumerate(known, start=1)}
    count = 1 + len(characters)
    weight, bias = weights.tensors["head.weight"], weights.tensors["head.bias"]
    grown = torch.zeros((count, weight.shape[1]), dtype=weight.dtype)
    biases = torch.full((count,), _UNLIKELY, dtype=bias.dtype)
    grown[0], biases[0] = weight[0], bias[0]
    for label, character in enumerate(Charset(characters).characters, start=1):
        if character in old:
            grown[label], biases[label] = weight[old[character]], bias[old[character]]
    tensors = {**weights.tensors, "head.weight": grown, "head.bias": biases}
    return replace(weights, config={**weights.config, "charset": characters}, tensors=tensors)
