from dataclasses import replace

import numpy as np
import pytest

from ocr_core.cleaning import curl
from ocr_core.cleaning.bending import Bent
from ocr_core.cleaning.curves import Curve, trace_curves
from schemas import Box, Line, Quad
from tests.measure_curl import CURVES, bent
from tests.stand_ins import page_image

SHAPE = (480, 340)  # of a map
HEIGHT = 10  # of a line, in pixels of it


def lines_along(shift, lefts=(20,), rights=(320,), rows=30):
    """The curves of a page whose columns are shifted down by `shift`, in pixels of the map."""
    found = []
    for y in np.linspace(40, 440, rows):
        for left, right in zip(lefts, rights, strict=True):
            x = np.linspace(left, right, 32)
            found.append(Curve(x, y + shift(x, y), HEIGHT / 2))
    return found


def arc(rise):
    return lambda x, y: rise * 4 * x / SHAPE[1] * (1 - x / SHAPE[1])


def departure(field, shift):
    """By how much the field is wrong about a known shift where the lines are, level aside."""
    x, y = np.linspace(20, 320, 50), np.linspace(40, 440, 20)
    wanted = np.array([shift(x, row) for row in y])
    wanted = wanted - np.polyval(np.polyfit(x, wanted.mean(axis=0), 1), x)
    found = field.shifts(x, y)
    found = found - np.polyval(np.polyfit(x, found.mean(axis=0), 1), x)
    return np.ptp(found - wanted, axis=1).max()


def gutter(x, y):
    return (0.5 + 0.5 * y / SHAPE[0]) * 15 * np.exp(-x / (0.18 * SHAPE[1]))


@pytest.mark.parametrize(
    "shift", [arc(15), arc(-8), gutter, lambda x, y: 6 * np.sin(x * 2 * np.pi / 340)]
)
def test_the_field_is_by_how_much_the_lines_are_shifted(shift):
    field = curl.find_field(lines_along(shift), SHAPE)
    assert field is not None
    assert departure(field, shift) < 0.12 * HEIGHT


@pytest.mark.parametrize(
    "shift",
    [
        lambda x, y: 0 * x,
        lambda x, y: 0.07 * x,  # skew
        lambda x, y: 0.05 * x * (y / SHAPE[0] - 0.5),  # a sheet seen from the side
        arc(0.1 * HEIGHT),
        lambda x, y: np.random.default_rng(int(y)).normal(0, 1.5, x.shape),
        lambda x, y: arc(15)(x, y) if round(y) % 2 else 0 * x,  # each line as it likes
    ],
    ids=["level", "skew", "tapered", "hardly bent", "ragged", "at odds"],
)
def test_lines_that_run_straight_or_each_its_own_way_are_not_bent(shift):
    assert curl.find_field(lines_along(shift), SHAPE) is None


def test_skew_is_left_to_the_lines():
    field = curl.find_field(lines_along(lambda x, y: arc(15)(x, y) + 0.05 * x), SHAPE)
    x = np.linspace(20, 320, 50)
    slopes = [np.polyfit(x, row, 1)[0] for row in field.shifts(x, np.array([100.0, 300.0]))]
    assert np.abs(slopes).max() < 0.005


def test_columns_of_short_lines_tell_of_a_bend_together():
    shift = arc(8)
    columns = lines_along(shift, lefts=(20, 125, 230), rights=(115, 220, 320))
    field = curl.find_field(columns, SHAPE)
    assert field is not None
    assert departure(field, shift) < 0.2 * HEIGHT


def test_a_few_strange_lines_do_not_matter():
    shift = arc(12)
    strange = Curve(np.linspace(30, 300, 32), np.linspace(90, 130, 32) ** 2 / 100, HEIGHT / 2)
    field = curl.find_field([*lines_along(shift), strange, strange], SHAPE)
    assert field is not None
    assert departure(field, shift) < 0.15 * HEIGHT


def test_few_lines_tell_nothing():
    assert curl.find_field(lines_along(arc(15), rows=curl.LEAST_LINES - 1), SHAPE) is None
    assert curl.find_field([], SHAPE) is None


def striped(height=960, width=680):
    """A page of lines at known heights, in the picture and on the map of half its size."""
    pixels = np.full((height, width), 255, np.uint8)
    for top in range(80, height - 80, 30):
        pixels[top : top + 10, 60 : width - 60] = 0
    return pixels


def map_of(pixels):
    small = pixels[::2, ::2].astype(np.float32)
    return 1 - small / 255


@pytest.mark.parametrize("curve", CURVES)
def test_a_bent_page_is_made_flat(curve):
    page = page_image(bent(striped(), curve, 24))
    flat = curl.flatten_page(page, map_of(page.pixels), scale=2.0)
    assert flat is not None
    assert isinstance(flat.drawn, Bent)
    assert (flat.drawn.height_px, flat.drawn.width_px) == page.pixels.shape
    for line in trace_curves(map_of(flat.pixels)):
        straight = np.polyval(np.polyfit(line.x, line.y, 1), line.x)
        assert np.abs(line.y - straight).max() < 1.0  # of 12 pixels of the map
    assert curl.flatten_page(flat, map_of(page.pixels), scale=2.0) is None  # it is flat


def test_places_on_the_flat_page_are_put_back_to_the_bent_one():
    page = page_image(bent(striped(), "arc", 24))
    flat = curl.flatten_page(page, map_of(page.pixels), scale=2.0)
    rows, columns = np.nonzero(flat.pixels[:, 70:-70] < 60)
    inked = np.stack([columns + 70, rows], axis=1)[::97]
    back = np.rint(flat.drawn.to_picture(inked + 0.5) - 0.5).astype(int)
    assert (page.pixels[back[:, 1], back[:, 0]] < 128).mean() > 0.97


def test_flat_pages_and_pages_with_a_text_layer_stay_as_they_are():
    page = page_image(striped())
    assert curl.flatten_page(page, map_of(page.pixels), scale=2.0) is None
    line = Line("a", "a", 1.0, Quad.from_box(Box(0, 0, 9, 9)), ())
    layered = replace(page_image(bent(striped(), "arc", 24)), layer=(line,))
    assert curl.flatten_page(layered, map_of(layered.pixels), scale=2.0) is None
