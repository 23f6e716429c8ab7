import gzip
import string
import struct
from pathlib import Path

import numpy as np
import pytest

from ocr_core.synth import consolefonts

A = np.array([[0, 1, 0], [1, 0, 1], [1, 1, 1], [1, 0, 1]], bool)
B = np.array([[1, 1, 0], [1, 1, 1], [1, 0, 1], [1, 1, 0]], bool)


def save_psf2(path, bitmaps, entries, flags=1):
    """A PSF 2 font of some bitmaps, and for each what the table says of it, in UTF-8."""
    height, width = bitmaps[0].shape
    rows = [np.packbits(bits, axis=1).tobytes() for bits in bitmaps]
    header = struct.pack("<IIIIIII", 0, 32, flags, len(bitmaps), len(rows[0]), height, width)
    table = b"".join(entry + b"\xff" for entry in entries)
    path.write_bytes(gzip.compress(b"\x72\xb5\x4a\x86" + header + b"".join(rows) + table))
    return path


def test_fonts_are_known_by_their_names():
    assert consolefonts.is_console_font(Path("Uni2-VGA16.psf.gz"))
    assert consolefonts.is_console_font(Path("spleen-8x16.psfu.gz"))
    assert not consolefonts.is_console_font(Path("9x15.pcf.gz"))


def test_a_font_of_version_1_is_read(tmp_path, save_console_font):
    wide = np.zeros((4, 8), bool)
    wide[:, :3] = A
    save_console_font(tmp_path / "one.psf.gz", {"A": wide, "é": ~wide})
    font = consolefonts.read(tmp_path / "one.psf.gz")
    assert set(font) == {"A", "é"}
    np.testing.assert_array_equal(font["A"], wide)


def test_a_font_of_version_2_is_read_without_its_sequences(tmp_path):
    entries = [b"A" + b"\xfe" + "A\u0301".encode(), "BĀ\N{SNOWMAN}".encode()]
    font = consolefonts.read(save_psf2(tmp_path / "two.psf.gz", [A, B], entries))
    np.testing.assert_array_equal(font["A"], A)
    np.testing.assert_array_equal(font["B"], B)
    assert set(font) == {"A", "B"}  # one picture stands for one character, the plainest


def test_characters_that_look_the_same_are_taken_for_the_plainest(tmp_path):
    entries = ["—".encode(), b"-", b"B"]
    font = consolefonts.read(save_psf2(tmp_path / "a.psf.gz", [A, A, np.zeros_like(B)], entries))
    assert set(font) == {"-"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no font at all", "first bytes"),
        (b"\x36\x04\x02\x10" + bytes(40), "cut off"),
        (b"\x36\x04\x00\x10" + bytes(256 * 16), "which characters"),
        (b"\x72\xb5\x4a\x86" + bytes(4), "buffer"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, data, message):
    path = tmp_path / "bad.psf.gz"
    path.write_bytes(gzip.compress(data))
    with pytest.raises(OSError, match=message):
        consolefonts.read(path)


def test_a_file_that_is_not_packed_is_an_error(tmp_path):
    path = tmp_path / "plain.psf.gz"
    path.write_bytes(b"\x36\x04\x02\x10")
    with pytest.raises(OSError, match="gzip"):
        consolefonts.read(path)


def test_of_one_design_the_file_with_most_characters_is_taken(tmp_path, save_console_font):
    rng = np.random.default_rng(0)
    ascii_only = string.printable[:94]
    one, other = (dict(zip(ascii_only, rng.random((94, 16, 8)) < 0.4, strict=True)) for _ in "ab")
    save_console_font(tmp_path / "few.psf.gz", one)
    save_console_font(tmp_path / "many.psf.gz", one | {"é": rng.random((16, 8)) < 0.4})
    save_console_font(tmp_path / "other.psf.gz", other)
    save_console_font(tmp_path / "letters.psf.gz", {"A": one["A"], "B": one["B"]})
    save_console_font(tmp_path / "Uni1-Terminus16.psf.gz", {c: ~one[c] for c in one})
    (tmp_path / "torn.psf.gz").write_bytes(b"torn")
    chosen = consolefonts.usable(sorted(tmp_path.iterdir()))
    assert [path.name for path in chosen] == ["many.psf.gz", "other.psf.gz"]
