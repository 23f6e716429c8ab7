"""What scanners, copiers and cameras do to pages at their worst, one thing at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Rng = np.random.Generator
DARK_LID, TABLE = 20, 70


def shadow(page: Pixels, rng: Rng) -> Pixels:
    """A hand or a phone between the lamp and one side of the page, which gets a quarter of it."""
    height, width = page.shape
    down, across = np.mgrid[0:height, 0:width]
    angle = rng.uniform(0, 2 * np.pi)
    side = (across / width - 0.5) * np.cos(angle) + (down / height - 0.5) * np.sin(angle)
    return as_bytes(page * (1 - 0.75 / (1 + np.exp(-side * 20))))


def shadow_noise(page: Pixels, rng: Rng) -> Pixels:
    """The same as a camera sees it: with less contrast, and grain."""
    return as_bytes(20 + 0.6 * shadow(page, rng) + rng.normal(0, 8, page.shape))


def falling_light(page: Pixels, rng: Rng) -> Pixels:
    """A lamp on one side, whose light falls off to less than a third."""
    share = np.linspace(0.28, 1, page.shape[1])
    return as_bytes(page * (share if rng.random() < 0.5 else share[::-1]))


def stains(page: Pixels, rng: Rng) -> Pixels:
    """Water and coffee: broad blots that take away up to two thirds of the light."""
    field = rng.standard_normal((9, 7)).astype(np.float32)
    blots = cv2.resize(field, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_CUBIC)
    return as_bytes(page * (1 - 0.66 / (1 + np.exp(-8 * (blots - 0.4)))))


def faded(page: Pixels, rng: Rng) -> Pixels:
    """Ink that is all but gone: 24 grey levels darker than the paper."""
    return as_bytes(200 - 24 * (1 - page / 255.0) + rng.normal(0, 1.5, page.shape))


def see_through(page: Pixels, rng: Rng) -> Pixels:
    """The other side of thin paper, mirrored, soft, and nearly half as dark."""
    other = np.roll(page[:, ::-1], int(rng.integers(20, 60)), axis=0)
    soft = cv2.GaussianBlur(np.ascontiguousarray(other), (0, 0), max(page.shape) / 1500)
    return as_bytes(np.minimum(page, 235 - 0.45 * (255.0 - soft)))


def grain(page: Pixels, rng: Rng) -> Pixels:
    """A camera in the dark: noise with a deviation of 45 grey levels."""
    return as_bytes(30 + 0.75 * page + rng.normal(0, 45, page.shape))


def specks(page: Pixels, rng: Rng) -> Pixels:
    """Salt and pepper: one pixel in 20 is black and one is white."""
    draw = rng.random(page.shape)
    return np.where(draw < 0.05, 0, np.where(draw > 0.95, 255, page)).astype(np.uint8)


def blur(page: Pixels, rng: Rng) -> Pixels:
    """A lens that is out of focus by an 800th of the page."""
    return as_bytes(cv2.GaussianBlur(page, (0, 0), max(page.shape) / 800))


def frame(page: Pixels, rng: Rng) -> Pixels:
    """The dark lid around a sheet, as wide as a tenth of the scan; the page keeps its size."""
    wide = np.full(page.shape, DARK_LID, np.float64) + rng.normal(0, 8, page.shape)
    (height, width), (down, across) = page.shape, (side // 12 for side in page.shape)
    small = cv2.resize(page, (width - 2 * across, height - 2 * down), interpolation=cv2.INTER_AREA)
    wide[down : height - down, across : width - across] = small
    return as_bytes(wide)


def as_bytes(levels: NDArray[np.floating] | Pixels) -> Pixels:
    """Rounded, and cut off at black and at white."""
    return np.clip(np.rint(levels), 0, 255).astype(np.uint8)


def photographed(page: Pixels, rng: Rng, taper: float) -> tuple[Pixels, NDArray[np.float64]]:
    """A sheet on a table, seen at an angle, and where its pixels came to lie.

    Args:
        taper: by which share the far edge is shorter than the near one.

    Shapes:
        returns: (H, W) uint8, of the page's size; (3, 3) float64, from the page to the photograph
    """
    height, width = page.shape
    inset = 0.05 * np.array([width, height])
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * ([width, height] - 2 * inset) + inset
    far = int(rng.integers(4))  # the far edge runs from this corner to the next
    ends = corners[[far, (far + 1) % 4]]
    middle, near = ends.mean(axis=0), corners.mean(axis=0)
    corners[[far, (far + 1) % 4]] = middle + (1 - taper) * (ends - middle)
    # What is further off is foreshortened, too.
    corners[[far, (far + 1) % 4]] += 0.5 * taper * (near - middle)
    corners += rng.uniform(-0.01, 0.01, (4, 2)) * [width, height]
    sheet = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(sheet, corners.astype(np.float32))
    grains = cv2.resize(rng.normal(0, 12, (height // 4, 4)), (width, height))
    seen = cv2.warpPerspective(
        page.astype(np.float32), matrix, (width, height), flags=cv2.INTER_AREA
    )
    inside = cv2.warpPerspective(np.ones_like(page), matrix, (width, height))
    return as_bytes(np.where(inside > 0, 0.92 * seen, TABLE + grains)), matrix


DEGRADATIONS: Mapping[str, Callable[[Pixels, Rng], Pixels]] = {
    "clean": lambda page, rng: page,
    "shadow": shadow,
    "shadow-noise": shadow_noise,
    "falling-light": falling_light,
    "stains": stains,
    "faded": faded,
    "see-through": see_through,
    "grain": grain,
    "specks": specks,
    "blur": blur,
    "frame": frame,
}
