import json

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from ocr_core.errors import ConfigError
from ocr_core.recipes.handwriting.faces import find_hands, is_hand
from ocr_core.synth.fonts import Face


def face(path, family="Plain"):
    return Face(str(path), 0, family, "text", frozenset("ab "), 1.0)


def save_font(path, kind):
    """Writes a font that has no letters, and is of a family kind of PANOSE."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef"])
    builder.setupCharacterMap({})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0)})
    builder.setupHorizontalHeader()
    builder.setupOS2()
    builder.setupPost()
    builder.font["OS/2"].panose.bFamilyType = kind
    builder.save(path)
    return path


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        ("Patrick Hand", True),
        ("Dancing Script", True),
        ("Shadows Into Light", True),
        ("La Belle Aurore", True),
        ("Handjet", False),
        ("Noto Sans Inscriptional Pahlavi", False),
        ("Redacted Script", False),
        ("Liberation Serif", False),
    ],
)
def test_names_tell_of_hands(family, expected):
    assert is_hand(face("fonts/a.ttf", family)) is expected


def test_font_files_say_whether_they_are_written_by_hand(tmp_path):
    assert is_hand(face(save_font(tmp_path / "written.ttf", 3)))
    assert not is_hand(face(save_font(tmp_path / "printed.ttf", 2)))


@pytest.mark.parametrize(("category", "expected"), [("handwriting", True), ("serif", False)])
def test_a_package_is_believed_before_its_name_is(tmp_path, category, expected):
    files = tmp_path / "files"
    files.mkdir()
    (tmp_path / "metadata.json").write_text(json.dumps({"category": category}))
    assert is_hand(face(files / "some-script.woff2", "Some Script")) is expected


def test_metadata_that_cannot_be_read_says_nothing(tmp_path):
    (tmp_path / "metadata.json").write_text("[]")
    assert is_hand(face(tmp_path / "some-script.woff2", "Some Script"))


def test_hands_are_chosen_and_their_lack_is_told():
    plain, hand = face("a.ttf"), face("b.ttf", "Homemade Apple")
    assert find_hands([plain, hand]) == [hand]
    with pytest.raises(ConfigError, match="none of the fonts is handwriting"):
        find_hands([plain])
