"""What a training of `chars` is told."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from typing import Literal, get_args

from ocr_core.recipes.epochs import EpochSettings

# In the order of Chars74K (de Campos et al., VISAPP 2009), whose folders are numbered by it.
CLASSES = string.digits + string.ascii_uppercase + string.ascii_lowercase

Inputs = Literal["both", "colour"]
Kind = Literal["scene", "poster", "print"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class CharsConfig:
    """What rebuilds a network; saved inside its weights file.

    Attributes:
        inputs: `both` looks at the colours and at their binary picture; `colour` at colours only.
        channels: of the three convolutions of each branch.
        dense: widths of the layers between the branches and the classes.
        dropout: share of each dense layer that is left out while learning.
        classes: the characters, in the order of the outputs.
    """

    inputs: Inputs = "both"
    channels: tuple[int, int, int] = (64, 128, 256)
    dense: tuple[int, int] = (256, 128)
    dropout: float = 0.1
    classes: str = CLASSES


@dataclass(frozen=True, slots=True)
class CharsSettings:
    """What is learnt from, and how.

    Attributes:
        kinds: how characters are drawn, the same number in each way: `scene` as cameras see signs,
            `poster` in colours over textures, `print` as scanners see paper; none where a user's
            samples are learnt from.
        samples: how many are drawn to learn from; of a user's, how many there are in all.
        validation: share of the samples that choose the best state; of a user's samples, the same
            share again is kept for the test.
        epochs: how they are learnt.
    """

    kinds: tuple[Kind, ...] = KINDS
    samples: int = 90_000
    validation: float = 0.05
    epochs: EpochSettings = field(
        default_factory=lambda: EpochSettings(epochs=6, batch=64, rate=1e-3, patience=3)
    )


# The sibling with one input learns as in the textbooks: plain descent with momentum.
SGD = EpochSettings(epochs=6, batch=64, rate=0.01, optimiser="sgd", patience=3)
