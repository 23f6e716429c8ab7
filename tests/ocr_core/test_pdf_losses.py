import numpy as np
import pymupdf
import pytest

from ocr_core import pdf_losses
from tests import hostile

# Samples of 10 by 10 pixels, which no decoder takes for its own.
GARBAGE = b"\0\1garbage" * 20
PICTURE = b"/Type/XObject/Subtype/Image/Width 10/Height 10/BitsPerComponent 8/ColorSpace/DeviceGray"
SHOW_PICTURE = b"400 0 0 400 100 300 cm /F Do"


def write_picture(path, entries, samples=GARBAGE, content=SHOW_PICTURE):
    """A page with a picture of 400 by 400 points."""
    picture = hostile.stream(samples, PICTURE + entries)
    return hostile.write_pages(path, [hostile.stream(content)], hostile.ONE_FORM, [picture])


def paper():
    return np.full((60, 40), 255, np.uint8)


def test_white_paper_shows_nothing():
    assert pdf_losses.shows_nothing(paper())


@pytest.mark.parametrize("grey", [0, 128])
def test_an_even_box_shows_nothing(grey):
    pixels = paper()
    pixels[10:50, 5:35] = grey
    pixels[10], pixels[:, 5] = 200, 200  # as boxes that begin between pixels do
    pixels[:10], pixels[50:], pixels[:, :5], pixels[:, 35:] = 255, 255, 255, 255
    assert pdf_losses.shows_nothing(pixels)


def test_an_even_page_shows_nothing():
    assert pdf_losses.shows_nothing(np.zeros((60, 40), np.uint8))


def test_a_speck_in_a_box_is_something():
    pixels = paper()
    pixels[10:50, 5:35] = 128
    pixels[30, 20] = 127
    assert not pdf_losses.shows_nothing(pixels)


def test_a_small_even_box_may_be_a_letter():
    pixels = paper()
    pixels[10:20, 5:10] = 0
    assert not pdf_losses.shows_nothing(pixels)


@pytest.mark.parametrize(
    "entries",
    [
        b"/Filter/FlateDecode",
        b"/Filter/DCTDecode",
        b"/Filter/LZWDecode",
        b"/Filter/FooDecode",
        b"/Filter/FooDecode/Decode[1 0]",
        b"/Filter/JPXDecode",
    ],
)
def test_a_picture_that_cannot_be_decoded_is_told_every_time(tmp_path, entries):
    with pymupdf.open(write_picture(tmp_path / "a.pdf", entries)) as document:
        page = document[0]
        assert pdf_losses.signs_on(page)
        assert pdf_losses.signs_on(page)


def test_a_picture_that_can_be_decoded_leaves_no_sign(tmp_path):
    with pymupdf.open(write_picture(tmp_path / "a.pdf", b"", bytes(100))) as document:
        assert pdf_losses.signs_on(document[0]) == []


def test_the_same_complaint_again_is_quoted_and_not_counted(tmp_path):
    with pymupdf.open(write_picture(tmp_path / "a.pdf", b"/Filter/JPXDecode")) as document:
        document[0].get_pixmap()
        first = pdf_losses.said()
        document[0].get_pixmap()
        assert pdf_losses.said() == first


def loses_picture(path, words=()):
    with pymupdf.open(path) as document:
        shown = document[0].get_displaylist()
        pixmap = shown.get_pixmap(colorspace=pymupdf.csGRAY)
        pixels = np.frombuffer(pixmap.samples, np.uint8).reshape(pixmap.height, pixmap.stride)
        pictures = np.array([[100, 142, 500, 542]], np.float32)
        boxes = np.array(words, np.float32).reshape(-1, 4)
        return pdf_losses.loses_picture(shown, pixels, 1.0, pictures, boxes)


def test_an_even_picture_is_lost_only_if_it_was_not_decoded(tmp_path):
    path = tmp_path / "a.pdf"
    assert loses_picture(write_picture(path, b"/Filter/FlateDecode"))
    assert not loses_picture(write_picture(path, b"", bytes(100)))


def test_a_picture_that_shows_something_is_not_lost(tmp_path):
    assert not loses_picture(write_picture(tmp_path / "a.pdf", b"", bytes(50) + b"\xff" * 10))


def test_words_on_a_lost_picture_do_not_hide_it(tmp_path):
    stamp = b"q %b Q 1 g 200 400 50 20 re f" % SHOW_PICTURE
    path = write_picture(tmp_path / "a.pdf", b"/Filter/FlateDecode", content=stamp)
    assert not loses_picture(path)
    assert loses_picture(path, [(200, 422, 250, 442)])


def test_only_complaints_that_name_a_picture_tell_of_one():
    lines = ["syntax error: Failed to read JPX header", "syntax error: syntax error in content"]
    assert pdf_losses.tell_of_undrawn_pictures(lines)
    assert not pdf_losses.tell_of_undrawn_pictures(lines[1:])


@pytest.mark.parametrize(
    ("complaint", "tells"),
    [
        ("padding truncated image", True),
        ("premature end of file in jpeg", True),
        ("premature end of data in flate filter", False),  # may be of fonts and text, too
        ("syntax error: Failed to read JPX header", False),
    ],
)
def test_pictures_that_end_early_are_told_of(complaint, tells):
    assert pdf_losses.tell_of_early_end(["something else", complaint]) is tells


def scan(grey, rows=6):
    """A page with a scan on it, whose last rows are even."""
    noise = np.random.default_rng(1).integers(0, 256, (60, 40)).astype(np.uint8)
    noise[60 - rows :] = grey
    return noise


WHOLE = np.array([[0, 0, 40, 60]], np.float32)


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("grey", [0, 128])
def test_an_even_end_tells_of_a_picture_that_is_cut_off(grey, turns):
    pixels = np.rot90(scan(grey), turns)
    box = np.array([[0, 0, pixels.shape[1], pixels.shape[0]]], np.float32)
    assert pdf_losses.cuts_off_picture(pixels, box)


@pytest.mark.parametrize(
    ("pixels", "pictures"),
    [(scan(240), WHOLE), (scan(0, rows=3), WHOLE), (scan(0), WHOLE[:0]), (scan(0), WHOLE / 8)],
    ids=["paper", "a few rows", "no picture", "a small picture"],
)
def test_not_every_end_is_one_that_is_missing(pixels, pictures):
    assert not pdf_losses.cuts_off_picture(pixels, pictures)
