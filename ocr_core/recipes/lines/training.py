"""A recogniser taught with a user's lines."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from ocr_core import weights
from ocr_core.backends import config_of
from ocr_core.charset import Charset
from ocr_core.errors import ConfigError
from ocr_core.recipes.epochs import Lesson, Outcome, evaluate, fit
from ocr_core.recipes.lines.labelled import LabelledLine, split
from ocr_core.recipes.lines.samples import (
    LineSamples,
    load_samples,
    loss,
    loss_of_tuned,
    measure,
    with_looks,
)
from ocr_core.recipes.lines.settings import LinesSettings
from ocr_core.recipes.moderation import moderate
from ocr_core.recogniser import Recogniser, RecogniserConfig
from ocr_core.synth.lines import LineSample
from ocr_core.training.carry import with_charset
from ocr_core.training.ranges import BLOCKS, line_pictures, measure_ranges

WEIGHTS = "recogniser.safetensors"
_CPU = torch.device("cpu")


@dataclass(frozen=True, slots=True)
class Taught:
    """What came of a training.

    Attributes:
        path: of the weights file, for `beam-ocr run --weights`.
        before, after: `cer`, `accuracy` and `loss` on lines that nothing was learnt from; `before`
            is of the weights that it began with, and empty if it began with nothing.
        new_characters: that these weights did not know.
        share: of what was learnt that is kept, 0 to 1.
    """

    path: Path
    outcome: Outcome
    before: dict[str, float]
    after: dict[str, float]
    new_characters: str
    share: float


def teach(
    lines: Sequence[LabelledLine],
    folder: Path,
    start: weights.Weights | None,
    settings: LinesSettings | None = None,
    device: torch.device = _CPU,
) -> Taught:
    """Trains a recogniser on labelled lines, and writes its weights into a folder.

    A training that was broken off goes on where it was; see `ocr_core.recipes.epochs.fit`.

    Args:
        start: the weights of a recogniser to begin with; None begins with nothing.

    Raises:
        ConfigError: there are too few lines, or the folder holds another training.
    """
    settings = settings or LinesSettings()
    if start:
        settings = replace(settings, height=int(start.config["height"]))
    parts = split(lines, settings.validation, settings.test, settings.epochs.seed)
    training, validation, test = (
        load_samples(part, settings) for part in (parts.training, parts.validation, parts.test)
    )
    if not training or not validation:
        raise ConfigError("hardly any of the lines can be read: nothing can be learnt from them")
    torch.manual_seed(settings.epochs.seed)
    network = make_network([line.text for line in lines], start, settings.height)
    charset = Charset(network.config.charset)
    unseen = LineSamples(test or validation, charset)
    lesson = Lesson(
        network.to(device),
        LineSamples(training, charset, settings.wear),
        LineSamples(with_looks(validation, settings), charset),
        loss_of_tuned if start and settings.is_still else loss,
        measure,
        {"--data": settings.data, "--wear": settings.wear},
    )
    before = evaluate(lesson, unseen, settings.epochs.batch) if start else {}
    began = copy.deepcopy(network.state_dict())
    outcome = fit(lesson, settings.epochs, folder, device)
    is_moderated = start and settings.is_still and outcome.epochs
    share = moderate(lesson, began, settings.epochs.batch) if is_moderated else 1.0
    after = evaluate(lesson, unseen, settings.epochs.batch)
    path = folder / WEIGHTS
    known = start.config["charset"] if start else ""
    provenance = {
        "task": "lines",
        "lines": len(lines),
        "settings": asdict(settings),
        "started_from": start.digest if start else None,
        "held_out": after,
        "best_epoch": outcome.best_epoch,
        "share": share,
    }
    _export(network, path, provenance, validation)
    if start:  # confidences of the same network mean about the same
        weights.add_calibration(path, start.calibration)
    new = "".join(c for c in network.config.charset if c not in known)
    return Taught(path, outcome, before, after, new if start else "", share)


def make_network(texts: Sequence[str], start: weights.Weights | None, height: int) -> Recogniser:
    """A recogniser that knows every character of some texts, and all that it knew before."""
    wanted = set().union(*texts)
    known = start.config["charset"] if start else ""
    characters = known + "".join(sorted(wanted - set(known)))
    if start is None:
        network = Recogniser(RecogniserConfig(characters, height=height))
        with torch.no_grad():  # CTC begins by writing blanks only; see `RecogniserTask`
            network.head.bias[0] = -1.0
        return network
    given = with_charset(start, characters)
    network = Recogniser(config_of(RecogniserConfig, given))
    weights.fill(network, given)
    return network


def _export(
    network: Recogniser, path: Path, provenance: dict[str, Any], samples: Sequence[LineSample]
) -> None:
    network.to(_CPU).eval()
    weights.save(path, "recogniser", asdict(network.config), network.state_dict(), provenance)
    weights.add_ranges(path, measure_ranges(network, line_pictures(_Blocks(samples))))


class _Blocks:
    """Samples in as many blocks as ranges are measured on."""

    def __init__(self, samples: Sequence[LineSample]) -> None:
        self._samples = samples

    def make(self, seed: int) -> list[LineSample]:
        """The block of a seed."""
        return list(self._samples[seed::BLOCKS])


def taught_lines(taught: Taught) -> Iterator[str]:
    """What came of a training, in lines for people."""
    if taught.new_characters:
        yield f"characters that the weights did not know: {taught.new_characters}"
    if taught.share < 1:
        yield f"{taught.share:.0%} of what was learnt is kept, as validation loss is lowest so"
    for name, figures in (("before", taught.before), ("after", taught.after)):
        if figures:
            yield (
                f"{name}: {figures['cer']:.2%} of characters wrong, "
                f"{figures['accuracy']:.1%} of lines right, on lines kept from the training"
            )
    yield f"weights: {taught.path} (beam-ocr run FOLDER --weights {taught.path})"
