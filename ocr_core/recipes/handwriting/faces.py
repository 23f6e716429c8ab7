"""Which typefaces look as if somebody had written them by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from ocr_core.errors import ConfigError
from ocr_core.synth.fonts import Face

# Families of pen and brush, and what their makers call them: faces of packages that do not say.
_HAND = re.compile(
    r"hand(?!jet)|script(?!ional)|cursive|brush|calligra|chancery|chorus|breip|dkg|humor|rufscript|"
    r"kristi|caveat|kalam|homemade.?apple|dawning|reenie|shadows.?into|belle.?aurore|cedarville|"
    r"sacramento|allura|italianno|parisienne|great.?vibes|tangerine|satisfy|annie.?use|"
    r"rock.?salt|covered.?by|girl.?next|sue.?ellen|indie.?flower|architects.?daughter",
    re.IGNORECASE,
)
# What these names are in too, and is set in letters of print.
_PRINT = re.compile(r"inscript|redacted|shrikhand|khand|math", re.IGNORECASE)
# Family kind of PANOSE: 2 is of text, 3 is hand-written (OpenType, table OS/2, `panose`).
_TEXT_KIND, _HAND_KIND = 2, 3
# What packages of Fontsource say of themselves, two folders above their files or one.
_METADATA, _CATEGORY = "metadata.json", "handwriting"


def find_hands(faces: Sequence[Face]) -> list[Face]:
    """Those of some faces that are handwriting: by package, by PANOSE, or by name.

    Raises:
        ConfigError: none is.
    """
    hands = [face for face in faces if is_hand(face)]
    if not hands:
        raise ConfigError(
            "none of the fonts is handwriting: install some, such as those of Fontsource whose"
            " category is handwriting, and give their folders by --fonts"
        )
    return hands


def is_hand(face: Face) -> bool:
    """Whether a face is of handwriting.

    A package that says what it is, is believed; after it a font file that says it is written by
    hand; after it the names of file and family.
    """
    if category := _category(Path(face.path)):
        return category == _CATEGORY
    if _panose_kind(face) == _HAND_KIND:
        return True
    names = f"{Path(face.path).stem} {face.family}"
    return bool(_HAND.search(names)) and not _PRINT.search(names)


def _category(path: Path) -> str:
    """What the package of a font file says it is; nothing where it is in none."""
    for folder in path.parents[:2]:
        metadata = folder / _METADATA
        if metadata.is_file():
            try:
                return str(json.loads(metadata.read_text(encoding="utf-8")).get("category", ""))
            except (ValueError, AttributeError):
                return ""
    return ""


def _panose_kind(face: Face) -> int:
    """The family kind that a font file states; that of text where it states none."""
    if face.rows or face.path.startswith("builtin:"):
        return _TEXT_KIND
    try:
        with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
            return int(font["OS/2"].panose.bFamilyType)
    except (TTLibError, KeyError, OSError, AttributeError):
        return _TEXT_KIND
