import numpy as np
import pymupdf
import pytest

from ocr_core.text_layer.lines import CONFIDENCE, clean, make_lines
from ocr_core.text_layer.words import read_words

SCALE = 2.0


def lines_of(pdf, kept=None):
    words = read_words(pdf.page.get_displaylist())
    return make_lines(words, np.ones(len(words), bool) if kept is None else kept, SCALE)


def test_a_line_has_its_words_in_pixels(pdf):
    pdf.write("paper house", 40, 60, fontsize=20)
    [line] = lines_of(pdf)
    assert (line.text, line.raw_text, line.confidence) == ("paper house", "paper house", CONFIDENCE)
    assert [word.text for word in line.words] == ["paper", "house"]
    box = line.quad.box
    assert box.left == pytest.approx(80, abs=1)
    # From the top of tall letters to the bottom of hanging ones.
    assert box.top == pytest.approx(2 * (60 - 0.7 * 20), abs=1)
    assert box.bottom == pytest.approx(2 * (60 + 0.217 * 20), abs=1)
    assert line.words[0].box.right < line.words[1].box.left
    assert line.words[1].box.right == box.right
    assert {(word.box.top, word.box.bottom) for word in line.words} == {(box.top, box.bottom)}


def test_lines_of_low_letters_are_as_high_as_others(pdf):
    pdf.write("nose sea", 40, 60)
    pdf.write("high quay", 40, 90)
    low, high = (line.quad.height for line in lines_of(pdf))
    assert low == pytest.approx(high, rel=0.05)


def test_only_words_that_are_kept_count(pdf):
    pdf.write("one two three", 40, 60)
    [line] = lines_of(pdf, kept=np.array([True, True, False]))
    assert line.text == "one two"
    assert lines_of(pdf, kept=np.zeros(3, bool)) == ()


def test_wide_gaps_part_lines_and_narrow_ones_do_not(pdf):
    pdf.write("item", 40, 60)
    pdf.write("12.50", 90, 60)
    pdf.write("close", 40, 120)
    pdf.write("by", 75, 120)
    assert [line.text for line in lines_of(pdf)] == ["item", "12.50", "close by"]


def test_columns_with_a_narrow_gutter_stay_apart_when_written_row_by_row(pdf):
    for row in range(6):
        pdf.write("account number", 40, 60 + 15 * row)
        pdf.write("paper house", 127, 60 + 15 * row)
    assert [line.text for line in lines_of(pdf)].count("paper house") == 6


def test_a_line_never_holds_two_rows(pdf):
    pdf.paragraph(lines=5)
    found = lines_of(pdf)
    assert len(found) == 5
    assert all(line.quad.height < 2 * 15 for line in found)


@pytest.mark.parametrize(("rotation", "angle"), [(0, 0), (90, -90), (180, 180), (270, 90)])
def test_a_quad_starts_at_the_top_left_of_its_text(pdf, rotation, angle):
    pdf.write("number 7", 40, 60)
    pdf.page.set_rotation(rotation)
    [line] = lines_of(pdf)
    assert abs(line.quad.angle_deg) == abs(angle)
    if rotation % 180:
        assert line.quad.angle_deg == angle
    assert line.quad.width > 3 * line.quad.height
    first, second = line.words
    along = line.quad.corners[1] - line.quad.corners[0]
    step = np.subtract(second.box.centre, first.box.centre)
    assert along @ step > 0
    assert line.quad.box.overlap(first.box) == pytest.approx(first.box.area, rel=1e-3)
    written = np.array(pymupdf.Point(40, 60) * pdf.page.rotation_matrix) * SCALE
    start, end = np.array(line.baseline)
    np.testing.assert_allclose(start, written, atol=3)  # to the ink of the first letter
    np.testing.assert_allclose(end - start, along, atol=0.1)
    across = (written - start) @ (-along[1], along[0]) / np.hypot(*along)
    assert across == pytest.approx(0, abs=0.1)


def test_a_slanted_line_has_a_slanted_quad(pdf):
    slant = pymupdf.Matrix(20)
    pdf.page.insert_text(
        (100, 200), "a slanted line", fontsize=12, morph=(pymupdf.Point(100, 200), slant)
    )
    [line] = lines_of(pdf)
    assert line.text == "a slanted line"
    assert abs(line.quad.angle_deg) == pytest.approx(20, abs=0.5)
    assert line.quad.height == pytest.approx(2 * 0.91 * 12, rel=0.05)
    assert line.quad.width > 4 * line.quad.height
    start, end = np.array(line.baseline)
    np.testing.assert_allclose(start, (200, 400), atol=4)
    np.testing.assert_allclose(end - start, line.quad.corners[1] - line.quad.corners[0], atol=0.1)


def test_a_soft_hyphen_shows_where_a_line_ends_with_it(pdf):
    pdf.write("so\u00adme typo\u00ad", 40, 60)
    assert [line.text for line in lines_of(pdf)] == ["some typo-"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("o\ufb03ce", "office"),
        ("e\u0301t\u00e9", "\u00e9t\u00e9"),
        ("\uf0b7", "•"),
        ("\uf123", ""),
        ("a\uf123b\x07", "ab"),
        ("\ufffd", ""),
        ("a\ufffdb", "a\ufffdb"),
        ("שלום", "שלום"),
    ],
)
def test_words_are_written_as_others_can_read_them(text, expected):
    assert clean(text) == expected
