"""The typefaces that synthetic pages are set in: found on the machine, checked, and weighted."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Literal

import pymupdf
from fontTools.ttLib import TTFont, TTLibError
from PIL import ImageFont

from ocr_core.charset import Charset
from ocr_core.errors import ConfigError
from ocr_core.synth import bitmaps, consolefonts
from ocr_core.synth.shapes import SHAPES

FontKind = Literal["text", "mono", "typewriter", "display"]
FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".fonts",
    Path("/usr/share/consolefonts"),
)

# Faces that draw something else than the letters that they are asked for, or letters that no
# document is set in.
_UNUSABLE = re.compile(
    r"symbol|dingbat|emoji|math|ornament|initials|icon|braille|barcode|awesome|smallcap|smcp|"
    r"titling|unicase|stencil|jsmath|wasy|opensymbol|caps|musi|chess|swash|sketch|outline|blackadder|"
    r"openlogos|fontin-?sc|cinzel|romandeadfstyle|-latin-(100|200|500|600|800|900)-|[-_]sc[-_.]|kristi|noto(sans|serif)(?!-|mono|display)[a-z]+-|ocr-?b-outline|"
    r"(cm|lm)(ex|mi|sy)\d|dsrom|feta|parmesan|lilypond|rufscript|redacted|flow|pixel|saypbc|hershey",
    re.IGNORECASE,
)
# Packages of npm hold a file for each script; the one of `latin` has the letters. To open the rest,
# three files in four, would take most of the search.
_OTHER_SCRIPT = re.compile(r"(?<!-latin)-\d{3}-(normal|italic)$")
_TYPEWRITER = re.compile(
    r"typewriter|typo|courier|gnutypewriter|cmun?t|lmmono|cmtt|prestige|nimbusmono|freemono|"
    r"texgyrecursor|liberationmono|cousine|special|traveling|elite|cutive",
    re.IGNORECASE,
)
_MONO = re.compile(
    r"mono|hack|fira(code|mono)|inconsolata|3270|hermit|agave|ocr|monof|m-plus-1-code|lekton|"
    # faces of bitmaps, as terminals and tills show them
    r"vt323|press-start|jersey|sixtyfour|workbench|doto|tiny5|micro-5|spleen|glass|unscii|unifont|proggy",
    re.IGNORECASE,
)
_DISPLAY = re.compile(
    r"comic|humor|dancing|dkg|breip|script|hand(?!jet)|essays|museum|opendyslexic|routed|osifont|"
    r"play(?!fair)|dustin|georgewilliams|jura|sora|compagnon|averia|tuffy|goudybook|chancery|chorus|"
    r"dyslexic|purisa|syne",
    re.IGNORECASE,
)
# The kin of what offices, publishers and shops print with (Times, Helvetica, Arial, Calibri,
# Cambria, Garamond, Century, Palatino, Bookman), which real documents show most.
_COMMON = re.compile(
    r"liberation|nimbus|texgyre|carlito|caladea|dejavu|freeserif|freesans|arimo|tinos|c059|p052|"
    r"urwbookman|urwgothic|ebgaramond|oldstandard|lmroman|cmunr|opensans|roboto|lato|notosans-|"
    r"notoserif-|linlibertine|libertinus|stix",
    re.IGNORECASE,
)
# What books of the 18th to the early 20th century are set in, and their revivals.
_BOOK = re.compile(
    r"fell|caslon|baskerv|bodoni|didot|garamond|goudy|century|caudex|cardo|junicode|elstob|neuton|"
    r"clarendon|fanwood|lindenhill|prata|bellefair|crimson|gelasio|rosarivo|bookman|schola",
    re.IGNORECASE,
)
_NEEDED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;-'()/&\"!?%+="


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file.

    Attributes:
        path: of the font file; or `builtin:NAME` for one that comes with PyMuPDF.
        characters: what it can draw of the charset, the space included, and shapes that
            `ocr_core.synth.shapes` draws in its place.
        weight: how often it is chosen, relative to others.
        rows: pixels to the em of a face that is made of pixels; 0 for outlines.
    """

    path: str
    index: int
    family: str
    kind: FontKind
    characters: frozenset[str]
    weight: float
    rows: int = 0

    @property
    def held_out(self) -> bool:
        """Whether the face is kept from training: one family in twenty, by its name."""
        return hashlib.sha256(self.family.encode()).digest()[0] < 13

    def holds(self, text: str) -> bool:
        return self.characters.issuperset(text)


def find_faces(charset: Charset, folders: Sequence[Path] = FONT_FOLDERS) -> list[Face]:
    """Every usable face in `folders`, or those that come with PyMuPDF where there is none.

    Raises:
        ConfigError: see `files_below`.
    """
    found = sorted(
        path
        for path in files_below(folders)
        if path.suffix.lower() in {".ttf", ".otf", ".ttc", ".woff2"} or bitmaps.is_usable(path)
    )
    consoles = [path for path in found if consolefonts.is_console_font(path)]
    files = [
        path for path in found if not consolefonts.is_console_font(path)
    ] + consolefonts.usable(consoles)
    faces = list(_distinct(face for path in files for face in _examine(path, charset)))
    return faces or [_builtin(name, charset) for name in ("helv", "tiro", "cour", "hebo", "tibo")]


def files_below(folders: Sequence[Path]) -> Iterator[Path]:
    """Whatever lies in folders of fonts; of those that systems have, some may be missing.

    Raises:
        ConfigError: another folder is missing.
    """
    for folder in folders:
        if folder.is_dir():
            yield from folder.rglob("*")
        elif folder not in FONT_FOLDERS:
            raise ConfigError(f"there is no folder of fonts {folder}: give another by --fonts")


@lru_cache(maxsize=256)
def open_font(face: Face, size_px: int) -> ImageFont.FreeTypeFont:
    """The face at a size in pixels to the em."""
    if face.path.startswith("builtin:"):
        data = pymupdf.Font(face.path.removeprefix("builtin:")).buffer
        return ImageFont.truetype(io.BytesIO(data), size_px)
    if face.rows:
        return ImageFont.truetype(io.BytesIO(bitmaps.outline(Path(face.path))), size_px)
    return ImageFont.truetype(face.path, size_px, index=face.index)


def _examine(path: Path, charset: Charset) -> list[Face]:
    """The face in a font file, or nothing when it is not fit for text."""
    if _UNUSABLE.search(path.name) or _OTHER_SCRIPT.search(path.stem):
        return []
    try:
        with _font_file(path) as file, TTFont(file, fontNumber=0, lazy=True) as font:
            known = set(map(chr, font.getBestCmap() or ()))
            family = str(font["name"].getBestFamilyName() or path.stem)
    except (TTLibError, KeyError, OSError, ValueError, AssertionError):
        return []
    if not known.issuperset(_NEEDED) or _UNUSABLE.search(family):
        return []
    kind: FontKind = "mono" if bitmaps.is_mono(path) else _kind(path.stem)
    characters = frozenset((known | set(SHAPES)) & set(charset.characters)) | {" "}
    rows = bitmaps.rows(path) if bitmaps.is_usable(path) else 0
    face = Face(str(path), 0, family, kind, characters, _weight(path.stem, kind), rows)
    return [face] if _draws_letters(face) else []


def _font_file(path: Path) -> BinaryIO:
    return io.BytesIO(bitmaps.outline(path)) if bitmaps.is_usable(path) else path.open("rb")


def _kind(name: str) -> FontKind:
    if _TYPEWRITER.search(name):
        return "typewriter"
    if _MONO.search(name):
        return "mono"
    return "display" if _DISPLAY.search(name) else "text"


def _weight(name: str, kind: FontKind) -> float:
    slanted = 0.4 if re.search(r"ital|obl|slant", name, re.IGNORECASE) else 1.0
    if _COMMON.search(name):
        return 4.0 * slanted
    if _BOOK.search(name):
        return 2.0 * slanted
    return (0.4 if kind == "display" else 1.0) * slanted


def _draws_letters(face: Face) -> bool:
    """Whether its letters have ink, differ from each other, and its small letters are small."""
    try:
        font = open_font(face, 32)
        shapes = {letter: bytes(font.getmask(letter)) for letter in "aegnoAEGNO1l0"}
        small, tall = font.getbbox("x"), font.getbbox("X")
    except OSError:
        return False
    if any(not any(shape) for shape in shapes.values()):
        return False
    if len(set(shapes.values())) < len(shapes) - 1:  # 1 and l may look alike in a typewriter face
        return False
    return bool((small[3] - small[1]) < 0.9 * (tall[3] - tall[1]))


def _distinct(faces: Iterable[Face]) -> Iterable[Face]:
    """One of each file name: distributions ship the same face in several formats."""
    seen = set()
    for face in faces:
        name = Path(face.path).stem.lower()
        if name not in seen:
            seen.add(name)
            yield face


def _builtin(name: str, charset: Charset) -> Face:
    known = frozenset(map(chr, pymupdf.Font(name).valid_codepoints()))
    characters = ((known | frozenset(SHAPES)) & frozenset(charset.characters)) | {" "}
    kind: FontKind = "typewriter" if name == "cour" else "text"
    return Face(f"builtin:{name}", 0, name, kind, characters, 1.0)
