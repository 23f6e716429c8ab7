from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr_core.cleaning.bending import Bent
from ocr_core.engine import Engine, EngineOptions
from ocr_core.errors import EmptySourceError
from ocr_core.finding import LineFinder, usual_height
from ocr_core.reading import LineReader
from schemas import Box, Detection, Line, Quad
from tests.measure_curl import bent
from tests.stand_ins import (
    LIGHTEST_INK,
    GreyRecogniser,
    InkDetector,
    blank_page,
    draw_text,
    page_image,
)


def detect_curves(tiles):
    """A detector that marks the middle half of each run of ink, along whatever curve it runs."""
    return np.stack([_marked(tile) for tile in tiles])


def _marked(tile):
    ink = np.pad((tile < LIGHTEST_INK).astype(np.uint8), 40)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((5, 41), np.uint8))
    middle = cv2.erode(joined, np.ones((13, 1), np.uint8))[40:-40, 40:-40]
    return middle[::2, ::2].astype(np.float32)


def find(pixels, detector=None, **options):
    finder = LineFinder(detector or InkDetector(), EngineOptions(**options))
    return finder.find([page_image(pixels)])[0]


def test_lines_and_rulings_are_found():
    pixels = blank_page()
    box, _ = draw_text(pixels, "abcde abc", left=40, top=60)
    pixels[200:203, 30:470] = 0
    page = find(pixels)
    assert max(one.quad.box.overlap(box) for one in page.detections) > 0.9 * box.area
    (ruling,) = page.rulings
    assert ruling.start == pytest.approx((30, 201), abs=6)


def test_pages_are_found_in_order_whatever_is_looked_at_twice():
    fine = blank_page(3000, 2400)
    for top in range(200, 2800, 60):
        draw_text(fine, "abcde edc", left=300, top=top, height=18)
    coarse = blank_page()
    draw_text(coarse, "abc", left=40, top=60)
    finder = LineFinder(InkDetector(), EngineOptions())
    pages = finder.find([page_image(pixels, n) for n, pixels in enumerate((coarse, fine, coarse))])
    assert [page.image.ref.page_index for page in pages] == [0, 1, 2]
    assert [len(page.detections) for page in pages] == [1, 44, 1]


def test_a_page_without_area_cannot_be_looked_at():
    with pytest.raises(EmptySourceError):
        find(np.zeros((0, 10), np.uint8))


def test_what_a_text_layer_gives_is_not_found():
    pixels = blank_page()
    given, _ = draw_text(pixels, "abcde", left=40, top=60)
    other, _ = draw_text(pixels, "bad cab", left=40, top=160)
    line = Line("abcde", "abcde", 1.0, Quad.from_box(given), ())
    finder = LineFinder(InkDetector(), EngineOptions())
    (page,) = finder.find([replace(page_image(pixels), layer=(line,))])
    (found,) = page.detections
    assert found.quad.box.overlap(other) > 0.9 * other.area


def test_the_usual_height_is_that_of_the_middle_line():
    found = [Detection(Quad.from_box(Box(0, 0, 50, high)), 0.9) for high in (10, 12, 40)]
    assert usual_height(found) == 12
    assert usual_height([]) == 0


def lines_of_text(rise):
    pixels = blank_page(900, 640)
    for top in range(60, 820, 50):
        draw_text(pixels, "abc de abc bed acda cab", left=40, top=top, height=24)
    return bent(pixels, "arc", rise) if rise else pixels


def test_bent_pages_are_flattened_and_flat_ones_are_not():
    assert find(lines_of_text(0), detect_curves).image.drawn is None
    page = find(lines_of_text(30), detect_curves)
    assert isinstance(page.image.drawn, Bent)
    assert len(page.detections) == 16
    angles = [one.quad.angle_deg for one in page.detections]
    assert (
        max(angles) - min(angles) < 0.3
    )  # the lines are not in the middle: on the whole they rise
    off = find(lines_of_text(30), detect_curves, flattens_pages=False)
    assert off.image.drawn is None


def test_what_is_read_on_a_bent_page_is_where_it_was_drawn():
    engine = Engine(detect_curves, LineReader(GreyRecogniser()), None)
    pixels = lines_of_text(30)
    (flat,) = engine.read_pages([page_image(lines_of_text(0))])
    (page,) = engine.read_pages([page_image(pixels)])
    assert page.text == flat.text
    assert (page.height_px, page.width_px) == pixels.shape
    ink = pixels < LIGHTEST_INK
    outside = ink.copy()
    for line in page.lines:
        cv2.fillPoly(outside.view(np.uint8), [np.rint(line.quad.corners).astype(np.int32)], 0)
    assert outside.sum() < 0.03 * ink.sum()
    for word in page.lines[0].words:
        box = word.box
        inked = ink[round(box.top) : round(box.bottom), round(box.left) : round(box.right)]
        assert inked.mean() > 0.4
