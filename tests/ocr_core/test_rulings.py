import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from ocr_core.rulings import find_rulings
from schemas import Ruling

Pixels = NDArray[np.uint8]


def blank(height: int = 1000, width: int = 800) -> Pixels:
    return np.full((height, width), 255, np.uint8)


def ends(ruling: Ruling) -> tuple[float, ...]:
    return (*ruling.start, *ruling.end)


def test_an_empty_page_has_none() -> None:
    assert find_rulings(blank()) == ()


def test_a_picture_smaller_than_any_ruling_has_none() -> None:
    assert find_rulings(np.zeros((8, 300), np.uint8)) == ()


@pytest.mark.parametrize("shape", [(40, 20_000), (20_000, 40)])
def test_a_picture_narrower_than_a_strip_is_wide_has_none(shape: tuple[int, int]) -> None:
    page = blank(*shape)
    page[20:22, 20:22] = 0
    assert find_rulings(page) == ()


@pytest.mark.parametrize("thickness", [1, 2, 5])
def test_a_level_line_is_found_where_it_is_and_as_thick_as_it_is(thickness: int) -> None:
    page = blank()
    page[400 : 400 + thickness, 100:700] = 0
    [ruling] = find_rulings(page)
    assert ruling.is_level
    assert ends(ruling) == pytest.approx(
        (100, 400 + thickness / 2, 700, 400 + thickness / 2), abs=3
    )
    assert ruling.thickness == pytest.approx(thickness, abs=1)


def test_an_upright_line_runs_from_top_to_bottom() -> None:
    page = blank()
    page[200:900, 300:302] = 0
    [ruling] = find_rulings(page)
    assert not ruling.is_level
    assert ends(ruling) == pytest.approx((301, 200, 301, 900), abs=3)


def test_lines_that_cross_are_found_both() -> None:
    page = blank()
    page[500:502, 100:700] = 0
    page[200:900, 300:302] = 0
    assert [ruling.is_level for ruling in find_rulings(page)] == [True, False]


@pytest.mark.parametrize("slope", [-0.06, 0.03, 0.06])
def test_a_line_may_run_some_degrees_askew(slope: float) -> None:
    page = blank()
    y = 500 + round(600 * slope)
    cv2.line(page, (100, 500), (700, y), 0, 2)
    [ruling] = find_rulings(page)
    assert ends(ruling) == pytest.approx((100, 500, 700, y), abs=4)


@pytest.mark.parametrize(("period", "inked"), [(4, 2), (8, 5), (150, 140)])
def test_a_line_may_be_dotted_dashed_or_broken(period: int, inked: int) -> None:
    page = blank()
    for start in range(100, 700, period):
        page[400:402, start : start + inked] = 0
    [ruling] = find_rulings(page)
    assert ends(ruling) == pytest.approx((100, 401, 700, 401), abs=12)


def test_a_faint_line_on_noisy_paper_is_found() -> None:
    page = blank() - np.uint8(20)
    page[400:403, 100:700] = 150
    noise = np.random.default_rng(0).normal(0, 8, page.shape)
    [ruling] = find_rulings(np.clip(page + noise, 0, 255).astype(np.uint8))
    assert ends(ruling) == pytest.approx((100, 401.5, 700, 401.5), abs=4)


def test_the_dark_border_of_a_scan_and_panels_are_none() -> None:
    page = blank()
    page[:, :25] = 0
    page[-4:, :] = 0
    page[300:500, 200:600] = 60
    assert find_rulings(page) == ()


def test_text_has_none_not_even_in_big_letters() -> None:
    page = blank()
    for number, scale in enumerate([0.5, 0.5, 0.5, 1, 1, 4]):
        words = "the lines of small letters" if scale < 4 else "EHLT"
        where = (60, 100 + 60 * number + int(60 * scale))
        cv2.putText(page, words, where, cv2.FONT_HERSHEY_SIMPLEX, scale, 0, round(2 * scale))
    assert find_rulings(page) == ()


def test_rows_of_dots_that_shade_a_panel_are_none() -> None:
    page = blank()
    page[300:500:6, 200:600:6] = 0
    page[301:500:6, 200:600:6] = 0
    page[300:500:6, 201:600:6] = 0
    assert find_rulings(page) == ()
