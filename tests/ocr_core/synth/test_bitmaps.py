import gzip
import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageFont

from ocr_core.synth import bitmaps

X11 = Path("/usr/share/fonts/X11/misc/9x15.pcf.gz")


@pytest.mark.parametrize(
    ("name", "usable", "mono"),
    [
        ("9x15B.pcf.gz", True, True),
        ("ter-u24n_unicode.pcf.gz", True, True),
        ("helvR14-ISO8859-1.pcf.gz", True, False),
        ("ter-u24n_koi8-r.pcf.gz", False, False),
        ("symb14.pcf.gz", False, False),
        ("9x15.ttf", False, False),
    ],
)
def test_fonts_are_chosen_by_their_names(name, usable, mono):
    assert bitmaps.is_usable(Path(name)) is usable
    assert bitmaps.is_mono(Path(name)) is mono


def test_a_file_that_is_no_font_is_an_error(tmp_path):
    path = tmp_path / "damaged.pcf.gz"  # Pillow looks for known names elsewhere too
    path.write_bytes(gzip.compress(struct.pack("<I", 7)))
    with pytest.raises(OSError, match="unknown file format"):
        bitmaps.outline(path)


@pytest.mark.skipif(not X11.exists(), reason="needs the X11 bitmap fonts")
def test_pixels_become_squares():
    font = ImageFont.truetype(io.BytesIO(bitmaps.outline(X11)), 15 * 8)
    mask = font.getmask("E")
    ink = np.array(mask).reshape(mask.size[::-1]) > 127
    rows = ink.any(axis=1)
    assert rows.all()
    assert ink.shape[0] == pytest.approx(8 * 10, abs=3)
    assert font.getlength("i") == font.getlength("W") == pytest.approx(9 * 8, abs=1)


def test_fonts_of_consoles_are_outlined_too(tmp_path, save_console_font):
    path = tmp_path / "till.psf.gz"
    save_console_font(path)
    assert bitmaps.is_usable(path)
    assert bitmaps.is_mono(path)
    assert bitmaps.rows(path) == 16
    font = ImageFont.truetype(io.BytesIO(bitmaps.outline(path)), 16 * 4)
    mask, (left, top) = font.getmask2("H", anchor="ls")
    ink = np.array(mask).reshape(mask.size[::-1]) > 127
    assert left == 0
    assert top == -9 * 4  # its last row stands on the baseline
    assert ink.shape == (9 * 4, 8 * 4)
    assert ink[:4].all()
    assert not ink[4:24].any()
    assert font.getlength("i") == font.getlength("W") == 8 * 4


def test_a_console_font_without_letters_is_an_error(tmp_path, save_console_font):
    path = tmp_path / "frames.psf.gz"
    save_console_font(path, {"-": np.ones((16, 8), bool)})
    with pytest.raises(OSError, match="no letters"):
        bitmaps.outline(path)
