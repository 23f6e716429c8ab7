import cv2
import numpy as np
import pytest

from ocr_core.column_parting import part_columns
from schemas import Box, Detection, Quad

HEIGHT, PITCH = 20, 28
LEFT, RIGHT = (40, 300), (330, 590)  # the edges of two columns


def draw(pixels, left, right, top, word=70, space=8):
    """A line of words made of strokes, and the box around it."""
    for start in range(left, right, word):
        end = right if right - start < 2 * word - space else start + word - space
        for x in range(start, end - 3, 9):
            pixels[top + 3 : top + HEIGHT - 3, x : x + 4] = 0
        if end == right:
            break
    return Box(left, top, right, top + HEIGHT)


def detection(box):
    return Detection(Quad.from_box(box), 0.8)


def two_columns(rows, merged, gap=True):
    """A page of two columns, whose lines in some rows were found as one; and the boxes of all."""
    pixels = np.full((40 + rows * PITCH, 640), 255, np.uint8)
    found, boxes = [], []
    for row in range(rows):
        top = 20 + row * PITCH
        if row in merged and not gap:
            draw(pixels, LEFT[0], RIGHT[1], top)
        else:
            boxes += [draw(pixels, *LEFT, top), draw(pixels, *RIGHT, top)]
        if row in merged:
            found.append(detection(Box(LEFT[0], top, RIGHT[1], top + HEIGHT)))
        else:
            found += map(detection, boxes[-2:])
    return pixels, found, boxes


@pytest.mark.parametrize("merged", [{0}, {3}, {7}, {0, 7}, {2, 3}])
def test_a_line_across_two_columns_becomes_one_in_each(merged):
    pixels, found, boxes = two_columns(8, merged)
    parted = part_columns(pixels, found)
    assert len(parted) == len(boxes)
    for one, box in zip(parted, boxes, strict=True):
        np.testing.assert_allclose(one.quad.corners, Quad.from_box(box).corners, atol=8)
        assert one.quad.box.left <= box.left + 3
        assert one.quad.box.right >= box.right - 6  # the last stroke ends before the box


def test_three_columns_are_parted_twice():
    edges = [(20, 200), (225, 405), (430, 610)]
    pixels = np.full((300, 640), 255, np.uint8)
    rows = [[draw(pixels, *edge, 20 + row * PITCH) for edge in edges] for row in range(8)]
    found = [detection(box) for row in rows[1:] for box in row]
    merged = detection(Box(20, 20, 610, 20 + HEIGHT))
    parted = part_columns(pixels, [merged, *found])
    assert parted[3:] == found
    lefts = [one.quad.box.left for one in parted[:3]]
    assert lefts == pytest.approx([20, 225, 430], abs=8)


def test_a_line_that_fills_both_columns_stays_whole():
    pixels, found, _ = two_columns(8, {0}, gap=False)
    assert part_columns(pixels, found) == found


def test_a_heading_over_both_columns_stays_whole():
    pixels, found, _ = two_columns(8, set())
    tall = np.full((60, 640), 255, np.uint8)
    for x in range(40, 300, 16):
        tall[10:50, [*range(x, x + 8), *range(x + 290, x + 298)]] = 0
    moved = [
        Detection(Quad.from_corners(one.quad.corners + np.array([0, 60])), 0.8) for one in found
    ]
    heading = detection(Box(40, 8, 590, 52))
    page = np.concatenate([tall, pixels])
    assert part_columns(page, [heading, *moved]) == [heading, *moved]


def test_labels_are_no_columns():
    """As in a record of questions and answers, where `Q.` and `A.` stand before the lines."""
    pixels = np.full((300, 640), 255, np.uint8)
    found = []
    for row in range(8):
        top = 20 + row * PITCH
        if row == 4:
            found.append(detection(draw(pixels, 40, 400, top)))
        else:
            found += [detection(draw(pixels, *edge, top)) for edge in ((60, 90), (110, 500))]
    assert part_columns(pixels, found) == found


def test_the_lines_of_a_page_that_is_turned_a_little_are_parted_too():
    pixels, found, boxes = two_columns(8, {1})
    angle = np.radians(3)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    shifted = np.array([0.0, 40.0])
    matrix = np.column_stack([turn, shifted])
    page = cv2.warpAffine(pixels, matrix, (680, 340), borderValue=255)
    slanted = [
        Detection(Quad.from_corners(one.quad.corners @ turn.T + shifted), 0.8) for one in found
    ]
    parted = part_columns(np.asarray(page, np.uint8), slanted)
    assert len(parted) == len(boxes)
    assert all(one.quad.angle_deg == pytest.approx(3, abs=0.1) for one in parted)


def test_few_lines_and_empty_pages_stay():
    pixels, found, _ = two_columns(3, {0})
    assert part_columns(pixels, found) == found
    assert part_columns(pixels, []) == []
