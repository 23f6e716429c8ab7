"""The faces that plates are set in, and a line of characters drawn in one."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr_core.synth.fonts import Face, files_below, open_font

Pixels = NDArray[np.uint8]
# Upright, without serifs, of one weight: what is stamped into tin. Names of files.
_PLATE_LIKE = re.compile(
    r"^(dejavusans|liberationsans|liberationmono|arimo|roboto|oswald|barlow|league-?gothic|antonio|"
    r"archivo-?narrow|asap-?condensed|cabin-?condensed|big-?shoulders|encode-?sans|fira-?sans|"
    r"firasans|sofia-?sans|saira|share-?tech|pathway|pt-?sans|pt-?mono|ubuntu|open-?sans|overpass|"
    r"martian|b612|hack-|ibm-?plex-?(mono|sans)|sometype|reddit-?mono|kode-?mono|bai-jamjuree|"
    r"oxygen-?mono|azeret|red-hat-mono|smooch|texgyreheros|freesans|nimbussans|carlito|osifont|"
    r"routed|fjalla|din1451|dealerplate|share-?tech-mono)",
    re.IGNORECASE,
)
# What the words around the characters are set in: anything, for a few of each kind.
_LEGEND_LIKE = re.compile(
    r"^(c059|p052|z003|texgyre(chorus|bonum|schola|heros)|dejavu(serif|sans)|liberation|bitter|arvo|"
    r"gelasio|playfair|rokkitt|zilla|merriweather|sansita|vidaloka|prata|libre-caslon|goudy|antonio|"
    r"lobster|dancing|pacifico|courgette|oswald|roboto|opensans|comic|humor|carlito|caladea|bodoni)",
    re.IGNORECASE,
)
_UNFIT = re.compile(
    r"ital|obl|slant|thin|hair|extra-?light|outline|math|symbol|-latin-(100|200|300|900)-",
    re.IGNORECASE,
)
_LEGEND = string.ascii_letters + string.digits
_SUFFIXES = {".ttf", ".otf", ".woff2"}
_BUILTIN = ("hebo", "helv", "cobo", "cour")  # come with PyMuPDF: Helvetica's and Courier's kin


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character as drawn.

    Attributes:
        ink: (H, W) uint8, 255 full ink.
        rise_px: from the baseline up to the first row.
    """

    ink: Pixels
    rise_px: int


def find_plate_faces(folders: Sequence[Path], characters: str, count: int) -> list[Face]:
    """Up to `count` faces that plates could be set in, spread evenly over all that are found.

    Faces that come with PyMuPDF are taken where there is none.

    Raises:
        ConfigError: there is no such folder; see `ocr_core.synth.fonts.files_below`.
    """
    return _spread(_distinct(folders, characters, _PLATE_LIKE), characters, count)


def find_legend_faces(folders: Sequence[Path], count: int) -> list[Face]:
    """Up to `count` faces for names and mottoes, found and spread as `find_plate_faces` does."""
    return _spread(_distinct(folders, _LEGEND, _LEGEND_LIKE), _LEGEND, count)


def draw_line(face: Face, size_px: int, text: str, gaps_px: Sequence[int]) -> Pixels:
    """Text on one baseline, cut to its ink.

    Args:
        gaps_px: between each two neighbours; the first of one character is not asked for.

    Shapes:
        returns: (H, W) uint8, 255 full ink
    """
    glyphs = [_glyph(face, size_px, character) for character in text]
    top = max(glyph.rise_px for glyph in glyphs)
    height = max(top - glyph.rise_px + glyph.ink.shape[0] for glyph in glyphs)
    gaps = [*gaps_px[: len(text) - 1], 0]
    width = sum(glyph.ink.shape[1] for glyph in glyphs) + sum(gaps)
    ink = np.zeros((height, width), np.uint8)
    left = 0
    for glyph, gap in zip(glyphs, gaps, strict=True):
        rows, columns = glyph.ink.shape
        down = top - glyph.rise_px
        ink[down : down + rows, left : left + columns] = glyph.ink
        left += columns + gap
    return ink


@lru_cache(maxsize=20_000)
def _glyph(face: Face, size_px: int, character: str) -> Glyph:
    font = open_font(face, size_px)
    if character == " ":
        return Glyph(np.zeros((1, max(1, size_px // 4)), np.uint8), 1)
    left, top, right, bottom = font.getbbox(character, anchor="ls")
    picture = Image.new("L", (max(1, int(right - left)), max(1, int(bottom - top))))
    ImageDraw.Draw(picture).text((-left, -top), character, fill=255, font=font, anchor="ls")
    drawn = np.asarray(picture)
    rows, columns = (np.flatnonzero(drawn.any(axis=axis)) for axis in (1, 0))
    inked = drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Glyph(inked, -int(top) - int(rows[0]))


def _spread(faces: Iterable[Face], characters: str, count: int) -> list[Face]:
    found = list(faces)
    if not found:
        return [_face(f"builtin:{name}", characters) for name in _BUILTIN[:count]]
    chosen = np.unique(np.linspace(0, len(found) - 1, min(count, len(found))).round().astype(int))
    return [found[index] for index in chosen]


def _distinct(folders: Sequence[Path], characters: str, wanted: re.Pattern[str]) -> Iterator[Face]:
    """One usable face of each file name, by name: distributions ship some in several formats."""
    named = {
        path.stem.lower(): path
        for path in sorted(files_below(folders), reverse=True)
        if path.suffix.lower() in _SUFFIXES
        and wanted.search(path.name)
        and not _UNFIT.search(path.name)
    }
    for name in sorted(named):
        face = _face(str(named[name]), characters)
        if _draws(face, characters):
            yield face


def _face(path: str, characters: str) -> Face:
    return Face(path, 0, Path(path).stem, "text", frozenset(characters), 1.0)


def _draws(face: Face, characters: str) -> bool:
    """Whether each character has ink, and each its own; 0 and O may be one, as on some plates."""
    try:
        font = open_font(face, 24)
        shapes = {bytes(font.getmask(character)) for character in characters}
    except OSError:
        return False
    return all(any(shape) for shape in shapes) and len(shapes) >= len(characters) - 1
