"""Pages that are not flat, such as those of a thick book: their lines run along curves.

The middles of long lines, as the detector marks them, tell by how much each place of the page is
shifted up or down: one smooth field of shifts has to make all lines straight at once. As in
Leptonica's dewarping (Bloomberg, 2010), only vertical shifts are taken back; that letters are
narrower where paper turns away from the camera is no matter to a recogniser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.cleaning.bending import STEP, Bent
from ocr_core.cleaning.curves import Curve, trace_curves
from schemas import PageImage

Floats = NDArray[np.float64]

# A page is bent if at least so many long lines say so, if the field departs from straight by this
# share of a line's height, ...
LEAST_LINES, BENT = 6, 0.15
# (which it does not if one slope for all lines leaves less than this share, as a root mean square)
LEAST_SLOPING = 0.03
# ... and if it leaves no more than this share of what one slope for all lines would leave, and no
# more than this share of a line's height, as root mean squares.
UNEXPLAINED, RAGGED = 0.5, 0.12
# A line that departs from the field by this many times the middle line's is no part of it.
STRANGE = 3.0
# The field: cubic splines of so many pieces across the page, and polynomials of degree 2 down it.
PIECES, DEGREE = 10, 2
# How much bends of the splines count against the points, for each degree down the page.
STIFFNESS = (1e-3, 1e-2, 1e-1)
# Across and down the page, where its bend is measured.
_PLACES = 16


def flatten_page(
    page: PageImage, probability_map: NDArray[np.float32], scale: float
) -> PageImage | None:
    """The page with its lines straight, or None if they are straight enough.

    Shapes:
        probability_map: (h, w) float32, 0 to 1: where the page has text
        scale: page pixels for one pixel of the map
    """
    if page.layer or isinstance(page.drawn, Bent):
        return None
    field = find_field(trace_curves(probability_map), probability_map.shape)
    return None if field is None else _flattened(page, field, scale)


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """By how much each place of a page is shifted down from where it would be on flat paper.

    Attributes:
        coefficients: (PIECES + 3, DEGREE + 1) float64, of the splines, for each degree of height.
        shape: height and width of the map that lengths are measured on.
        left, top, right, bottom: where there are lines; beyond, shifts are those of the edge.
        slope: of the lines as a whole, which is skew and no bend.
    """

    coefficients: Floats
    shape: tuple[int, ...]
    left: float
    top: float
    right: float
    bottom: float
    slope: float

    def shifts(self, x: Floats, y: Floats) -> Floats:
        """(rows, columns) for places, x of each column and y of each row, in pixels of the map."""
        x, y = np.clip(x, self.left, self.right), np.clip(y, self.top, self.bottom)
        inner = np.linspace(self.left, self.right, len(x))
        level = self._raw(inner, y).mean(axis=1, keepdims=True)
        return np.asarray(self._raw(x, y) - level)

    def bend(self) -> float:
        """By how much the middle row of the page departs from straight, in pixels of the map."""
        x = np.linspace(self.left, self.right, _PLACES)
        rows = self._raw(x, np.linspace(self.top, self.bottom, _PLACES)).T
        straight = np.vander(x, 2)
        fitted = straight @ np.linalg.lstsq(straight, rows, rcond=None)[0]
        return float(np.median(np.ptp(rows - fitted, axis=0)))

    def _raw(self, x: Floats, y: Floats) -> Floats:
        across, down = _splines(x / self.shape[1]), _powers(y / self.shape[0])
        return np.asarray(down @ self.coefficients.T @ across.T - self.slope * x)


def find_field(curves: Sequence[Curve], shape: tuple[int, ...]) -> Field | None:
    """The field of shifts that makes curves straight, if they are bent and it makes them so.

    Args:
        shape: height and width of the map.
    """
    if len(curves) < LEAST_LINES:
        return None
    height = 2 * float(np.median([curve.thickness for curve in curves]))
    if _rms(_sloping(curves)) < LEAST_SLOPING * height:  # as of most pages
        return None
    coefficients = _fit(curves, shape)
    left = np.array([_rms(_remains(curve, coefficients, shape)) for curve in curves])
    limit = STRANGE * max(float(np.median(left)), RAGGED * height / 2)
    curves = [curve for curve, rest in zip(curves, left.tolist(), strict=True) if rest <= limit]
    if len(curves) < LEAST_LINES:
        return None
    coefficients = _fit(curves, shape)
    field = _field(curves, coefficients, shape)
    if field.bend() < BENT * height:
        return None
    left = np.concatenate([_remains(curve, coefficients, shape) for curve in curves])
    is_explained = _rms(left) <= min(UNEXPLAINED * _rms(_sloping(curves)), RAGGED * height)
    return field if is_explained else None


def _field(curves: Sequence[Curve], coefficients: Floats, shape: tuple[int, ...]) -> Field:
    x, y = (np.concatenate([getattr(curve, axis) for curve in curves]) for axis in "xy")
    slope = _slope(*_about_middles(curves))
    edges = float(x.min()), float(y.min()), float(x.max()), float(y.max())
    return Field(coefficients, shape, *edges, slope)


def _sloping(curves: Sequence[Curve]) -> Floats:
    """What one slope for all lines leaves of their points."""
    x, y = _about_middles(curves)
    return y - _slope(x, y) * x


def _about_middles(curves: Sequence[Curve]) -> tuple[Floats, Floats]:
    """The points of all lines, x and y, each from the middle of its own line."""
    x = np.concatenate([_centred(curve.x) for curve in curves])
    return x, np.concatenate([_centred(curve.y) for curve in curves])


def _slope(x: Floats, y: Floats) -> float:
    return float(x @ y / (x @ x))


def _fit(curves: Sequence[Curve], shape: tuple[int, ...]) -> Floats:
    """The coefficients under which what is left of each curve varies least about its own height."""
    rows = np.concatenate([_centred(_terms(curve, shape)) for curve in curves])
    wanted = np.concatenate([_centred(curve.y) for curve in curves])
    count = PIECES + 3
    second = np.diff(np.eye(count), n=2, axis=0)
    weights = np.sqrt(len(rows) * np.array(STIFFNESS))
    stiff = np.kron(second, np.diag(weights))
    steady = 1e-3 * np.eye(rows.shape[1])  # for what no line tells
    none = np.zeros(len(stiff) + len(steady))
    found, *_ = np.linalg.lstsq(
        np.concatenate([rows, stiff, steady]), np.concatenate([wanted, none]), rcond=None
    )
    return np.asarray(found.reshape(count, DEGREE + 1))


def _terms(curve: Curve, shape: tuple[int, ...]) -> Floats:
    """(M, terms): what each coefficient adds at the points of a line, at its middle height."""
    down = _powers(np.full(len(curve), curve.y.mean() / shape[0]))
    across = _splines(curve.x / shape[1])
    return np.asarray((across[:, :, None] * down[:, None, :]).reshape(len(curve), -1))


def _along(curve: Curve, coefficients: Floats, shape: tuple[int, ...]) -> Floats:
    """(M,) the shifts along a line."""
    return np.asarray(_terms(curve, shape) @ coefficients.ravel())


def _remains(curve: Curve, coefficients: Floats, shape: tuple[int, ...]) -> Floats:
    """(M,) what the shifts leave of a curve."""
    return _centred(curve.y - _along(curve, coefficients, shape))


def _splines(places: Floats) -> Floats:
    """(M, PIECES + 3): the uniform cubic B-splines at places across the page, 0 to 1."""
    along = np.clip(places, 0, 1) * PIECES
    piece = np.minimum(along.astype(np.int64), PIECES - 1)
    u = along - piece
    weights = [(1 - u) ** 3, 3 * u**3 - 6 * u**2 + 4, -3 * u**3 + 3 * u**2 + 3 * u + 1, u**3]
    table = np.zeros((len(along), PIECES + 3))
    for number, weight in enumerate(weights):
        table[np.arange(len(along)), piece + number] = weight / 6
    return table


def _powers(places: Floats) -> Floats:
    """(M, DEGREE + 1): powers of places down the page, 0 to 1."""
    return np.vander(2 * places - 1, DEGREE + 1, increasing=True)


def _centred(values: Floats) -> Floats:
    return np.asarray(values - values.mean(axis=0))


def _rms(values: Floats) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def _flattened(page: PageImage, field: Field, scale: float) -> PageImage:
    height, width = page.pixels.shape
    columns = np.arange(-(-width // STEP) + 1) * STEP
    rows = np.arange(-(-height // STEP) + 1) * STEP
    shifts = scale * field.shifts(columns / scale, rows / scale)
    margin = STEP * int(np.ceil(np.abs(shifts).max() / STEP))  # what is shifted off the page
    shifts = np.pad(shifts, ((margin // STEP, margin // STEP), (0, 0)), mode="edge") - margin
    bent = Bent.of(page, shifts.astype(np.float32))
    x, y = bent.places(width, height + 2 * margin)
    pixels = cv2.remap(page.pixels, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return replace(page, pixels=np.asarray(pixels, np.uint8), drawn=bent)
