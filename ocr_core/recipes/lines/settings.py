"""What a training of `lines` is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ocr_core.recipes.epochs import EpochSettings

Data = Literal["processed", "raw"]


@dataclass(frozen=True, slots=True)
class LinesSettings:
    """What is learnt from, and how.

    Attributes:
        data: `processed` cleans lines and cuts them out along their ink, as those of pages are;
            `raw` takes them as they are.
        height: to which lines are brought, in pixels; a multiple of 8.
        max_width: of a line at that height; longer ones are left out.
        validation: share of the lines that chooses the best state.
        test: share of the lines that nothing is learnt from, for the figures at the end.
        wear: how much lines are varied each time that they are seen: 0 not at all, 1 as much as
            scans of one page may differ; but for 0 their words are dealt out anew, too.
        is_still: whether features stay normalised as in the weights that are begun with, of whose
            training a few lines know too little; from nothing there is nothing to stay.
        epochs: how they are learnt.
    """

    data: Data = "processed"
    height: int = 40
    max_width: int = 2400
    validation: float = 0.1
    test: float = 0.05
    wear: float = 1.0
    is_still: bool = True
    # All of the epochs: most is learnt where the rate has fallen, and what is learnt too much of a
    # few lines is taken back afterwards (`ocr_core.recipes.moderation`).
    epochs: EpochSettings = field(
        default_factory=lambda: EpochSettings(
            epochs=30, batch=16, rate=8e-4, optimiser="adamw", patience=30, average=0.97
        )
    )


# From nothing it takes a higher rate and more epochs; once all is read the rest may be spared.
FROM_NOTHING = EpochSettings(epochs=120, batch=16, rate=2e-3, optimiser="adamw", patience=30)
