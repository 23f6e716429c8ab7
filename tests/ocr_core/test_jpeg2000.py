import io
import struct

import pytest
from PIL import Image

from ocr_core import jpeg2000


def encoded(**options):
    stream = io.BytesIO()
    Image.new("RGB", (128, 96), "white").save(stream, "JPEG2000", **options)
    return stream.getvalue()


def segment(marker, content):
    return struct.pack(">HH", marker, 2 + len(content)) + content


def code_stream(*segments):
    return b"\xff\x4f" + segment(0xFF51, bytes(38)) + b"".join(segments)


@pytest.mark.parametrize("no_jp2", [False, True])
@pytest.mark.parametrize("resolutions", [1, 2, 6])
def test_halvings_are_told_by_the_coding_style(resolutions, no_jp2):
    file = encoded(num_resolutions=resolutions, no_jp2=no_jp2)
    assert jpeg2000.halvings(file) == resolutions - 1


def test_the_component_with_the_fewest_halvings_decides():
    general = segment(0xFF52, bytes([0, 0, 0, 1, 0, 5, 4, 4, 0, 0]))
    component = segment(0xFF53, bytes([1, 0, 3, 4, 4, 0, 0]))
    assert jpeg2000.halvings(code_stream(general)) == 5
    assert jpeg2000.halvings(code_stream(general, component)) == 3


def test_what_comes_after_the_first_tile_says_nothing():
    tile = segment(0xFF90, bytes(8))
    general = segment(0xFF52, bytes([0, 0, 0, 1, 0, 5, 4, 4, 0, 0]))
    assert jpeg2000.halvings(code_stream(tile, general)) == 0


@pytest.mark.parametrize("length", [0, 1, 60, 80, 90])
def test_of_a_torn_file_no_halving_is_expected(length):
    file = encoded()[:length]
    assert jpeg2000.halvings(file) == 0


@pytest.mark.parametrize(("times", "useful"), [(0.5, 0), (1.9, 0), (2.0, 1), (7.9, 2), (1000, 5)])
def test_no_more_is_left_out_than_a_picture_is_to_be_shrunk(times, useful):
    assert jpeg2000.useful_halvings(encoded(num_resolutions=6), times) == useful
