from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from ocr_core.charset import latin
from ocr_core.errors import ConfigError
from ocr_core.synth import fonts
from ocr_core.synth.fonts import find_faces, open_font

LETTERS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;-'()/&\"!?%+= é\N{SNOWMAN}"
)


def box(width, height):
    pen = TTGlyphPen(None)
    for move, point in zip(
        (pen.moveTo, pen.lineTo, pen.lineTo, pen.lineTo),
        [(50, 0), (50, height), (50 + width, height), (50 + width, 0)],
        strict=True,
    ):
        move(point)
    pen.closePath()
    return pen.glyph()


def save_font(path, family="Plain", letters=LETTERS, all_alike=False, small=450):
    """A font whose letters are boxes: each of a width of its own, small ones lower."""
    names = {ord(letter): f"g{number}" for number, letter in enumerate(letters)}
    glyphs = {".notdef": box(300, 700)}
    for number, letter in enumerate(letters):
        width = 300 if all_alike else 100 + 32 * number  # a pixel apart at 32 to the em
        glyphs[f"g{number}"] = box(width, small if letter.islower() else 700)
    if " " in letters:
        glyphs[names[ord(" ")]] = TTGlyphPen(None).glyph()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(list(glyphs))
    font.setupCharacterMap(names)
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics(dict.fromkeys(glyphs, (3000, 50)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": family, "styleName": "Regular"})
    font.setupOS2()
    font.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    font.save(path)


def test_without_fonts_there_are_those_of_pymupdf(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "FONT_FOLDERS", (tmp_path / "nowhere",))  # as on a bare machine
    faces = find_faces(latin(), [tmp_path, tmp_path / "nowhere"])
    assert [face.path for face in faces] == [
        f"builtin:{name}" for name in ("helv", "tiro", "cour", "hebo", "tibo")
    ]
    assert {face.kind for face in faces} == {"text", "typewriter"}
    for face in faces:
        assert face.holds("The quick brown fox, 1234567890!")
        assert latin().holds("".join(face.characters))
        assert open_font(face, 30).getlength("word") > 20


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    save_font(tmp_path / "Plain.ttf")
    for name in ("nowhere", "Plain.ttf"):
        with pytest.raises(ConfigError, match=f"there is no folder of fonts .*{name}"):
            find_faces(latin(), [tmp_path, tmp_path / name])


def test_a_font_in_a_folder_is_found_and_the_others_are_not_taken(tmp_path):
    save_font(tmp_path / "deep" / "Plain-Regular.ttf")
    (face,) = find_faces(latin(), [tmp_path])
    assert face.path.endswith("Plain-Regular.ttf")
    assert (face.family, face.kind, face.weight) == ("Plain", "text", 1.0)
    assert face.holds("Hé 1")
    assert not face.holds("\N{SNOWMAN}")  # the font has it, the charset has not
    assert not face.holds("ü")


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("FancySymbol.ttf", {}),
        ("Plain.ttf", {"family": "Great Icons"}),
        ("Plain.ttf", {"letters": LETTERS.replace("q", "")}),
        ("Plain.ttf", {"all_alike": True}),
        ("SmallCapitals.ttf", {"small": 690}),
        ("plain-latin-ext-400-normal.ttf", {}),
        ("plain-cyrillic-700-italic.ttf", {}),
    ],
)
def test_faces_that_text_is_not_set_in_are_left_out(tmp_path, name, settings):
    save_font(tmp_path / name, **settings)
    assert {face.path[:8] for face in find_faces(latin(), [tmp_path])} == {"builtin:"}


@pytest.mark.parametrize("name", ["plain-latin-400-normal.ttf", "Plain-400.ttf"])
def test_files_of_latin_script_are_taken(tmp_path, name):
    save_font(tmp_path / name)
    assert [Path(face.path).name for face in find_faces(latin(), [tmp_path])] == [name]


def test_files_that_are_no_fonts_are_left_out(tmp_path):
    (tmp_path / "torn.ttf").write_bytes(b"\x00\x01\x00\x00 torn")
    (tmp_path / "empty.otf").write_bytes(b"")
    (tmp_path / "readme.txt").write_text("fonts")
    save_font(tmp_path / "good.ttf")
    assert [face.path[-8:] for face in find_faces(latin(), [tmp_path])] == ["good.ttf"]


def test_the_same_face_in_two_formats_counts_once(tmp_path):
    save_font(tmp_path / "a" / "Plain.ttf")
    save_font(tmp_path / "b" / "plain.otf")
    assert len(find_faces(latin(), [tmp_path])) == 1


@pytest.mark.parametrize(
    ("name", "kind", "weight"),
    [
        ("Courier-Fine.ttf", "typewriter", 1.0),
        ("FiraCode.ttf", "mono", 1.0),
        ("Comic.ttf", "display", 0.4),
        ("LiberationSerif-Regular.ttf", "text", 4.0),
        ("LiberationSerif-Italic.ttf", "text", 1.6),
        ("Strange-Oblique.ttf", "text", 0.4),
    ],
)
def test_the_name_tells_the_kind_and_how_common_a_face_is(tmp_path, name, kind, weight):
    save_font(tmp_path / name)
    (face,) = find_faces(latin(), [tmp_path])
    assert face.kind == kind
    assert face.weight == pytest.approx(weight)


def test_a_family_is_held_out_as_a_whole_and_few_are(tmp_path):
    for number in range(60):
        save_font(tmp_path / f"plain{number}.ttf", family=f"Family {number // 2}")
    faces = find_faces(latin(), [tmp_path])
    held_out = {face.family for face in faces if face.held_out}
    assert held_out.isdisjoint(face.family for face in faces if not face.held_out)
    assert len(faces) == 60
    assert len(held_out) <= 6


def test_console_fonts_are_faces_of_pixels(tmp_path, save_console_font):
    save_console_font(tmp_path / "Lat15-VGA16.psf.gz")
    save_console_font(tmp_path / "Uni9-VGA16.psf.gz")  # the same design
    (face,) = find_faces(latin(), [tmp_path])
    assert (face.kind, face.rows, face.family) == ("mono", 16, "console vga")
    assert face.holds("GST @ 6% #02-118 & *S")
    assert open_font(face, 32).getlength("MM") == 32
