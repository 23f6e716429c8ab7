import numpy as np
import pytest

from ocr_core.harvest.text import _known, find_pictures, find_runs, is_space, read_layer


def runs(pdf):
    layer = read_layer(pdf.page)
    return [layer.text(run) for run in find_runs(layer)]


def test_a_layer_says_what_stands_where(pdf):
    pdf.write("number 7", 40, 60, fontsize=10)
    layer = read_layer(pdf.page)
    assert "".join(layer.characters) == "number 7"
    np.testing.assert_allclose(layer.origins[:, 1], 60, atol=0.01)
    np.testing.assert_allclose(layer.sizes, 10, atol=0.01)
    assert layer.origins[0, 0] == pytest.approx(40)
    assert (np.diff(layer.origins[:, 0]) > 0).all()
    assert (layer.boxes[:, 2] > layer.boxes[:, 0]).all()
    assert layer.turns.tolist() == [0]
    assert len(set(layer.fonts.tolist())) == 1


def test_ligatures_and_hyphens_are_written_as_the_recogniser_writes_them(pdf):
    pdf.write("an o\ufb03cial \ufb01le\u2010name", 40, 60)
    assert runs(pdf) == ["an official file-name"]


def test_a_soft_hyphen_counts_where_a_line_ends_with_it(pdf):
    pdf.write("so\u00adme typo\u00ad", 40, 60)
    assert runs(pdf) == ["some typo-"]


def test_half_a_character_becomes_an_unknown_one():
    assert _known("\ud80c") == "\ufffd"
    assert _known("é") == "é"


def test_wide_gaps_part_runs_and_narrow_ones_do_not(pdf):
    pdf.write("item", 40, 60)
    pdf.write("12.50", 90, 60)
    pdf.write("close", 40, 120)
    pdf.write("by", 75, 120)
    assert runs(pdf) == ["item", "12.50", "close by"]


def test_lines_of_two_columns_stay_apart(pdf):
    for row in range(6):
        pdf.write("account number", 40, 60 + 15 * row)
    for row in range(6):
        pdf.write("paper house", 128, 60 + 15 * row)
    assert runs(pdf).count("account number") == 6
    assert runs(pdf).count("paper house") == 6


def test_columns_with_a_narrow_gutter_stay_apart_when_written_row_by_row(pdf):
    for row in range(6):
        pdf.write("account number", 40, 60 + 15 * row)
        pdf.write("paper house", 127, 60 + 15 * row)
    assert runs(pdf).count("paper house") == 6


def test_a_run_never_holds_two_lines(pdf):
    pdf.paragraph(lines=5)
    layer = read_layer(pdf.page)
    found = find_runs(layer)
    assert len(found) == 5
    for run in found:
        assert np.ptp(layer.origins[run, 1]) < 0.01


@pytest.mark.parametrize(("rotation", "turn"), [(0, 0), (90, 3), (180, 2), (270, 1)])
def test_a_turned_page_is_read_as_it_is_shown(pdf, rotation, turn):
    pdf.write("turned", 40, 60)
    pdf.page.set_rotation(rotation)
    layer = read_layer(pdf.page)
    assert layer.turns.tolist() == [turn]
    width, height = pdf.page.rect.width, pdf.page.rect.height
    assert (layer.boxes[:, 0] >= 0).all()
    assert (layer.boxes[:, 2] <= width).all()
    assert (layer.boxes[:, 3] <= height).all()
    start, end, down = layer.along(np.arange(6))
    assert (np.diff(start) > 0).all()
    assert (end > start).all()
    np.testing.assert_allclose(down, down[0], atol=0.01)


def test_pictures_are_found_on_a_turned_page_too(pdf):
    pdf.picture((20, 30, 120, 80))
    np.testing.assert_allclose(find_pictures(pdf.page), [[20, 30, 120, 80]], atol=0.5)
    pdf.page.set_rotation(90)
    np.testing.assert_allclose(find_pictures(pdf.page), [[220, 20, 270, 120]], atol=0.5)


def test_a_page_without_text_or_pictures_is_empty(pdf):
    assert len(read_layer(pdf.page)) == 0
    assert find_runs(read_layer(pdf.page)) == []
    assert find_pictures(pdf.page).shape == (0, 4)


def test_spaces_have_no_ink():
    assert all(map(is_space, " \u00a0\t"))
    assert not is_space("x")
