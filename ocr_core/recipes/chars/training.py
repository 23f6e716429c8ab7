"""Training a network of `chars`, saving it, and reading with what was saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from ocr_core import weights
from ocr_core.recipes.chars.data import Batch, CharacterSamples, Split, as_inputs
from ocr_core.recipes.chars.drawing import Drawn
from ocr_core.recipes.chars.network import CharacterNetwork
from ocr_core.recipes.chars.pictures import to_square, views
from ocr_core.recipes.chars.settings import CharsConfig
from ocr_core.recipes.epochs import EpochSettings, Lesson, Outcome, evaluate, fit

NAME = "chars"
Pixels = NDArray[np.uint8]
Probabilities = NDArray[np.float32]


class CharacterReader(Protocol):
    """Whatever can read pictures of characters: a network, or several."""

    classes: str

    def probabilities(self, colours: Pixels) -> Probabilities:
        """Of each class for each picture: (N, 28, 28, 3) uint8 RGB to (N, C), rows sum to 1."""


class NetworkReader:
    """Reads with one network: the mean of what it thinks of nine views of a picture."""

    def __init__(self, network: CharacterNetwork) -> None:
        self._network = network.eval()
        self.classes = network.config.classes

    def probabilities(self, colours: Pixels) -> Probabilities:
        each = [self._at_once(view) for view in views(colours)]
        return np.asarray(np.mean(each, axis=0), np.float32)

    def _at_once(self, colours: Pixels) -> Probabilities:
        device = next(self._network.parameters()).device
        parts = []
        with torch.inference_mode():
            for start in range(0, len(colours), 256):
                inputs = as_inputs(colours[start : start + 256])
                scores = self._network(*(one.to(device) for one in inputs))
                parts.append(scores.float().softmax(1).cpu().numpy())
        return np.concatenate(parts)


class Ensemble:
    """Reads with several networks, which were taught differently: the mean of what they think.

    Raises:
        ValueError: there is none, or they know different classes.
    """

    def __init__(self, readers: Sequence[CharacterReader]) -> None:
        if len({reader.classes for reader in readers}) != 1:
            raise ValueError("an ensemble is of readers of the same classes, one at least")
        self._readers = readers
        self.classes = readers[0].classes

    def probabilities(self, colours: Pixels) -> Probabilities:
        each = [reader.probabilities(colours) for reader in self._readers]
        return np.asarray(np.mean(each, axis=0), np.float32)


def predict(reader: CharacterReader, image: Pixels) -> tuple[str, float]:
    """The character that a picture shows, and how sure that is, 0 to 1.

    Args:
        image: (H, W) or (H, W, 3) uint8, RGB, of any size: a character and little around it.
    """
    [likely] = reader.probabilities(to_square(image)[None])
    best = int(likely.argmax())
    return reader.classes[best], float(likely[best])


def accuracies(reader: CharacterReader, drawn: Drawn) -> dict[str, float]:
    """Shares of pictures that are read right: `exact`, and `folded`, where a is as good as A.

    Folded, a character's probability is the sum over its two cases.
    """
    likely = reader.probabilities(drawn.colours)
    exact = likely.argmax(1) == drawn.labels
    folds = sorted(set(reader.classes.upper()))
    fold_of = np.array([folds.index(character.upper()) for character in reader.classes])
    summed = np.stack([likely[:, fold_of == i].sum(1) for i in range(len(folds))], axis=1)
    folded = summed.argmax(1) == fold_of[drawn.labels]
    return {"exact": float(exact.mean()), "folded": float(folded.mean())}


def new_network(config: CharsConfig, seed: int, start: Path | None = None) -> CharacterNetwork:
    """A network that has learnt nothing, the same of the same seed; or what another has learnt.

    Args:
        start: a weights file.

    Raises:
        WeightsError: `start` is missing, damaged, or holds a network of another shape.
    """
    torch.manual_seed(seed)
    network = CharacterNetwork(config)
    if start is not None:
        weights.fill(network, weights.load_file(start, NAME))
    return network.to(memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]


def train(
    network: CharacterNetwork,
    parts: Split,
    settings: EpochSettings,
    folder: Path,
    provenance: Mapping[str, Any],
) -> tuple[NetworkReader, Outcome]:
    """Trains a network in a folder, or goes on with it, and writes `chars.safetensors` there.

    Args:
        network: to begin with.
        provenance: what the samples are; kept with the weights, beside figures on the test part.

    Raises:
        ConfigError: the folder holds another training.
    """
    samples, unseen = CharacterSamples(parts.training), CharacterSamples(parts.validation)
    config = network.config
    loss = _one_hot_loss if config.inputs == "colour" else _loss
    lesson: Lesson[CharacterNetwork, Batch] = Lesson(network, samples, unseen, loss, _measure)
    outcome = fit(lesson, settings, folder)
    reader = NetworkReader(network)
    known = {
        **provenance,
        "settings": asdict(settings),
        "best": outcome.best,
        "test": {
            "loss": evaluate(lesson, CharacterSamples(parts.test))["loss"],
            **accuracies(reader, parts.test),
        },
    }
    weights.save(weights_in(folder), NAME, asdict(config), network.state_dict(), known)
    return reader, outcome


def weights_in(folder: Path) -> Path:
    """Where a training in this folder leaves its weights."""
    return folder / f"{NAME}.safetensors"


def load(path: Path) -> NetworkReader:
    """A trained network from its weights file.

    Raises:
        WeightsError: it is missing, damaged, or holds another network.
    """
    given = weights.load_file(path, NAME)
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in given.config.items()
    }
    network = CharacterNetwork(CharsConfig(**fields))
    weights.fill(network, given)
    return NetworkReader(network)


def _loss(network: CharacterNetwork, batch: Batch) -> Tensor:
    scores, labels = _scores(network, batch)
    return F.cross_entropy(scores, labels)


def _one_hot_loss(network: CharacterNetwork, batch: Batch) -> Tensor:
    """The same number, from targets that are probabilities: one for the class, none elsewhere."""
    scores, labels = _scores(network, batch)
    return F.cross_entropy(scores, F.one_hot(labels, scores.shape[1]).to(scores.dtype))


def _measure(network: CharacterNetwork, batch: Batch) -> dict[str, tuple[float, float]]:
    scores, labels = _scores(network, batch)
    return {"accuracy": (float((scores.argmax(1) == labels).sum()), len(labels))}


def _scores(network: CharacterNetwork, batch: Batch) -> tuple[Tensor, Tensor]:
    device = next(network.parameters()).device
    colours, binary, labels = (one.to(device) for one in batch)
    return network(colours, binary), labels
