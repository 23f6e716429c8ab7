"""Curves of a training by epochs, drawn beside its weights."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_core.errors import ConfigError
from ocr_core.recipes.epochs import read_log

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What every entry of a log has, and what is no measure of how well a network reads.
_NOT_MEASURES = frozenset({"epoch", "loss", "validation_loss", "rate", "samples_per_s", "seconds"})


def plot_trained(folder: Path) -> None:
    """Draws the curves of a training that came to its end, and says where; or why there are none.

    Weights are worth having without a picture of how they came.
    """
    try:
        print(f"curves: {plot_log(folder)}")
    except ConfigError as error:
        print(f"curves: {error}", file=sys.stderr)


def plot_log(folder: Path) -> Path:
    """Draws what `fit` logged in a folder as `curves.png` there: the losses, and each measure.

    Raises:
        ConfigError: nothing was trained in this folder, or matplotlib is not installed.
    """
    epochs = read_log(folder)
    measures = [name for name in epochs[0] if name not in _NOT_MEASURES]
    figure = _figure(1 + len(measures))
    losses = {"training": "loss", "validation": "validation_loss"}
    _draw(figure, 0, {label: _of(epochs, name) for label, name in losses.items()}, "loss")
    for place, name in enumerate(measures, start=1):
        _draw(figure, place, {"validation": _of(epochs, name)}, name)
    path = folder / "curves.png"
    figure.savefig(path, dpi=120)
    return path


def _figure(panels: int) -> Figure:
    try:
        from matplotlib.figure import Figure  # without pyplot nothing is kept, or shown
    except ImportError as error:
        raise ConfigError("curves need matplotlib: pip install 'beam-ocr[train]'") from error
    figure = Figure(figsize=(4.5 * panels, 3.4), layout="constrained")
    figure.subplots(1, panels)
    return figure


def _draw(figure: Figure, place: int, curves: dict[str, list[float]], title: str) -> None:
    """One panel: values after each epoch, from 1."""
    axes = figure.axes[place]
    for label, values in curves.items():
        axes.plot(range(1, len(values) + 1), values, marker=".", label=label)
    axes.set(title=title.upper() if title in {"cer", "wer"} else title, xlabel="epoch")
    axes.locator_params(axis="x", integer=True)
    axes.grid(alpha=0.3)
    axes.legend()


def _of(epochs: Sequence[dict[str, float]], name: str) -> list[float]:
    return [entry[name] for entry in epochs]
