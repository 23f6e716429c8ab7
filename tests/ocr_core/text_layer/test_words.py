import numpy as np
import pymupdf
import pytest

from ocr_core.text_layer.words import UNKNOWN, quarter_turns, read_words


def words_of(pdf):
    return read_words(pdf.page.get_displaylist())


def test_words_say_what_stands_where(pdf):
    pdf.write("number gap 7", 40, 60, fontsize=20)
    words = words_of(pdf)
    assert words.texts == ("number", "gap", "7")
    assert words.lengths.tolist() == [6, 3, 1]
    left, top, right, bottom = words.boxes.T
    assert left[0] == pytest.approx(40, abs=0.5)
    assert (left[1:] > right[:-1]).all()
    np.testing.assert_allclose(words.baselines[:, 1], 60, atol=0.01)
    # Boxes are those of the glyphs: only `gap` hangs below the line, `7` is as tall as a capital.
    assert (bottom > 61).tolist() == [False, True, False]
    assert 60 - top[2] == pytest.approx(0.68 * 20, abs=0.5)
    np.testing.assert_allclose(words.sizes, 20, atol=0.01)
    assert words.em == pytest.approx(20, abs=0.01)
    assert words.turns.tolist() == [0, 0, 0]
    assert words.is_painted.all()


def test_lines_and_fonts_are_told_apart(pdf):
    pdf.write("first line", 40, 60)
    pdf.write("second", 40, 80, font="cour")
    words = words_of(pdf)
    assert words.lines[0] == words.lines[1] != words.lines[2]
    assert words.fonts[0] == words.fonts[1] != words.fonts[2]


def test_the_em_is_that_of_most_text(pdf):
    pdf.write("a long line of running text", 40, 60, fontsize=10)
    pdf.write("Title", 40, 120, fontsize=40)
    assert words_of(pdf).em == pytest.approx(10, abs=0.01)


def test_text_that_is_not_painted_is_told_within_a_line(pdf):
    writer = pymupdf.TextWriter(pdf.page.rect)
    font = pymupdf.Font("tiro")
    writer.append((40, 60), "seen", font=font)
    writer.write_text(pdf.page)
    hidden = pymupdf.TextWriter(pdf.page.rect)
    hidden.append((70, 60), "hidden", font=font)
    hidden.write_text(pdf.page, render_mode=3)
    words = words_of(pdf)
    assert dict(zip(words.texts, words.is_painted.tolist(), strict=True)) == {
        "seen": True,
        "hidden": False,
    }


@pytest.mark.parametrize(("rotation", "turn"), [(0, 0), (90, 3), (180, 2), (270, 1)])
def test_a_turned_page_is_read_as_it_is_shown(pdf, rotation, turn):
    pdf.write("turned", 40, 60)
    pdf.page.set_rotation(rotation)
    words = words_of(pdf)
    assert words.turns.tolist() == [turn]
    width, height = pdf.page.rect.width, pdf.page.rect.height
    x, y = {0: (40, 60), 90: (300 - 60, 40), 180: (400 - 40, 300 - 60), 270: (60, 400 - 40)}[
        rotation
    ]
    np.testing.assert_allclose(words.baselines, [[x, y]], atol=0.01)
    assert (words.boxes >= 0).all()
    assert (words.boxes <= (width, height, width, height)).all()


def test_what_lies_off_the_page_is_left_out(pdf):
    pdf.write("within", 40, 60)
    pdf.write("below", 40, 400)
    pdf.write("across", 380, 100)
    pdf.page.set_cropbox(pymupdf.Rect(0, 0, 400, 200))
    words = words_of(pdf)
    assert words.texts[0] == "within"
    assert "below" not in words.texts
    assert (words.boxes[:, 2] <= 400).all()


def test_form_fields_and_annotations_are_words_of_the_page(pdf):
    field = pymupdf.Widget()
    field.field_type = pymupdf.PDF_WIDGET_TYPE_TEXT
    field.field_name, field.field_value = "name", "filled"
    field.rect = pymupdf.Rect(40, 100, 200, 130)
    pdf.page.add_widget(field)
    pdf.page.add_freetext_annot(pymupdf.Rect(40, 140, 200, 170), "remark")
    assert sorted(words_of(pdf).texts) == ["filled", "remark"]


def test_a_space_after_a_ligature_is_not_missed(pdf):
    pdf.write("sta\ufb00 o\ufb03ce", 40, 60)
    assert words_of(pdf).texts == ("staff", "office")


def test_half_a_character_becomes_an_unknown_one(pdf, monkeypatch):
    row = (40.0, 50.0, 60.0, 60.0, "a\ud80c", 0, 0, 0)
    pdf.write("ab", 40, 60)
    monkeypatch.setattr(pymupdf.TextPage, "extractWORDS", lambda _: [row])
    assert words_of(pdf).texts == ("a" + UNKNOWN,)


def test_a_page_without_text_has_no_words(pdf):
    words = words_of(pdf)
    assert len(words) == 0
    assert words.boxes.shape == (0, 4)
    assert words.em == 0


def test_quarter_turns_are_anticlockwise_and_slants_are_none():
    directions = np.array([(1, 0), (0, -1), (-1, 0), (0, 1), (0.7, 0.7), (1, 0.01)], np.float32)
    assert quarter_turns(directions).tolist() == [0, 1, 2, 3, -1, 0]
