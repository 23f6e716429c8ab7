"""Everything that decides how a reader of plates is trained, for each of the two kinds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from ocr_core.recipes.epochs import EpochSettings
from ocr_core.recipes.plates.network import PlateConfig

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
Kind = Literal["digits", "real"]


@dataclass(frozen=True, slots=True)
class PlateSettings:
    """The network, its data and its training.

    Attributes:
        kind: `digits` learns from five digits written to disk, `real` from plates of many states
            that are made as they are needed.
        network: what the reader is built of.
        images: plates to learn from; of made ones of `real`, how many make an epoch.
        validation: plates that decide which state is kept.
        fonts: how many faces plates are set in, at most; 0 where a user's are learnt from.
        sizes_px: the smallest and the largest size, in pixels to the em; of `digits` alone.
        training: how long and how fast it learns.
    """

    kind: Kind
    network: PlateConfig
    images: int = 60_000
    validation: int = 2_000
    fonts: int = 22
    sizes_px: tuple[int, int] = (18, 25)
    training: EpochSettings = field(
        default_factory=lambda: EpochSettings(
            epochs=55,
            batch=256,
            rate=3e-4,
            falls=False,
            patience=5,
            enough=0.0015,
            average=0.998,
        )
    )


def digits() -> PlateSettings:
    """Five digits on 64 × 128 pixels: Adam at 3e-4, batches of 256, at most 55 epochs.

    Pictures are stretched to 192 columns: at 128, two narrow digits are three steps of the network,
    and CTC needs all of them where both are the same.
    """
    network = PlateConfig(
        DIGITS,
        height=64,
        channels=(8, 16, 32, 48, 48),
        depths=(1,) * 5,
        row=64,
        hidden=64,
        width=192,
        evens=True,
    )
    return PlateSettings("digits", network)


def real() -> PlateSettings:
    """Two to eight letters and digits on 48 × 192 pixels.

    The network is the shipped recogniser's, so that a training may begin with its weights.
    """
    network = PlateConfig(
        DIGITS + LETTERS,
        height=48,
        channels=(24, 48, 72, 96, 112),
        depths=(1, 1, 2, 1, 1),
        row=128,
        hidden=128,
        width=192,
    )
    return PlateSettings(
        "real",
        network,
        images=6_000,
        validation=500,
        fonts=60,
        training=EpochSettings(
            epochs=40, batch=64, rate=8e-4, optimiser="adamw", falls=True, patience=40
        ),
    )


def of_kind(kind: Kind) -> PlateSettings:
    """The settings of a kind, as they are tried and measured."""
    return {"digits": digits, "real": real}[kind]()


def smaller(settings: PlateSettings, images: int) -> PlateSettings:
    """The same training on fewer plates, for a first try."""
    return replace(settings, images=images, validation=min(settings.validation, images))
