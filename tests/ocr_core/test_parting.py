import numpy as np
import pytest

from ocr_core.parting import part_lines
from schemas import Box, Detection, Quad

HEIGHT = 20


def stripes(pixels, left, top, width=300, height=HEIGHT):
    """Something like a line of text: upright strokes, a box around them."""
    for x in range(left, left + width, 9):
        pixels[top + 3 : top + height - 3, x : x + 4] = 0
    return Box(left, top, left + width, top + height)


def detection(box):
    return Detection(Quad.from_box(box), 0.8)


@pytest.fixture
def page():
    """A page of four lines, and their detections."""
    pixels = np.full((400, 500), 255, np.uint8)
    boxes = [stripes(pixels, 40, 30 + 30 * n) for n in range(4)]
    return pixels, [detection(box) for box in boxes]


@pytest.mark.parametrize("count", [2, 3])
def test_a_quad_around_several_lines_becomes_one_for_each(page, count):
    pixels, found = page
    boxes = [stripes(pixels, 40, 200 + HEIGHT * n) for n in range(count)]
    parted = part_lines(pixels, [*found, detection(Box(40, 200, 340, 200 + HEIGHT * count))])
    assert parted[:4] == found
    assert len(parted) == 4 + count
    for box, one in zip(boxes, parted[4:], strict=True):
        assert one.score == 0.8
        np.testing.assert_allclose(one.quad.corners, Quad.from_box(box).corners, atol=3)


def test_a_large_heading_stays_whole(page):
    pixels, found = page
    heading = detection(stripes(pixels, 40, 200, 400, height=2 * HEIGHT))
    assert part_lines(pixels, [*found, heading]) == [*found, heading]


def test_slanted_lines_are_parted_along_their_slant(page):
    pixels, found = page
    corners = np.array([[40, 200], [340, 230], [336, 270], [36, 240]], np.float32)
    for step in range(0, 300, 9):
        for line in (0, HEIGHT):
            x, y = 40 + step, 200 + step // 10 + line
            pixels[y + 3 : y + HEIGHT - 3, x : x + 4] = 0
    parted = part_lines(pixels, [*found, Detection(Quad.from_corners(corners), 0.8)])
    assert len(parted) == 6
    assert all(one.quad.angle_deg == pytest.approx(-5.7, abs=0.2) for one in parted[4:])
    assert sum(one.quad.height for one in parted[4:]) == pytest.approx(40, abs=0.5)


def test_short_quads_and_empty_pages_stay(page):
    pixels, found = page
    digit = detection(Box(400, 200, 440, 240))
    assert part_lines(pixels, [*found, digit]) == [*found, digit]
    assert part_lines(pixels, []) == []
    assert part_lines(pixels, [digit]) == [digit]
