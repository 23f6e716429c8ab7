import numpy as np
import pytest

from ocr_core import gaps


def strip(paper: int, ink: int) -> np.ndarray:
    """40 × 60, with ink in the columns 10 to 19 and 35 to 49."""
    crop = np.full((40, 60), paper, np.uint8)
    crop[10:30, 10:20] = ink
    crop[10:30, 35:50] = ink
    return crop


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (200, 120), (20, 230)])
def test_ink_is_what_stands_out_from_the_paper(paper, ink):
    expected = np.zeros(60, bool)
    expected[10:20] = expected[35:50] = True
    np.testing.assert_array_equal(gaps.has_ink(strip(paper, ink)), expected)


def test_blank_paper_has_no_ink():
    assert not gaps.has_ink(np.full((40, 60), 255, np.uint8)).any()
    assert not gaps.has_ink(strip(paper=255, ink=245)).any()


def test_what_reaches_in_from_the_line_above_is_no_ink():
    crop = strip(paper=255, ink=0)
    crop[0:5, 25:28] = 0
    assert not gaps.has_ink(crop)[25:28].any()


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [
        (0, 60, (20, 35)),
        (0, 30, (20, 30)),  # of two as wide the last
        (40, 60, (50, 60)),
        (12, 18, None),
    ],
)
def test_the_widest_blank_run(start, stop, expected):
    ink = gaps.has_ink(strip(paper=255, ink=0))
    assert gaps.widest(gaps.blanks(ink), start, stop) == expected
