"""Line crops to batches of like width, and back to one reading for each crop.

What a crop is padded to for the recogniser follows from its own width alone, and no batch holds a
single crop, so a line reads the same whatever its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocr_core import gaps
from ocr_core.charset import Charset
from ocr_core.isolation import is_out_of_memory
from ocr_core.recogniser import STRIDE

# Finer buckets pad less, but each costs some calls of its own: on real pages these cost the least,
# of nine sets that were compared.
BUCKET_WIDTHS = (*range(64, 512, 64), *range(512, 2048, 128), 2048)
# With one item in a batch, matrix products take another path through the kernels than with two or
# more, and the last bits of the result differ; between two and many they do not (oneDNN, measured).
MIN_BATCH = 2
# A gap of this share of the height between two pieces of a line is a space.
SPACE = 0.22


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A part of a crop that fits into a bucket.

    Attributes:
        line: which crop it was cut from, counted from 0.
        ends_in_space: whether a space parts it from the next piece of the same crop.
    """

    line: int
    pixels: NDArray[np.uint8]
    ends_in_space: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Pieces padded with white on their right to one width.

    Attributes:
        members: the number of each piece; the batch may be longer, filled up with white.
        crops: (N, H, W) uint8, the widest first.
        widths: (N,) int64, true width of each, in pixels.
    """

    members: tuple[int, ...]
    crops: NDArray[np.uint8]
    widths: NDArray[np.int64]


def bucket_widths(widths: NDArray[np.integer]) -> NDArray[np.int64]:
    """What crops are padded to for the recogniser, each by its own width."""
    return np.array(BUCKET_WIDTHS)[np.searchsorted(BUCKET_WIDTHS, widths)]


def cut_to_pieces(crops: Sequence[NDArray[np.uint8]]) -> list[Piece]:
    """Every crop, those wider than the widest bucket in several pieces, in order."""
    pieces = []
    for line, crop in enumerate(crops):
        rest = crop
        while rest.shape[1] > BUCKET_WIDTHS[-1]:
            position, is_space = _gap(rest)
            pieces.append(Piece(line, rest[:, :position], is_space))
            rest = rest[:, position:]
        pieces.append(Piece(line, rest))
    return pieces


def make_batches(pieces: Sequence[Piece], max_pixels: int) -> Iterator[Batch]:
    """Batches of pieces of like width, at most `max_pixels` pixels or else `MIN_BATCH` pieces."""
    if not pieces:
        return
    height = len(pieces[0].pixels)
    widths = bucket_widths(np.array([piece.pixels.shape[1] for piece in pieces]))
    members: list[int] = []
    pixels = 0
    for number in np.argsort(-widths, kind="stable").tolist():
        size = height * int(widths[number])
        if len(members) >= MIN_BATCH and pixels + size > max_pixels:
            yield _pad(pieces, members, int(widths[members[0]]))
            members, pixels = [], 0
        members.append(number)
        pixels += size
    yield _pad(pieces, members, int(widths[members[0]]))


def share_out(numbers: Sequence[int], most: int, least: int = MIN_BATCH) -> list[tuple[int, ...]]:
    """`numbers` in as few groups of at most `most`, or `least`, as can be, all about as long.

    >>> share_out([1, 2, 3, 4, 5], most=4)
    [(1, 2), (3, 4, 5)]
    """
    n_groups = -(-len(numbers) // max(most, least))
    bounds = [len(numbers) * group // max(n_groups, 1) for group in range(n_groups + 1)]
    return [tuple(numbers[a:b]) for a, b in pairwise(bounds)]


def fill_up(images: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """Images of one size as one array, made up to `MIN_BATCH` with white.

    Shapes:
        returns: (N, H, W) uint8
    """
    white = np.full_like(images[0], 255)
    return np.stack([*images, *[white] * (MIN_BATCH - len(images))])


def join(
    pieces: Sequence[Piece], readings: Sequence[NDArray[np.float32]], charset: Charset
) -> list[NDArray[np.float32]]:
    """The log-probabilities of each crop, from those of its pieces.

    Pieces end on whole steps, so the steps of a crop are its pieces' steps in a row. Where a space
    was cut through, the last step before the cut says so: neither side sees the whole of it.
    """
    lines: dict[int, list[NDArray[np.float32]]] = {}
    for piece, reading in zip(pieces, readings, strict=True):
        if piece.ends_in_space and charset.holds(" "):
            reading = reading.copy()
            reading[-1] = np.log(1e-9)
            reading[-1, charset.encode(" ")[0]] = 0
        lines.setdefault(piece.line, []).append(reading)
    return [parts[0] if len(parts) == 1 else np.concatenate(parts) for parts in lines.values()]


def run_halving(model: Callable[..., Iterable[Any]], *arrays: NDArray[Any]) -> list[Any]:
    """What `model` says of each item, in two halves where memory does not suffice for all."""
    count = len(arrays[0])
    try:
        return list(model(*arrays))
    except Exception as error:
        if count <= MIN_BATCH or not is_out_of_memory(error):
            raise
    half = count // 2
    first = run_halving(model, *(array[:half] for array in arrays))
    return first + run_halving(model, *(array[half:] for array in arrays))


def _gap(crop: NDArray[np.uint8]) -> tuple[int, bool]:
    """Where to cut a crop that is too wide, on a whole step, and whether that is in a space."""
    limit = BUCKET_WIDTHS[-1]
    blank = gaps.widest(gaps.blanks(gaps.has_ink(crop)), limit // 2, limit)
    if blank is None:
        darkness = crop[:, limit // 2 : limit].astype(np.int64).sum(axis=0)
        return (limit // 2 + int(darkness.argmax())) // STRIDE * STRIDE, False
    middle = (blank[0] + blank[1]) // 2
    return middle // STRIDE * STRIDE, blank[1] - blank[0] >= SPACE * len(crop)


def _pad(pieces: Sequence[Piece], members: Sequence[int], width: int) -> Batch:
    count = max(len(members), MIN_BATCH)
    crops = np.full((count, len(pieces[members[0]].pixels), width), 255, dtype=np.uint8)
    widths = np.full(count, pieces[members[-1]].pixels.shape[1], dtype=np.int64)
    for row, number in enumerate(members):
        pixels = pieces[number].pixels
        widths[row] = pixels.shape[1]
        crops[row, :, : widths[row]] = pixels
    return Batch(tuple(members), crops, widths)
