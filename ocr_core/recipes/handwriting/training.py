"""A recogniser taught handwriting: lines that are drawn, and a user's own where there are any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ocr_core import weights
from ocr_core.backends import config_of
from ocr_core.charset import Charset, latin
from ocr_core.errors import ConfigError
from ocr_core.recipes.handwriting.drawing import HandMaker
from ocr_core.recipes.handwriting.faces import find_hands
from ocr_core.recipes.handwriting.settings import HandwritingSettings
from ocr_core.recipes.lines.labelled import LabelledLine, split
from ocr_core.recipes.lines.samples import load_samples
from ocr_core.recipes.lines.settings import Data, LinesSettings
from ocr_core.recipes.lines.variations import vary
from ocr_core.recogniser import Recogniser, RecogniserConfig
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.fonts import Face
from ocr_core.synth.lines import LineMaker, LineSample, LineSettings, LineSource
from ocr_core.synth.text import TextSource
from ocr_core.training.carry import with_charset
from ocr_core.training.loop import Loop, LoopSettings
from ocr_core.training.mixing import MixedLines
from ocr_core.training.recogniser import RecogniserTask

WEIGHTS = "recogniser.safetensors"
_CPU = torch.device("cpu")
# Of a user's lines, in a block; and how many blocks figures are measured on.
_A_BLOCK, _BLOCKS = 8, 40


@dataclass(frozen=True, slots=True)
class Matter:
    """What handwriting is learnt from.

    Attributes:
        faces: those of handwriting among them are written with, all of them are printed with.
        corpora: what the lines say, the commonest language first.
        lines: a user's own, which may be none.
        data: how these are cut out; see `ocr_core.recipes.lines.settings`.
    """

    faces: Sequence[Face]
    corpora: Sequence[Corpus]
    lines: Sequence[LabelledLine] = ()
    data: Data = "processed"


@dataclass(frozen=True, slots=True)
class Taught:
    """What came of a training.

    Attributes:
        path: of the weights file, for `beam-ocr run --weights`.
        before, after: `cer` and `exact` of lines that nothing was learnt from: the user's, or
            lines drawn in handwriting faces that no training draws with.
    """

    path: Path
    before: dict[str, float]
    after: dict[str, float]


class KnownLines:
    """A user's lines as a source of blocks: each block is a few of them, varied.

    Args:
        wear: by how much they are varied each time, 0 to 1.
    """

    def __init__(self, samples: Sequence[LineSample], wear: float) -> None:
        self._samples = list(samples)
        self._wear = wear

    def make(self, seed: int, strength: float = 1.0) -> list[LineSample]:
        """The block of a seed."""
        rng = np.random.default_rng((seed, 13))
        chosen = rng.integers(len(self._samples), size=_A_BLOCK)
        lines = [self._samples[number] for number in chosen]
        return [LineSample(vary(one.pixels, rng, self._wear), one.text) for one in lines]


class KeptLines:
    """Lines that nothing is learnt from, dealt out over the blocks that figures are measured on."""

    def __init__(self, samples: Sequence[LineSample]) -> None:
        self._samples = list(samples)

    def make(self, seed: int, strength: float = 1.0) -> list[LineSample]:
        """The block of a seed."""
        return self._samples[seed::_BLOCKS]


def teach(
    matter: Matter,
    folder: Path,
    start: weights.Weights,
    settings: HandwritingSettings | None = None,
    device: torch.device = _CPU,
) -> Taught:
    """Trains a recogniser on handwriting, and writes its weights into a folder.

    A training that was broken off goes on where it was; see `ocr_core.training.loop`.

    Args:
        start: the weights of a recogniser to begin with.

    Raises:
        ConfigError: no face is of handwriting, or there are a few labelled lines but too few.
    """
    settings = settings or HandwritingSettings()
    torch.manual_seed(settings.seed)
    given = with_charset(start, _characters(start, matter.lines))
    network = Recogniser(config_of(RecogniserConfig, given))
    source, unseen = make_sources(matter, network.config, settings)
    task = RecogniserTask(network, source, unseen, settings.batches)
    weights.fill(network, given)
    before = task.evaluate(network.to(device).eval())
    path = folder / WEIGHTS
    after = Loop(task, folder, _loop(matter, settings), device).run()
    weights.add_calibration(path, start.calibration)  # confidences of it mean about the same
    return Taught(path, before, after)


def _characters(start: weights.Weights, lines: Sequence[LabelledLine]) -> str:
    """All that was known, and all that is going to be drawn or is labelled."""
    known: str = start.config["charset"]
    wanted = set(latin().characters).union(*(line.text for line in lines))
    return known + "".join(sorted(wanted - set(known)))


def make_sources(
    matter: Matter, config: RecogniserConfig, settings: HandwritingSettings
) -> tuple[LineSource, LineSource]:
    """What is learnt from, and what figures are measured on.

    Raises:
        ConfigError: see `teach`.
    """
    charset = Charset(config.charset)
    hands = find_hands(matter.faces)
    texts = TextSource(matter.corpora, charset, settings.texts)
    size = (config.height, settings.max_width)
    known = [face for face in hands if not face.held_out] or hands
    held_out = [face for face in hands if face.held_out] or hands
    printed = [face for face in matter.faces if not face.held_out] or list(matter.faces)
    drawn = LineMaker(printed, TextSource(matter.corpora, charset), LineSettings(*size))
    shares: list[tuple[float, LineSource]] = [(settings.print_share, drawn)]
    if matter.lines:
        own, kept = _labelled(matter, config.height, settings)
        shares.append((settings.labelled_share, KnownLines(own, settings.wear)))
    else:
        writer = HandMaker(held_out, texts, *size)
        kept = [line for seed in range(settings.unseen) for line in writer.make(seed)]
    return MixedLines(shares, HandMaker(known, texts, *size)), KeptLines(kept)


def _labelled(
    matter: Matter, height: int, settings: HandwritingSettings
) -> tuple[list[LineSample], list[LineSample]]:
    """A user's lines to learn from, and those that are kept."""
    parts = split(matter.lines, settings.kept_share, 0.0, settings.seed)
    how = LinesSettings(data=matter.data, height=height, max_width=settings.max_width)
    own, kept = (load_samples(part, how) for part in (parts.training, parts.validation))
    if not own or not kept:
        raise ConfigError("hardly any of the lines can be read: nothing can be learnt from them")
    return own, kept


def _loop(matter: Matter, settings: HandwritingSettings) -> LoopSettings:
    labelled = settings.labelled_share if matter.lines else 0.0
    shares = {"print": settings.print_share, "labelled": labelled}
    return LoopSettings(
        minutes=settings.minutes,
        rate=settings.rate,
        warmup_steps=settings.warmup_steps,
        seed=settings.seed,
        data=shares,
    )
