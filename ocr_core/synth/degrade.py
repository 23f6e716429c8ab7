"""Clean ink to what printers, scanners, copiers and cameras make of it.

Two steps, as in life: `print_ink` wears the ink at the resolution it was drawn at, `scan` puts it
on paper and takes its picture. In between a caller shrinks the ink to the scan's resolution.
What matters and how much is known from benchmarks of noisy pages: blur, speckle, weak ink, low
resolution, thresholding, JPEG.

Sums and products of whole pictures are OpenCV's, one pass each from bytes to bytes: NumPy goes
through arrays of floats, and to claim and touch their memory took a third of all time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Rng = np.random.Generator
_FIELD_SIDE = 1024


def print_ink(ink: Pixels, rng: Rng, em_px: float, strength: float) -> Pixels:
    """Ink as a worn ribbon, a starved toner or a wet press lays it: thin, fat, ragged, mottled.

    Args:
        ink: (H, W) uint8, 255 full ink.
        em_px: pixels to the em of the text, which sets the size of what goes wrong.
        strength: 0 leaves the ink as it is; 1 is the usual range.
    """
    if rng.random() > 0.75 * strength:
        return ink
    if rng.random() < 0.12 * strength:
        ink = _clogged(ink, rng, em_px)
    sigma = em_px * rng.uniform(0.008, 0.030) * strength
    soft = cv2.GaussianBlur(ink, (0, 0), max(sigma, 0.3))
    # Ink stands where the blurred ink passes a threshold; moving it thins or fattens strokes, and
    # a field of noise under it makes edges ragged and breaks thin strokes.
    threshold = 127 + float(np.clip(rng.normal(0, 26), -60, 30)) * strength
    level = [(soft, 1.0)]
    if rng.random() < 0.6:
        fine = _field(rng, ink.shape, em_px * rng.uniform(0.03, 0.10))
        level.append((fine, rng.uniform(5, 36) * strength))
    if rng.random() < 0.3:
        broad = _field(rng, ink.shape, em_px * rng.uniform(0.3, 2.0))
        level.append((broad, rng.uniform(5, 30) * strength))
    steepness = rng.uniform(1.5, 6.0)
    worn = _add([(part, amount * steepness) for part, amount in level], 127 - threshold * steepness)
    if rng.random() < 0.35:  # ribbon and toner lie unevenly within a stroke too
        mottled = _field(rng, ink.shape, em_px * rng.uniform(0.03, 0.3))
        depth = rng.uniform(0.1, 0.5) * strength * 255
        share = _add([(mottled, -depth)], 255 - 0.8 * depth)
        share = np.maximum(share, np.uint8(64))
        worn = np.asarray(cv2.multiply(worn, share, scale=1 / 255), dtype=np.uint8)
    return worn


def _clogged(ink: Pixels, rng: Rng, em_px: float) -> Pixels:
    """Ink with its small counters filled, as by dirty type: an `e` all but becomes an `o`."""
    side = max(2, round(em_px * rng.uniform(0.05, 0.14)))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, disc)
    # Dirt lies here and there; where the field is low, counters stay open.
    dirt = _field(rng, ink.shape, em_px * rng.uniform(0.4, 2.0))
    share = _add([(dirt, 400.0)], 255 * rng.uniform(0.3, 1.0))
    return np.maximum(ink, np.asarray(cv2.multiply(closed, share, scale=1 / 255), np.uint8))


def ribbon(ink: Pixels, rng: Rng, em_px: float) -> Pixels:
    """Ink from a ribbon that is drier in some places: darker and paler over a few letters or lines.

    Args:
        em_px: pixels to the em of the text.
    """
    field = _field(rng, ink.shape, em_px * rng.uniform(0.5, 8.0))
    depth = rng.uniform(0.05, 0.22) * 255
    share = np.maximum(_add([(field, depth)], 255 - 1.2 * depth), np.uint8(100))
    return np.asarray(cv2.multiply(ink, share, scale=1 / 255), dtype=np.uint8)


def dot_matrix(ink: Pixels, rng: Rng, em_px: float) -> Pixels:
    """Ink as the needles of a matrix printer or the elements of a thermal one lay it, in dots."""
    cell = max(2, round(em_px / rng.uniform(9, 22)))
    height, width = (-(-side // cell) * cell for side in ink.shape)
    padded = cv2.copyMakeBorder(
        ink, 0, height - ink.shape[0], 0, width - ink.shape[1], cv2.BORDER_CONSTANT, value=0
    )
    cells = cv2.resize(padded, (width // cell, height // cell), interpolation=cv2.INTER_AREA)
    struck = np.where(cells > rng.uniform(70, 130), np.uint8(255), np.uint8(0))
    grid = cv2.resize(struck, (width, height), interpolation=cv2.INTER_NEAREST)
    offsets = (np.arange(cell) - (cell - 1) / 2) / cell
    distance = np.hypot(offsets[:, None], offsets[None, :])
    # Needles leave dots; the elements of a thermal head leave squares that touch.
    dot = np.clip((rng.uniform(0.45, 1.0) - distance) * cell, 0, 1)
    dots = np.tile((dot * 255).astype(np.uint8), (height // cell, width // cell))
    drawn = cv2.multiply(grid, dots, scale=1 / 255)
    return np.ascontiguousarray(drawn[: ink.shape[0], : ink.shape[1]])


def scan(ink: Pixels, rng: Rng, strength: float) -> Pixels:
    """The picture of ink on paper.

    Args:
        ink: (H, W) uint8, 255 full ink, at the resolution of the scan.
        strength: 0 gives clean black on white; 1 is the usual range.

    Returns:
        (H, W) uint8, 0 black, 255 white.
    """
    if rng.random() < 0.20 * (2 - strength):
        return np.asarray(cv2.bitwise_not(ink), dtype=np.uint8)  # born digital
    pixels = _on_paper(ink, rng, strength)
    pixels = _blur(pixels, rng, strength)
    pixels = _noise(pixels, rng, strength)
    if rng.random() < 0.28:
        pixels = _binarise(pixels, rng)
    if rng.random() < 0.25 * strength:
        pixels = _speckle(pixels, rng)
    if rng.random() < 0.35:
        pixels = _jpeg(pixels, int(rng.triangular(12, 60, 95)))
    return pixels


def photograph(pixels: Pixels, rng: Rng, strength: float = 1.0) -> Pixels:
    """What a lens, a sensor and a file make of a view that is no sheet of paper.

    Args:
        pixels: (H, W) uint8, 0 black, 255 white; so is what is returned.
        strength: 0 hardly changes it; 1 is the usual range.
    """
    if rng.random() < 0.5 * strength:
        pixels = np.asarray(cv2.multiply(pixels, _shade(pixels.shape, rng), dtype=cv2.CV_8U))
    pixels = _noise(_blur(pixels, rng, strength), rng, strength)
    return _jpeg(pixels, int(rng.triangular(25, 75, 95))) if rng.random() < 0.6 else pixels


def shrink(pixels: Pixels, scale: float, rng: Rng) -> Pixels:
    """To `scale` of the size, by one of the ways in which scanners and programs shrink."""
    way = (cv2.INTER_AREA, cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC)[int(rng.integers(4))]
    if scale < 0.6 and way != cv2.INTER_AREA:
        way = cv2.INTER_AREA
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=way), dtype=np.uint8)


def scan_em(rng: Rng) -> float:
    """Pixels to the em of scanned letters, which is what limits reading: 12 to 48."""
    return float(np.exp(rng.uniform(np.log(12.0), np.log(48.0))))


def shrink_to_scan(ink: Pixels, em_px: float, rng: Rng) -> tuple[Pixels, float]:
    """Ink at the resolution of some scan, never enlarged, and its scale to what was given."""
    scale = min(1.0, scan_em(rng) / em_px)
    return (shrink(ink, scale, rng), scale) if scale < 0.95 else (ink, 1.0)


def contrast(pixels: Pixels, tail: float) -> int:
    """How much lighter the light pixels are than the dark ones, 0 to 255.

    Args:
        tail: share of pixels left out at each end, as specks.
    """
    counts = np.bincount(pixels.ravel(), minlength=256).cumsum()
    low, high = np.searchsorted(counts, (tail * pixels.size, (1 - tail) * pixels.size))
    return int(high - low)


def _on_paper(ink: Pixels, rng: Rng, strength: float) -> Pixels:
    paper = 255 - rng.exponential(22) * strength
    paper = max(paper, 120.0)
    contrast = np.clip(1 - abs(rng.normal(0, 0.28)) * strength, 0.3, 1.0)
    black = paper * (1 - contrast) + rng.uniform(0, 25)
    shade = _shade(ink.shape, rng) if rng.random() < 0.3 * strength else None
    uneven: list[tuple[MatLike, float]] = []
    if rng.random() < 0.35 * strength:
        texture = _field(rng, ink.shape, float(rng.choice([1.0, 2.0, 6.0, 25.0])))
        uneven.append((texture, rng.uniform(1, 12)))
    if rng.random() < 0.12 * strength:
        other_side = _bleed_through(ink, rng)
        uneven.append((other_side, -rng.uniform(0.05, 0.28)))
    cover = np.linspace(0, 1, 256)  # of the paper, by ink
    pixels = cv2.LUT(ink, (paper + cover * (black - paper)).astype(np.float32))
    if uneven:
        bare = cv2.LUT(ink, (1 - cover).astype(np.float32))
        pixels = cv2.add(pixels, cv2.multiply(bare, _add_exactly(uneven)))
    if shade is not None:
        return np.asarray(cv2.multiply(pixels, shade, dtype=cv2.CV_8U), dtype=np.uint8)
    return _add([(pixels, 1.0)])


def _bleed_through(ink: Pixels, rng: Rng) -> MatLike:
    """The mirrored other side of the sheet, soft."""
    other = np.roll(ink[:, ::-1], (int(rng.integers(-40, 40)), int(rng.integers(-40, 40))), (0, 1))
    return cv2.GaussianBlur(np.ascontiguousarray(other), (0, 0), rng.uniform(0.8, 2.5))


def _blur(pixels: Pixels, rng: Rng, strength: float) -> Pixels:
    chance = rng.random()
    if chance < 0.45 * strength:
        sigma = rng.exponential(0.55) * strength + 0.25
        return np.asarray(cv2.GaussianBlur(pixels, (0, 0), min(sigma, 2.0)), dtype=np.uint8)
    if chance < 0.52 * strength:
        return _motion_blur(pixels, rng)
    if chance < 0.62:  # scanners sharpen
        soft = cv2.GaussianBlur(pixels, (0, 0), 1.2)
        amount = rng.uniform(0.4, 1.5)
        return np.asarray(cv2.addWeighted(pixels, 1 + amount, soft, -amount, 0), dtype=np.uint8)
    return pixels


def _motion_blur(pixels: Pixels, rng: Rng) -> Pixels:
    length = int(rng.integers(2, 5))
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, np.pi)
    reach = (length - 1) / 2
    for step in np.linspace(-reach, reach, 4 * length):
        x = round(reach + step * np.cos(angle))
        y = round(reach + step * np.sin(angle))
        kernel[y, x] = 1
    return np.asarray(cv2.filter2D(pixels, -1, kernel / kernel.sum()), dtype=np.uint8)


def _noise(pixels: Pixels, rng: Rng, strength: float) -> Pixels:
    if rng.random() > 0.5 * strength:
        return pixels
    grain = float(rng.choice([0.0, 0.0, 0.7, 1.5]))
    noise = _field(rng, pixels.shape, grain)
    return _add([(pixels, 1.0), (noise, rng.exponential(7) * strength + 1)])


def _binarise(pixels: Pixels, rng: Rng) -> Pixels:
    """Black and white, as office scanners and microfilm readers save."""
    if rng.random() < 0.65:
        level, _ = cv2.threshold(pixels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        level = float(np.clip(level * rng.uniform(0.8, 1.2), 20, 235))
        _, black_and_white = cv2.threshold(pixels, level, 255, cv2.THRESH_BINARY)
        return np.asarray(black_and_white, dtype=np.uint8)
    side = int(rng.choice([15, 25, 41, 61]))
    return np.asarray(
        cv2.adaptiveThreshold(
            pixels, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, side, rng.uniform(6, 25)
        ),
        dtype=np.uint8,
    )


def _speckle(pixels: Pixels, rng: Rng) -> Pixels:
    """Dust and dropouts: dark and light specks of one pixel and more."""
    field = _field(rng, pixels.shape, float(rng.choice([0.0, 0.0, 0.8, 1.6])))
    share = 10 ** rng.uniform(-3.5, -1.7)
    low, high = np.quantile(_field(rng, (256, 256), 0.0), [share, 1 - share])
    speckled = pixels.copy()
    if rng.random() < 0.8:
        speckled[field > high] = rng.integers(0, 80)
    if rng.random() < 0.6:
        speckled[field < low] = 255
    return speckled


def _jpeg(pixels: Pixels, quality: int) -> Pixels:
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def _shade(shape: tuple[int, ...], rng: Rng) -> MatLike:
    """Light that falls off over the page, 0.7 to 1, float32."""
    corners = rng.uniform(-1, 0, (2, 2))
    shade = 1 + corners * rng.uniform(0.05, 0.30)
    return cv2.resize(shade.astype(np.float32), (shape[1], shape[0]))


def _add(parts: Sequence[tuple[MatLike, float]], offset: float = 0.0) -> Pixels:
    """The sum of up to three arrays, each times its amount, as bytes."""
    *others, (last, amount) = parts
    if not others:
        total = cv2.addWeighted(last, amount, last, 0.0, offset, dtype=cv2.CV_8U)
    elif len(others) == 1:
        total = cv2.addWeighted(*others[0], last, amount, offset, dtype=cv2.CV_8U)
    else:
        total = cv2.addWeighted(_add_exactly(others), 1.0, last, amount, offset, dtype=cv2.CV_8U)
    return np.asarray(total, dtype=np.uint8)


def _add_exactly(parts: Sequence[tuple[MatLike, float]]) -> MatLike:
    """The sum of one or two arrays, each times its amount, as float32."""
    first, second = (*parts, (parts[0][0], 0.0))[:2]
    return cv2.addWeighted(*first, *second, 0.0, dtype=cv2.CV_32F)


def _field(rng: Rng, shape: tuple[int, ...], grain_px: float) -> NDArray[np.float32]:
    """Noise of mean 0 and deviation 1 whose features are about `grain_px` wide.

    A window of one of a few fields made once: drawing noise anew would take most of the time.
    """
    height, width = shape[:2]
    # Coarser noise is a fine field enlarged.
    zoom = max(1.0, grain_px / 1.5)
    fields = _fields(grain_px > 0.3)
    field = fields[int(rng.integers(len(fields)))]
    rows, columns = int(height / zoom) + 2, int(width / zoom) + 2
    # What does not fit into a field sees it repeated.
    fits = max(rows, columns) <= _FIELD_SIDE
    room = [
        (_FIELD_SIDE if fits else (-(-n // _FIELD_SIDE) + 1) * _FIELD_SIDE) - n
        for n in (rows, columns)
    ]
    y, x = (int(rng.integers(max(1, over))) for over in room)
    if fits:
        window = field[y : y + rows, x : x + columns]
    else:
        spans = list(_spans(x, columns))
        window = np.block([[field[down, across] for across in spans] for down in _spans(y, rows)])
    if zoom == 1.0:
        return window[:height, :width]
    return np.asarray(
        cv2.resize(window, (width, height), interpolation=cv2.INTER_LINEAR), dtype=np.float32
    )


def _spans(start: int, length: int) -> Iterator[slice]:
    """The parts of a repeated field that cover `length` from `start`, one after the other."""
    start %= _FIELD_SIDE
    while length > 0:
        end = min(start + length, _FIELD_SIDE)
        yield slice(start, end)
        length -= end - start
        start = 0


@lru_cache(maxsize=2)
def _fields(smooth: bool) -> tuple[NDArray[np.float32], ...]:
    rng = np.random.default_rng(7)
    fields = []
    for _ in range(4):
        field = rng.standard_normal((_FIELD_SIDE, _FIELD_SIDE)).astype(np.float32)
        if smooth:
            soft = cv2.GaussianBlur(field, (0, 0), 0.8, borderType=cv2.BORDER_REFLECT)
            field = np.asarray(soft / np.std(soft), dtype=np.float32)
        fields.append(field)
    return tuple(fields)
