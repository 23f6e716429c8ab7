"""Pictures of characters -> what the networks look at."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from ocr_core.recipes.chars.network import SIDE

Pixels = NDArray[np.uint8]
Rng = np.random.Generator
# How else a picture is looked at: its scale, degrees to the left, pixels to the right and down.
_VIEWS = (
    (1.1, 0, 0, 0), (0.9, 0, 0, 0), (1, 6, 0, 0), (1, -6, 0, 0),
    (1, 0, 1, 0), (1, 0, -1, 0), (1, 0, 0, 1), (1, 0, 0, -1),
)  # fmt: skip


def to_square(image: Pixels) -> Pixels:
    """A picture of any size as the networks take it, its proportions kept.

    What a narrow picture lacks at its sides is continued from its edges.

    Args:
        image: (H, W) or (H, W, 3) uint8, RGB.

    Returns:
        (28, 28, 3) uint8, RGB.

    Raises:
        ValueError: it is of another shape or type, or without pixels.
    """
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or image.size == 0:
        raise ValueError(f"a picture is (H, W) or (H, W, 3) uint8, not {image.shape}")
    colours = np.dstack([image] * 3) if image.ndim == 2 else image[:, :, :3]
    height, width = colours.shape[:2]
    down, across = max(width - height, 0), max(height - width, 0)
    square = cv2.copyMakeBorder(
        np.ascontiguousarray(colours),
        down // 2, down - down // 2, across // 2, across - across // 2,
        cv2.BORDER_REPLICATE,
    )  # fmt: skip
    way = cv2.INTER_AREA if square.shape[0] > SIDE else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(square, (SIDE, SIDE), interpolation=way), np.uint8)


def binarise(colours: Pixels) -> Pixels:
    """Ink and ground told apart by Otsu's threshold (IEEE Trans. SMC, 1979).

    Ink may be lighter or darker than its ground: what most of the edge of the picture shows is
    ground.

    Args:
        colours: (H, W, 3) uint8, RGB.

    Returns:
        (H, W) uint8, 1 for ink.
    """
    grey = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY)
    _, light = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    edge = np.concatenate([light[0], light[-1], light[:, 0], light[:, -1]])
    return np.asarray(1 - light if edge.mean() > 0.5 else light, np.uint8)


def standardise(colours: Pixels) -> NDArray[np.float32]:
    """Pictures with light and contrast taken out: of zero mean and unit deviation each.

    Args:
        colours: (N, 28, 28, 3) uint8.

    Returns:
        (N, 3, 28, 28) float32, in the memory layout of `colours`.
    """
    values = colours.astype(np.float32)
    mean = values.mean(axis=(1, 2, 3), keepdims=True)
    # A picture of one colour is all noise: what deviates by less is not blown up.
    deviation = np.maximum(values.std(axis=(1, 2, 3), keepdims=True), 4.0)
    standard: NDArray[np.float32] = ((values - mean) / deviation).transpose(0, 3, 1, 2)
    return standard


def views(colours: Pixels) -> Iterator[Pixels]:
    """The same pictures as they are, then larger, smaller, turned and a pixel aside.

    Characters are cut out by hand, tight or loose, and one cut shows what another hides.

    Args:
        colours: (N, 28, 28, 3) uint8.
    """
    yield colours
    middle = (SIDE - 1) / 2
    for scale, degrees, right, down in _VIEWS:
        matrix = cv2.getRotationMatrix2D((middle, middle), degrees, scale)
        matrix[:, 2] += (right, down)
        yield np.stack([_warped(one, matrix) for one in colours])


def _warped(picture: Pixels, matrix: MatLike) -> Pixels:
    """What comes in continues the edge."""
    warped = cv2.warpAffine(picture, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.uint8)


def varied(colours: Pixels, rng: Rng) -> Pixels:
    """Pictures that say the same in other colours, a pixel aside.

    Args:
        colours: (N, 28, 28, 3) uint8.
    """
    shifts = rng.integers(-1, 2, (len(colours), 2))
    orders = rng.permuted(np.tile(np.arange(3), (len(colours), 1)), axis=1)
    is_negative = rng.random(len(colours)) < 0.5
    changed = np.empty_like(colours)
    padded = np.pad(colours, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    for i, (down, across) in enumerate(shifts + 1):
        changed[i] = padded[i, down : down + SIDE, across : across + SIDE][:, :, orders[i]]
    changed[is_negative] = 255 - changed[is_negative]
    return changed
