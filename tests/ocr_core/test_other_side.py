import numpy as np

from ocr_core import other_side
from ocr_core.ctc import Decoded
from tests.stand_ins import blank_page, draw_text


def line(text="word", confidence=0.99):
    places = tuple(range(len(text)))
    return Decoded(text, (confidence,) * len(text), places, tuple(place + 1 for place in places))


def crop(ink):
    pixels = blank_page(40, 200)
    draw_text(pixels, "abcde", 10, 30)
    return np.where(pixels < 128, ink, 255).astype(np.uint8)


def test_the_depth_of_ink_is_that_of_strokes_beside_paper():
    assert other_side.ink_depth(crop(0)) == 1
    assert other_side.ink_depth(crop(204)) == 0.2
    assert other_side.ink_depth(np.full((9, 9), 90, np.uint8)) == 0
    assert other_side.ink_depth(np.zeros((9, 9), np.uint8)) == 0


def suspects(*lines):
    return list(other_side.suspects([made for made, _ in lines], [read for _, read in lines]))


def test_faint_lines_in_doubt_are_suspected():
    sure, doubted = line(), line(confidence=0.5)
    dark, faint = crop(0), crop(200)
    assert suspects((dark, sure), (faint, doubted), (dark, doubted), (faint, sure)) == [1]


def test_none_is_suspected_where_no_line_is_read_surely_or_nothing_was_read():
    assert suspects((crop(0), line(confidence=0.5)), (crop(200), line(confidence=0.4))) == []
    assert suspects((crop(0), line()), (crop(200), line(""))) == []
    assert suspects() == []


def test_a_letter_or_two_prove_nothing_by_themselves():
    assert not other_side.is_proof([])
    assert not other_side.is_proof([line("ab"), line("c")])
    assert other_side.is_proof([line("ab"), line("abc")])


def test_a_page_that_is_faint_all_over_is_not_suspected():
    assert suspects((crop(200), line()), (crop(205), line(confidence=0.5))) == []


def test_the_mirrored_line_has_to_be_clearly_surer():
    assert other_side.is_surer(line(confidence=0.9), line(confidence=0.6))
    assert not other_side.is_surer(line(confidence=0.65), line(confidence=0.6))
    assert not other_side.is_surer(line(""), line(confidence=0.6))


def test_a_line_is_mirrored_from_left_to_right():
    assert other_side.mirrored(np.array([[1, 2, 3]], np.uint8)).tolist() == [[3, 2, 1]]


def test_what_is_faint_is_taken_away_and_all_else_stays():
    page = np.full((400, 300), 200, np.uint8)
    page[100:104, 50:250], page[200:204, 50:250], page[300:304, 50:250] = 150, 110, 20
    cleared = other_side.without_faint(page, 0.3)
    assert cleared[102, 100] == 255 == cleared[50, 50]
    assert abs(int(cleared[202, 100]) - 255 * 110 / 200) < 2
    assert abs(int(cleared[302, 100]) - 255 * 20 / 200) < 2
