from types import SimpleNamespace

import numpy as np
import pytest

from ocr_core.recipes.plates.network import Reading
from ocr_core.recipes.plates.photos import PhotoReader, cut_out, grow, line_finder, read_cut
from schemas import Box, DetectedPage, Detection, Quad
from tests.ocr_core.recipes.plates.stand_ins import ManyVoices, StandInReader

PHOTO = np.tile(np.arange(200, dtype=np.uint8), (100, 1))
LINE = Quad.from_box(Box(50, 40, 110, 60))


def reader_of(lines, reader=None, **limits):
    return PhotoReader(lambda photo: lines, reader or StandInReader(), **limits)


def test_a_plate_is_found_once_where_its_reading_is_surest():
    (found,) = reader_of([LINE]).read(PHOTO)
    assert found.text == "AB123"
    assert found.confidence == pytest.approx(0.74)  # 60 wide and 12 % of it on both sides
    assert found.quad == grow(LINE, 0.12, 0.5)


def test_two_that_agree_outvote_one_that_is_surer():
    voices = (
        ("AB123", 0.5), ("XY999", 0.9), ("AB123", 0.6), ("AB12", 0.4),
    )  # fmt: skip
    (found,) = reader_of([LINE], ManyVoices(*(Reading(*one) for one in voices))).read(PHOTO)
    assert (found.text, found.confidence) == ("AB123", 0.6)


def test_a_picture_of_a_plate_says_what_most_of_its_cuts_say():
    voices = [Reading("AB123", 0.5), Reading("XY999", 0.9), Reading("AB123", 0.6)]
    voices += [Reading("", 0.0)] * 5 + [Reading("AB12", 0.4)]
    assert read_cut(PHOTO, ManyVoices(*voices)) == Reading("AB123", 0.6)


def test_plates_at_two_places_are_both_read():
    other = Quad.from_box(Box(120, 80, 180, 95))
    assert len(reader_of([LINE, other]).read(PHOTO)) == 2


@pytest.mark.parametrize(
    "box",
    [
        Box(0, 0, 20, 10),  # too small
        Box(0, 0, 190, 10),  # too long
        Box(0, 0, 40, 60),  # upright
    ],
)
def test_what_is_no_plate_by_its_shape_is_not_read(box):
    reader = StandInReader()
    assert reader_of([Quad.from_box(box)], reader).read(PHOTO) == []
    assert reader.widths == []


def test_short_and_unsure_readings_are_left_out():
    assert reader_of([LINE], StandInReader("AB")).read(PHOTO) == []
    assert reader_of([LINE], min_confidence=0.8).read(PHOTO) == []
    assert len(reader_of([LINE], StandInReader("AB"), min_length=2).read(PHOTO)) == 1


def test_a_photo_without_lines_has_no_plates():
    assert reader_of([]).read(PHOTO) == []


def test_a_quad_grows_by_shares_of_its_width_and_height():
    assert grow(LINE, 0.1, 0.5).box == Box(44, 30, 116, 70)


def test_what_is_cut_out_is_upright():
    turned = Quad(110, 40, 110, 80, 90, 80, 90, 40)  # its text runs downwards
    picture = cut_out(PHOTO, turned)
    assert picture.shape == (20, 40)
    assert picture[0].mean() > picture[-1].mean() + 15  # its top is the photo's right
    assert np.ptp(picture[10].astype(int)) <= 1


def test_beyond_the_photo_its_edge_goes_on():
    picture = cut_out(PHOTO, Quad.from_box(Box(-20, 10, 20, 30)))
    assert (picture[:, :19] == 0).all()


def test_what_only_one_cut_says_is_no_plate():
    voices = [Reading("AB123", 0.8), *[Reading("", 0.0)] * 3]
    assert reader_of([LINE], ManyVoices(*voices)).read(PHOTO) == []
    assert len(reader_of([LINE], ManyVoices(*voices), min_agreement=0.7).read(PHOTO)) == 1


def test_of_two_texts_as_sure_the_one_that_has_the_form_of_a_plate_counts():
    voices = [
        ("AB1C2D3E", 0.9),
        ("ABC123", 0.8),
        ("AB1C2D3E", 0.9),
        ("ABC123", 0.8),
        ("", 0),
        ("", 0),
    ]
    (found,) = reader_of([LINE], ManyVoices(*(Reading(*one) for one in voices))).read(PHOTO)
    assert found.text == "ABC123"


def test_cuts_of_two_places_do_not_vote_for_each_other():
    other = Quad.from_box(Box(120, 80, 180, 95))
    once = [Reading("AB123", 0.8), *[Reading("", 0.0)] * 3]
    assert reader_of([LINE, other], ManyVoices(*once, *once)).read(PHOTO) == []
    assert len(reader_of([LINE, LINE], ManyVoices(*once, *once)).read(PHOTO)) == 1


def ink_finder(darker_than):
    """An engine that finds the box of what is darker than a grey, and keeps what it was shown."""

    def detect(page):
        rows, columns = np.nonzero(page.pixels < darker_than)
        if len(rows) == 0:
            return "a failure"
        box = Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
        return DetectedPage(page, (Detection(Quad.from_box(box), 0.9),))

    def detect_pages(pages):
        shown.extend(pages)
        return [detect(page) for page in pages]

    shown = []
    return SimpleNamespace(detect_pages=detect_pages, pages=shown)


def test_lines_of_every_size_are_in_pixels_of_the_photo():
    photo = np.full((100, 200), 230, np.uint8)
    photo[40:60, 60:120] = 20
    engine = ink_finder(150)
    lines = line_finder(engine)(photo)
    assert {page.pixels.shape for page in engine.pages} == {(100, 200), (50, 100), (200, 400)}
    assert len(lines) == 4
    for line in lines:
        np.testing.assert_allclose(line.corners, Quad.from_box(Box(60, 40, 120, 60)).corners)


def test_a_photo_is_looked_at_brighter_but_neither_black_nor_white_change():
    engine = ink_finder(0)
    line_finder(engine)(np.array([[0, 40, 255]], np.uint8).repeat(4, axis=0))
    assert engine.pages[1].pixels[0].tolist() == [0, 101, 255]


def test_a_large_photo_is_not_made_larger():
    engine = ink_finder(0)
    line_finder(engine)(np.zeros((30, 3000), np.uint8))
    assert {page.pixels.shape[1] for page in engine.pages} == {3000, 1500, 750}


def test_a_photo_that_cannot_be_searched_has_no_lines():
    assert line_finder(ink_finder(0))(PHOTO) == []
