from itertools import pairwise

import cv2
import numpy as np
import pytest

from ocr_core.baselines import ReadLine, find_baselines
from ocr_core.charset import latin
from ocr_core.cropping import crop_quad, crop_to_page
from ocr_core.ctc import Decoded
from ocr_core.recogniser import STRIDE
from ocr_core.synth.fonts import find_faces, open_font
from ocr_core.synth.typeset import LineStyle, set_line
from schemas import Box, Quad

LEFT, FOOT = 60, 120  # where the line begins, and the row below its letters
HEIGHT = 40
LINES = [
    "The quay, gypsy joy and bright pages",
    "jumping, typography, gappy, queue",
    "INVOICE No 4711",
    "12.50",
    "Shell",
]


def faces():
    found = find_faces(latin(), folders=[])
    return [found[0], found[len(found) // 2], found[-1]]


class Written:
    """A line on a page, and what would be read of it."""

    def __init__(self, text, face=None, size_px=34, underline=False):
        style = LineStyle(face or faces()[0], size_px, kerned=True, underline=underline)
        line = set_line(text, style, np.random.default_rng(0))
        self.text = text
        self.page = np.full((240, 160 + int(line.width)), 255, np.uint8)
        top, left = FOOT + line.ink_top, LEFT + line.ink_left
        self.page[top : top + line.ink.shape[0], left : left + line.ink.shape[1]] -= line.ink
        box = Box(LEFT, FOOT - line.ascent, LEFT + line.width, FOOT + line.descent)
        self.quad = Quad.from_box(box)
        font = open_font(style.face, size_px)
        starts = [font.getlength(text[:at]) for at in range(len(text) + 1)]
        stretch = line.width / starts[-1]
        self.middles = [(LEFT + stretch * (a + b) / 2, FOOT - 5.0) for a, b in pairwise(starts)]

    def turn(self, degrees):
        """Turns the page, and says where its places are now."""
        height, width = self.page.shape
        side = max(height, width)
        turned = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
        turned[:, 2] += (side - width) / 2, (side - height) / 2
        self.page = cv2.warpAffine(self.page, turned, (side, side), borderValue=255)
        self.middles = cv2.transform(np.array([self.middles]), turned)[0].tolist()
        return turned

    def read(self, quad=None):
        quad = quad or self.quad
        crop = crop_quad(self.page, quad, HEIGHT)
        to_crop = cv2.invertAffineTransform(crop_to_page(quad, HEIGHT))
        peaks = cv2.transform(np.array([self.middles]), to_crop)[0, :, 0] / STRIDE
        starts = tuple(int(peak) for peak in peaks)
        ends = tuple(start + 1 for start in starts)
        decoded = Decoded(self.text, (1.0,) * len(starts), starts, ends)
        return ReadLine(crop, decoded, quad)

    def find(self, quad=None):
        [baseline] = find_baselines([self.read(quad)])
        return baseline


def moved(quad, up, down):
    return Quad.from_box(
        Box(quad.box.left, quad.box.top - up, quad.box.right, quad.box.bottom + down)
    )


@pytest.mark.parametrize("text", LINES)
@pytest.mark.parametrize("face", range(3))
def test_it_runs_below_letters_that_stand_from_end_to_end(text, face):
    written = Written(text, faces()[face])
    (x0, y0), (x1, y1) = written.find()
    assert (y0, y1) == pytest.approx((FOOT, FOOT), abs=1.5)
    assert (x0, x1) == pytest.approx((written.quad.x0, written.quad.x1), abs=1)


@pytest.mark.parametrize(("up", "down"), [(4, 0), (0, 4), (-3, 3)])
def test_it_does_not_depend_on_where_the_quad_ends(up, down):
    written = Written(LINES[0])
    for _, y in written.find(moved(written.quad, up, down)):
        assert y == pytest.approx(FOOT, abs=1.2)


def test_it_is_told_on_dark_paper_between_rules_and_above_an_underline():
    dark, ruled = Written(LINES[0]), Written(LINES[0])
    dark.page = 255 - dark.page
    for row in (ruled.quad.box.top - 2, ruled.quad.box.bottom + 1):
        ruled.page[int(row) : int(row) + 2] = 0
    for written in (dark, ruled, Written(LINES[0], underline=True)):
        for _, y in written.find():
            assert y == pytest.approx(FOOT, abs=1.5)


@pytest.mark.parametrize("degrees", [0.8, -0.8, 8.0, 90.0])
def test_it_follows_a_line_that_is_askew(degrees):
    written = Written(LINES[0] + ", " + LINES[0])
    to_page = written.turn(degrees)
    corners = cv2.transform(written.quad.corners[None].astype(np.float64), to_page)[0]
    ends = np.array(written.find(Quad.from_corners(corners)))
    expected = cv2.transform(np.array([[[LEFT, FOOT], [written.quad.x1, FOOT]]]), to_page)[0]
    np.testing.assert_allclose(ends, expected, atol=1.5)


def test_it_runs_level_through_a_quad_that_is_a_little_off():
    written = Written(LINES[0] + ", " + LINES[0])
    corners = written.quad.corners + np.array([[0, -3], [0, 3], [0, 3], [0, -3]])
    for _, y in written.find(Quad.from_corners(corners)):
        assert y == pytest.approx(FOOT, abs=1.5)


def test_all_lines_of_a_page_are_told_apart():
    lines = [Written(text).read() for text in (*LINES, "– – –", LINES[0])]
    together = find_baselines(lines)
    assert together == [find_baselines([line])[0] for line in lines]
    assert [at for at, baseline in enumerate(together) if baseline is None] == [len(LINES)]
    assert find_baselines([]) == []


def test_what_peaks_behind_the_crop_tells_nothing():
    line = Written(LINES[0]).read()
    read = line.decoded
    beyond = [line.crop.shape[1] // STRIDE + more for more in (1, 4)]
    longer = Decoded(
        read.text + "ab",
        (*read.confidences, 1.0, 1.0),
        (*read.starts, *beyond),
        (*read.ends, *(start + 1 for start in beyond)),
    )
    [[_, expected]], [[_, found]] = (
        find_baselines([line._replace(decoded=one)]) for one in (read, longer)
    )
    assert found == pytest.approx(expected, abs=0.5)


def test_what_stands_on_nothing_has_none():
    assert Written("– – –").find() is None
    blank = Written("abc")
    blank.page[:] = 255
    assert blank.find() is None
