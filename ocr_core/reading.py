"""Line crops to what they say: one recogniser reads them all, a larger one what is in doubt again.

Most words of most pages are easy, and a small network reads them as well as a large one. It also
knows which are not: where it is sure of every character, the larger one seldom says anything else.
So only the words in doubt are read again, with some of what stands beside them, and what the larger
network says of their columns takes the place of what the small one said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocr_core import networks, rescoring
from ocr_core.calibration import RAW, Calibration
from ocr_core.charset import Charset
from ocr_core.ctc import Decoded
from ocr_core.errors import WeightsError
from ocr_core.language_model import LanguageModel
from ocr_core.networks import CropRecogniser
from ocr_core.recogniser import STRIDE

# Words with a character that is less certain than this are read again.
DOUBT = 0.6
# So many steps on both sides of them are shown to the second reader as well.
CONTEXT = 12


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a recogniser says of one crop.

    Attributes:
        log_probabilities: (T, C) float32, C = 1 + len(charset)
    """

    log_probabilities: NDArray[np.float32]
    decoded: Decoded


@dataclass(frozen=True, slots=True)
class Stretch:
    """Steps of a line that are read again; ends are exclusive.

    Attributes:
        start, end: of what is in doubt.
        shown_start, shown_end: of what the second reader is shown.
    """

    start: int
    end: int
    shown_start: int
    shown_end: int


class LineReader:
    """A recogniser with what decodes its answers, and what is asked where it is in doubt.

    Args:
        model: helps with what the recogniser is unsure of, if there is one.
        calibration: corrects the confidences of what was read.
        second: a better recogniser that takes longer, if there is one.

    Raises:
        WeightsError: the second takes other crops or tells other characters.
    """

    def __init__(
        self,
        recogniser: CropRecogniser,
        model: LanguageModel | None = None,
        calibration: Calibration = RAW,
        second: CropRecogniser | None = None,
    ) -> None:
        if second and not (
            second.height == recogniser.height
            and second.charset.characters == recogniser.charset.characters
        ):
            raise WeightsError("the two recognisers differ in the height of lines or in charset")
        self.calibration = calibration
        self._recogniser = recogniser
        self._second = second
        self._decode = rescoring.decoder(model, recogniser.charset)

    @property
    def height(self) -> int:
        """Of the crops, in pixels."""
        return self._recogniser.height

    @property
    def charset(self) -> Charset:
        return self._recogniser.charset

    @property
    def rereads(self) -> bool:
        """Whether there is a second recogniser."""
        return self._second is not None

    def read(self, crops: Sequence[NDArray[np.uint8]], max_pixels: int) -> list[Reading]:
        """What each crop says at first sight.

        Shapes:
            crops: (self.height, W) uint8 each, 0 for ink and 255 for paper

        Args:
            max_pixels: in one batch of the recogniser.
        """
        answers = networks.read_crops(self._recogniser, crops, max_pixels)
        return [Reading(answer, self._decode(answer)) for answer in answers]

    def read_again(
        self, crops: Sequence[NDArray[np.uint8]], readings: Sequence[Reading], max_pixels: int
    ) -> list[Reading]:
        """The readings, with what the second recogniser says of the words in doubt."""
        if self._second is None:
            return list(readings)
        doubtful = [
            (number, stretch)
            for number, reading in enumerate(readings)
            for stretch in find_stretches(reading.decoded, len(reading.log_probabilities))
        ]
        shown = [
            crops[number][:, part.shown_start * STRIDE : part.shown_end * STRIDE]
            for number, part in doubtful
        ]
        answers = networks.read_crops(self._second, shown, max_pixels)
        changed: dict[int, NDArray[np.float32]] = {}
        for (number, part), answer in zip(doubtful, answers, strict=True):
            line = changed.setdefault(number, readings[number].log_probabilities.copy())
            first = part.start - part.shown_start
            line[part.start : part.end] = answer[first : first + part.end - part.start]
        return [
            Reading(changed[number], self._decode(changed[number])) if number in changed else one
            for number, one in enumerate(readings)
        ]


def find_stretches(decoded: Decoded, steps: int) -> list[Stretch]:
    """The stretches of a line that hold words in doubt; none reaches into what another is shown.

    Args:
        steps: of the line.
    """
    stretches: list[Stretch] = []
    for start, end in _words_in_doubt(decoded, steps):
        if stretches and start <= stretches[-1].shown_end + CONTEXT:
            start = stretches.pop().start
        shown = max(start - CONTEXT, 0), min(end + CONTEXT, steps)
        stretches.append(Stretch(start, end, *shown))
    return stretches


def _words_in_doubt(decoded: Decoded, steps: int) -> Iterator[tuple[int, int]]:
    """The steps from one certain space to the next, where there is doubt between them."""
    start, is_doubtful = 0, False
    for character, confidence, begins, ends in zip(
        decoded.text, decoded.confidences, decoded.starts, decoded.ends, strict=True
    ):
        if confidence < DOUBT:
            is_doubtful = True
        elif character == " ":
            if is_doubtful:
                yield start, begins
            start, is_doubtful = ends, False
    if is_doubtful:
        yield start, steps
