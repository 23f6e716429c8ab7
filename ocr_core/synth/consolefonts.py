"""Fonts of text consoles: PSF files, 1 and 2, whose characters are small bitmaps of one size.

Tills and matrix printers draw with the same faces, since both fill cells of a few dots.
The format: https://www.win.tue.nl/~aeb/linux/kbd/font-formats-1.html
"""

from __future__ import annotations

import gzip
import re
import string
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr_core.charset import latin

Bits = NDArray[np.bool_]
SUFFIXES = (".psf.gz", ".psfu.gz")
# Faces that come in another format too, those of 14 and 16 lines with each pixel doubled, those for
# scripts that the charset lacks, one whose accents are cut off, and code page 852, which draws
# frames where it says letters.
_UNUSABLE = re.compile(
    r"terminus|spleen|fixed15|28x16|32x16|brl|^(lat2|ruscii|koi8|alt|cyr|arm|tis|vietnamese)",
    re.IGNORECASE,
)
_NEEDED = string.ascii_letters + string.digits + string.punctuation
# Of the ink of two faces, the share that may differ before they are two designs. The code pages of
# one design differ in a few letters, sizes and weights in a third and more.
_SAME_DESIGN = 0.12


def is_console_font(path: Path) -> bool:
    """Whether a file is a font of consoles, by its name."""
    return path.name.endswith(SUFFIXES)


def usable(paths: Iterable[Path]) -> list[Path]:
    """One file of each design that has all of ASCII: the one with the most characters."""
    fonts = [(path, font) for path in paths for font in _fonts_in(path)]
    fonts.sort(key=lambda item: (-len(item[1]), item[0].name))
    designs: list[Bits] = []
    chosen = []
    for path, font in fonts:
        design = np.stack([font[character] for character in _NEEDED])
        if not any(_alike(design, other) for other in designs):
            designs.append(design)
            chosen.append(path)
    return sorted(chosen)


@lru_cache(maxsize=256)
def read(path: Path) -> Mapping[str, Bits]:
    """The characters of the charset that a font draws: (height, width) bool, True for ink.

    Raises:
        OSError: it is damaged, or does not say which characters it draws.
    """
    try:
        data = gzip.decompress(path.read_bytes())
        pixels, table = _parts(data)
    except (EOFError, ValueError, struct.error, zlib.error) as error:
        raise OSError(f"{path} is no console font: {error}") from error
    known = set(latin().characters)
    drawn = {
        character: bits
        for bits, characters in zip(pixels, table, strict=False)
        for character in known.intersection(characters)
        if bits.any() or character == " "
    }
    # One picture may stand for a hyphen and a dash, or for a letter with an accent and without: it
    # is that of the plainest.
    plainest: dict[bytes, str] = {}
    for character in sorted(drawn):
        plainest.setdefault(drawn[character].tobytes(), character)
    return {character: drawn[character] for character in plainest.values()}


def _fonts_in(path: Path) -> Iterator[Mapping[str, Bits]]:
    """The font of a file, if it has all of ASCII."""
    if _UNUSABLE.search(path.name):
        return
    try:
        font = read(path)
    except OSError:
        return
    if font.keys() >= set(_NEEDED):
        yield font


def _alike(one: Bits, other: Bits) -> bool:
    if one.shape != other.shape:
        return False
    return bool((one ^ other).sum() < _SAME_DESIGN * max(one.sum(), other.sum()))


def _parts(data: bytes) -> tuple[Bits, list[str]]:
    """The bitmaps, (N, height, width) bool, and the characters that each of them draws."""
    if data[:2] == b"\x36\x04":
        mode, size = struct.unpack_from("<BB", data, 2)
        start, n, height, width = 4, 512 if mode & 1 else 256, size, 8
        has_table, wide_table = mode & 6, False
    elif data[:4] == b"\x72\xb5\x4a\x86":
        start, flags, n, size, height, width = struct.unpack_from("<IIIIII", data, 8)
        has_table, wide_table = flags & 1, True
    else:
        raise ValueError("its first bytes are others")
    if not has_table:
        raise ValueError("it does not say which characters it draws")
    if size != height * (-(-width // 8)) or not size or len(data) < start + n * size:
        raise ValueError("it is cut off")
    rows = np.frombuffer(data, np.uint8, n * size, start).reshape(n, height, -1)
    bits = np.unpackbits(rows, axis=2)[:, :, :width].astype(bool)
    rest = data[start + n * size :]
    return bits, _utf8_table(rest) if wide_table else _utf16_table(rest)


def _utf16_table(data: bytes) -> list[str]:
    """Characters of each bitmap: single ones, then sequences, which are left out."""
    codes = np.frombuffer(data[: len(data) // 2 * 2], "<u2")
    ends = np.flatnonzero(codes == 0xFFFF)
    entries = np.split(codes, ends + 1)[: len(ends)]
    return ["".join(map(chr, entry[: _first(entry[:-1], 0xFFFE)].tolist())) for entry in entries]


def _utf8_table(data: bytes) -> list[str]:
    entries = data.split(b"\xff")[:-1]
    return [entry.split(b"\xfe")[0].decode("utf-8", errors="ignore") for entry in entries]


def _first(codes: NDArray[np.uint16], code: int) -> int:
    found = np.flatnonzero(codes == code)
    return int(found[0]) if len(found) else len(codes)
