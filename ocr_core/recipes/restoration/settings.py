"""Everything that decides how a restorer is trained, but for how long and how fast."""

from __future__ import annotations

from dataclasses import dataclass, field

from ocr_core.restoration.network import RestorerConfig


@dataclass(frozen=True, slots=True)
class RestorationSettings:
    """The network and its data.

    Attributes:
        network: what the restorer is built of.
        max_width: of lines, in pixels; longer ones are not made.
        wear: the least and the greatest strength of wear; 1 is what most scans show. At 1.6 half
            of the lines are past reading, at 1.0 three in five are read without an error.
        guidance: what the recogniser's loss for each character counts beside the mean difference
            of pixels (NAF-DPM, arXiv:2404.05669, has the same two).
        columns: pixel columns in a batch; how many lines that is depends on their width.
        pool: lines kept ready, among which a batch picks neighbours in width.
        held_out_blocks: of about ten lines, in faces that training does not see, to measure on.
    """

    network: RestorerConfig = field(default_factory=RestorerConfig)
    max_width: int = 512
    wear: tuple[float, float] = (1.0, 1.5)
    guidance: float = 0.1
    columns: int = 2_560
    pool: int = 160
    held_out_blocks: int = 12
