from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from ocr_core import images
from schemas import PageImage, PageRef


@pytest.mark.parametrize(
    ("pixels", "expected"),
    [
        (np.array([[0, 128, 255]], np.uint8), [0, 128, 255]),
        (np.array([[False, True]]), [0, 255]),
        (np.array([[0, 257 * 128, 65535]], np.uint16), [0, 128, 255]),
        (np.array([[0, 257 * 128, 65535]], ">u2"), [0, 128, 255]),  # the other byte order
        (np.array([[0, 4095]], np.uint16), [0, 255]),  # 12 bits in 16
        (np.array([[-5, 0, 65535]], np.int32), [0, 0, 255]),
        (np.array([[0, 10**6]], np.int32), [0, 255]),
        (np.array([[0, 2**31 - 1, 2**32 - 1]], np.uint32), [0, 128, 255]),
        (np.array([[0.0, 0.5, 1.0, np.nan]], np.float64), [0, 128, 0xFF, 0]),
        (np.array([[0.0, 51.0, 255.0]], np.float32), [0, 51, 255]),
        (np.zeros((1, 2), np.uint16), [0, 0]),
    ],
)
def test_samples_of_any_depth_become_bytes_from_black_to_white(pixels, expected):
    grey = images.to_grey(pixels)
    assert grey.dtype == np.uint8
    assert grey.tolist() == [expected]


def test_colours_become_their_luminance():
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    assert images.to_grey(colours).tolist() == [[76, 150, 29, 255]]


def test_what_is_transparent_shows_white_paper():
    grey_alpha = np.array([[[0, 0], [0, 255], [100, 255], [0, 128]]], np.uint8)
    assert images.to_grey(grey_alpha).tolist() == [[255, 0, 100, 127]]
    rgba = np.array([[[0, 0, 0, 0], [0, 0, 0, 255], [255, 255, 255, 0]]], np.uint8)
    assert images.to_grey(rgba).tolist() == [[255, 0, 255]]


@pytest.mark.parametrize("shape", [(4,), (2, 2, 5), (1, 2, 2, 3)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="pixels must be"):
        images.to_grey(np.zeros(shape, np.uint8))


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [
        (0, [[1, 2, 3], [4, 5, 6]]),
        (90, [[4, 1], [5, 2], [6, 3]]),
        (180, [[6, 5, 4], [3, 2, 1]]),
        (270, [[3, 6], [2, 5], [1, 4]]),
    ],
)
def test_a_page_is_turned_clockwise(degrees, expected):
    page = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)
    assert images.turn_upright(page, degrees).tolist() == expected


def test_a_page_is_not_turned_by_odd_angles():
    with pytest.raises(ValueError, match="not by 45"):
        images.turn_upright(np.zeros((2, 2), np.uint8), 45)


@pytest.mark.parametrize("orientation", range(10))
def test_exif_orientations_are_those_of_pillow(orientation):
    page = np.arange(6, dtype=np.uint8).reshape(2, 3)
    image = Image.fromarray(page)
    image.getexif()[0x0112] = orientation
    expected = np.asarray(ImageOps.exif_transpose(image))
    assert np.array_equal(images.apply_exif_orientation(page, orientation), expected)


def test_shrinking_averages_and_growing_keeps_the_ends():
    page = np.array([[0, 100], [100, 200]], np.uint8)
    assert images.resize(page, 1, 1).tolist() == [[100]]
    assert images.resize(page, 2, 4)[[0, -1]].tolist() == page.tolist()
    assert images.resize(page, 2, 2) is page


def page_of_text(ground: int, ink: int) -> np.ndarray:
    page = np.full((400, 300), ground, np.uint8)
    for line in range(40, 380, 30):
        cv2.putText(page, "a line of text", (20, line), cv2.FONT_HERSHEY_SIMPLEX, 0.8, ink, 2)
    return page


def as_page(pixels: np.ndarray) -> PageImage:
    return PageImage(PageRef("0" * 64, "a.png", 0), pixels, dpi=100, seconds={"render": 1.0})


def test_a_negative_is_inverted():
    negative = page_of_text(ground=20, ink=220)
    assert images.is_negative(negative)
    prepared = images.prepare(as_page(negative))
    assert np.array_equal(prepared.pixels, 255 - negative)
    assert set(prepared.seconds) == {"render", "prepare"}


def dark_scan_of_a_white_sheet() -> np.ndarray:
    scan = np.full((1000, 900), 10, np.uint8)
    scan[50:450, 50:350] = page_of_text(ground=240, ink=20)
    return scan


@pytest.mark.parametrize(
    "pixels",
    [
        page_of_text(ground=250, ink=10),
        page_of_text(ground=60, ink=0),  # dark text on a dark photograph
        dark_scan_of_a_white_sheet(),
        np.zeros((50, 50), np.uint8),
        np.zeros((0, 0), np.uint8),
    ],
    ids=["page", "dark photograph", "white sheet", "black", "nothing"],
)
def test_what_is_no_negative_stays_as_it_is(pixels):
    assert np.array_equal(images.prepare(as_page(pixels)).pixels, pixels)


def test_large_negatives_are_known_too():
    large = cv2.resize(page_of_text(ground=20, ink=220), None, fx=8, fy=8)
    assert images.is_negative(large)
    assert not images.is_negative(255 - large)


@pytest.mark.parametrize("shape", [(401, 300), (80, 1000), (64, 64), (37, 50), (300, 90)])
def test_a_picture_resized_quickly_is_the_same_but_for_a_pixel(shape):
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    pixels = (127 + 100 * np.sin(rows / 15) * np.cos(columns / 15)).astype(np.uint8)
    quick = images.resize_quickly(pixels, 50, 37)
    assert quick.shape == (37, 50)
    np.testing.assert_allclose(quick, images.resize(pixels, 50, 37), atol=12)


@pytest.mark.parametrize(
    ("shape", "expected"), [((40, 20), (10, 5)), ((20, 40), (5, 10)), ((8, 1), (8, 1))]
)
def test_a_picture_shrinks_to_a_longer_side_and_never_grows(shape, expected):
    assert images.shrink(np.full(shape, 7, np.uint8), 10).shape == expected


def test_quantiles_are_grey_levels():
    pixels = np.array([[10, 20], [30, 40]], np.uint8)
    levels = [images.quantile(pixels, share) for share in (0.0, 0.25, 0.5, 0.51, 1.0)]
    assert levels == [0, 10, 20, 30, 40]
