"""What a training of `handwriting` is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from ocr_core.synth.text import TextMix
from ocr_core.training.recogniser import BatchSettings

# Letters and notes are running text; there are no tills, and few codes.
_MIX = TextMix(
    running=0.70, words=0.12, heading=0.04, number=0.04, price_row=0.01, code=0.01, address=0.04,
    contact=0.01, random=0.01, item=0.01, till=0.0,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HandwritingSettings:
    """What is learnt from, and for how long.

    Attributes:
        minutes: length of the schedule, in minutes of learning over all resumptions.
        rate: peak of the learning rate.
        print_share: share of the blocks that are set in any face, so that print is not forgotten.
        labelled_share: share of the blocks that are a user's labelled lines, where there are any.
        kept_share: share of these lines that nothing is learnt from, for the figures.
        wear: how much labelled lines are varied each time that they are seen, 0 to 1.
        max_width: of a line at the recogniser's height, in pixels; longer ones are left out.
        warmup_steps: over which the rate rises to its peak.
        unseen: blocks of drawn lines for the figures, where there are no labelled lines.
        seed: of all that is drawn.
        texts: how often drawn lines say what.
        batches: how lines are put together.
    """

    minutes: float = 120.0
    rate: float = 1e-3
    print_share: float = 0.25
    labelled_share: float = 0.3
    kept_share: float = 0.15
    wear: float = 0.5
    max_width: int = 1400
    warmup_steps: int = 60
    unseen: int = 40
    seed: int = 1
    texts: TextMix = field(default_factory=lambda: _MIX)
    # From its first block on wear is as strong as it gets: what is begun with knows worn lines.
    # Batches are small, because schedules are short.
    batches: BatchSettings = field(
        default_factory=lambda: BatchSettings(pixels=6_000, pool=1_500, ramp=1)
    )
