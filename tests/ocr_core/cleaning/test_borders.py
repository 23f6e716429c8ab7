from __future__ import annotations

import numpy as np
import pytest

from ocr_core.cleaning import borders
from tests.ocr_core.cleaning.pages import page_of_text


def framed(left: int = 0, top: int = 0, right: int = 0, bottom: int = 0) -> np.ndarray:
    """A page in a frame of so many dark pixels on each side."""
    page = page_of_text(ground=230)
    height, width = page.shape
    page[:top], page[height - bottom :] = 15, 15
    page[:, :left], page[:, width - right :] = 15, 15
    return page


@pytest.mark.parametrize(
    "sides",
    [
        {"left": 30},
        {"top": 8},
        {"right": 60, "bottom": 20},
        {"left": 25, "top": 25, "right": 25, "bottom": 25},
    ],
    ids=str,
)
def test_a_dark_frame_becomes_paper_and_the_text_stays(sides):
    cleaned = borders.whiten(framed(**sides))
    edges = np.concatenate([cleaned[0], cleaned[-1], cleaned[:, 0], cleaned[:, -1]])
    assert edges.min() > 200
    inside = np.s_[100:600, 70:430]
    assert np.array_equal(cleaned[inside], page_of_text(ground=230)[inside])


def test_a_frame_that_slants_is_frame_all_the_same():
    page = page_of_text(ground=230)
    rows, columns = np.mgrid[: page.shape[0], : page.shape[1]]
    page[columns < 20 + rows * 0.05] = 10
    assert borders.whiten(page)[:, 0].min() > 200


def shaded() -> np.ndarray:
    page = page_of_text()
    return (page * np.linspace(0.2, 1, page.shape[1])).astype(np.uint8)


def with_dark_half() -> np.ndarray:
    page = page_of_text()
    page[:350] = 0
    return page


def with_lines_to_the_edge() -> np.ndarray:
    page = page_of_text()
    page[::60, :] = 0
    return page


@pytest.mark.parametrize(
    "page",
    [
        page_of_text(),
        shaded(),
        with_dark_half(),
        with_lines_to_the_edge(),
        np.zeros((300, 200), np.uint8),
        np.full((3, 900), 255, np.uint8),
        np.zeros((0, 7), np.uint8),
    ],
    ids=["page", "shadow", "dark half", "lines", "black", "strip", "nothing"],
)
def test_what_is_no_frame_stays_as_it_is(page):
    assert np.array_equal(borders.whiten(page), page)
