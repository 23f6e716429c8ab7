import io

import pytest
from PIL import Image

from ocr_core.exporters.pdfa_jpeg2000 import is_plain
from tests import jpeg2000_boxes


def encoded(mode="RGB", **options):
    stream = io.BytesIO()
    Image.new(mode, (16, 16)).save(stream, "JPEG2000", **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("mode", "expected"), [("L", True), ("RGB", True), ("I;16", True), ("RGBA", False)]
)
def test_grey_and_colours_are_plain_and_opacity_is_not(mode, expected):
    assert is_plain(encoded(mode)) == expected


def test_a_resolution_does_not_matter():
    assert is_plain(jpeg2000_boxes.stating(encoded(), dpi=300))


def test_a_bare_code_stream_says_nothing_of_colours():
    assert not is_plain(encoded(no_jp2=True))


@pytest.mark.parametrize(
    ("mode", "space"),
    [
        ("RGB", 12),  # CMYK
        ("RGB", 19),  # CIEJab
        ("RGB", 17),  # grey, in three channels
        ("L", 16),  # sRGB in one
    ],
)
def test_other_colour_spaces_are_not_plain(mode, space):
    file = bytearray(encoded(mode))
    at = file.index(b"colr") + 4
    assert file[at : at + 6] == bytes([1, 0, 0, 0, 0, 0])
    file[at + 6] = space
    assert not is_plain(bytes(file))


@pytest.mark.parametrize(
    ("mode", "space", "expected"),
    [("RGB", b"RGB ", True), ("L", b"GRAY", True), ("L", b"RGB ", False), ("RGB", b"CMYK", False)],
)
def test_a_profile_may_tell_the_colour_space(mode, space, expected):
    assert is_plain(jpeg2000_boxes.with_profile(encoded(mode), space)) == expected


def test_channels_of_different_depths_are_not_plain():
    file = bytearray(encoded())
    at = file.index(b"\xff\x4f\xff\x51") + 42
    assert file[at : at + 9 : 3] == bytes([7, 7, 7])
    file[at + 3] = 11
    assert not is_plain(bytes(file))


@pytest.mark.parametrize("kind", [b"colr", b"pclr", b"cdef"])
def test_more_that_is_said_of_colours_is_not_plain(kind):
    more = jpeg2000_boxes.box(kind, bytes([1, 0, 0, 0, 0, 0, 16]))
    assert not is_plain(jpeg2000_boxes.with_header(encoded(), lambda boxes: boxes + more))


@pytest.mark.parametrize("length", [0, 7, 20, 60, 90, 120])
def test_a_torn_file_is_not_plain(length):
    assert not is_plain(encoded()[:length])


def test_lengths_may_have_eight_bytes_or_run_to_the_end():
    file = encoded()
    at = file.index(b"jp2c") - 4
    content = file[at + 8 :]
    long = (1).to_bytes(4) + b"jp2c" + (16 + len(content)).to_bytes(8) + content
    assert is_plain(file[:at] + long)
    assert is_plain(file[:at] + (0).to_bytes(4) + b"jp2c" + content)
