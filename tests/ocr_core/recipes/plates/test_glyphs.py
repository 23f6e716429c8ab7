import shutil
from pathlib import Path

import pytest

from ocr_core.errors import ConfigError
from ocr_core.recipes.plates.glyphs import draw_line, find_legend_faces, find_plate_faces

DIGITS = "0123456789"
DEJAVU = Path("/usr/share/fonts/truetype/dejavu")


@pytest.fixture
def face():
    return find_plate_faces([], DIGITS, 1)[0]


def test_there_are_faces_where_none_are_installed():
    assert [face.path for face in find_plate_faces([], DIGITS, 3)] == [
        "builtin:hebo", "builtin:helv", "builtin:cobo",
    ]  # fmt: skip
    assert len(find_legend_faces([], 2)) == 2


@pytest.mark.parametrize(
    "find",
    [
        lambda folders: find_plate_faces(folders, DIGITS, 3),
        lambda found: find_legend_faces(found, 3),
    ],
)
def test_a_folder_that_is_not_there_is_refused(tmp_path, find):
    with pytest.raises(ConfigError, match=r"no folder of fonts .*nowhere"):
        find([tmp_path, tmp_path / "nowhere"])


def test_a_line_is_as_wide_as_its_glyphs_and_gaps(face):
    tight = draw_line(face, 20, "12345", [0] * 4)
    wide = draw_line(face, 20, "12345", [3, 1, 4, 1])
    assert wide.shape[1] == tight.shape[1] + 9
    assert wide.shape[0] == tight.shape[0]


def test_a_line_is_cut_to_its_ink(face):
    ink = draw_line(face, 40, "08", [5])
    assert ink[:, 0].any()
    assert ink[:, -1].any()
    assert ink[0].any()
    assert ink[-1].any()


def test_characters_stand_on_one_baseline(face):
    ink = draw_line(face, 40, "1-1", [2, 2])
    dash = ink[:, ink.shape[1] // 2] > 127
    assert not dash[0]
    assert not dash[-1]
    assert dash.any()


@pytest.mark.skipif(not DEJAVU.is_dir(), reason="needs Debian's fonts-dejavu-core")
def test_faces_are_upright_distinct_and_as_many_as_asked_for(tmp_path):
    for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"):
        shutil.copy(DEJAVU / name, tmp_path / name)
    shutil.copy(DEJAVU / "DejaVuSans.ttf", tmp_path / "DejaVuSans-Oblique.ttf")
    (tmp_path / "again").mkdir()
    shutil.copy(DEJAVU / "DejaVuSans.ttf", tmp_path / "again" / "DejaVuSans.ttf")
    (tmp_path / "DejaVuSansBroken.ttf").write_bytes(b"not a font")
    found = find_plate_faces([tmp_path], DIGITS, 10)
    assert sorted(face.family for face in found) == [
        "DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono",
    ]  # fmt: skip
    assert len(find_plate_faces([tmp_path], DIGITS, 2)) == 2
