import cv2
import numpy as np
import pytest

from ocr_core.baselines import find_baselines
from ocr_core.ctc import Decoded
from ocr_core.recogniser import STRIDE
from schemas import Box, Quad
from tests.written_lines import FOOT, LEFT, Written, faces

LINES = [
    "The quay, gypsy joy and bright pages",
    "jumping, typography, gappy, queue",
    "INVOICE No 4711",
    "12.50",
    "Shell",
]


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
