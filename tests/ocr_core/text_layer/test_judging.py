from dataclasses import replace
from functools import partial

import numpy as np
import pymupdf
import pytest

from ocr_core.pdf import draw_with_mupdf
from ocr_core.text_layer.ink import PageInk
from ocr_core.text_layer.judging import (
    LayerPage,
    Reason,
    drawing_dpi,
    judge,
    overlap,
    repeated,
    unknown_characters,
)
from ocr_core.text_layer.words import read_words
from tests.ocr_core.harvest.conftest import draw_text

NO_PICTURES = np.zeros((0, 4), np.float32)
DPI = 100


def words_of(pdf):
    return read_words(pdf.page.get_displaylist())


def look_at(pdf):
    return PageInk(draw_with_mupdf(pdf.document, 0, DPI, 40).pixels, DPI)


def judged(pdf, pictures=NO_PICTURES, is_covered=None):
    words = words_of(pdf)
    covered = np.zeros(len(words), bool) if is_covered is None else is_covered
    size = pdf.page.rect.width, pdf.page.rect.height
    return judge(LayerPage(words, size, pictures, covered), partial(look_at, pdf))


def test_a_layer_that_shows_what_it_says_is_all_there_is(pdf):
    pdf.paragraph()
    verdict = judged(pdf)
    assert (verdict.reason, verdict.is_all) == (Reason.AGREES, True)
    assert verdict.kept.all()


def test_pale_text_and_white_text_on_a_dark_ground_are_seen(pdf):
    pdf.paragraph(lines=3)
    pdf.write(draw_text(5), 40, 130, color=(0.8, 0.8, 0.8))
    pdf.page.draw_rect((30, 150, 390, 200), fill=(0, 0, 0.3))
    pdf.write(draw_text(5, seed=1), 40, 180, color=(1, 1, 1))
    verdict = judged(pdf)
    assert verdict.kept.all()
    assert verdict.is_all


@pytest.mark.parametrize("style", [{"render_mode": 3}, {"color": (1, 1, 1)}])
def test_text_that_cannot_be_seen_is_refused(pdf, style):
    for row in range(8):
        pdf.write(draw_text(6, seed=row), 40, 50 + 15 * row, **style)
    verdict = judged(pdf)
    assert (verdict.reason, verdict.is_all) == (Reason.INVISIBLE, False)
    assert not verdict.kept.any()


def test_nothing_is_drawn_for_a_layer_that_nobody_was_to_see(pdf):
    pdf.write(draw_text(6), 40, 50, render_mode=3)
    page = LayerPage(words_of(pdf), (400, 300), NO_PICTURES, np.zeros(6, bool))

    def fail():
        raise AssertionError("it was drawn")

    assert judge(page, fail).reason == Reason.INVISIBLE


def test_words_under_a_picture_are_not_seen(pdf):
    pdf.paragraph()
    assert judged(pdf, is_covered=np.ones(48, bool)).reason == Reason.INVISIBLE


def test_a_few_hidden_words_are_left_out(pdf):
    pdf.paragraph()
    pdf.write("secret", 40, 200, color=(1, 1, 1))
    verdict = judged(pdf)
    assert verdict.is_all
    assert np.flatnonzero(~verdict.kept).tolist() == [48]


def test_more_hidden_words_raise_doubts(pdf):
    pdf.paragraph(lines=4)
    pdf.write("several secret words here", 40, 200, color=(1, 1, 1))
    verdict = judged(pdf)
    assert (verdict.reason, verdict.is_all) == (Reason.AGREES, False)
    assert verdict.kept.sum() == 24


def test_characters_without_meaning_are_refused(pdf):
    pdf.paragraph()
    words = words_of(pdf)
    garbage = tuple("\x19\x12\ufffd" for _ in words.texts)
    page = LayerPage(replace(words, texts=garbage), (400, 300), NO_PICTURES, np.zeros(48, bool))
    assert judge(page, partial(look_at, pdf)).reason == Reason.GARBAGE


@pytest.mark.parametrize(
    ("text", "count"),
    [("word", 0), ("\uf0b7", 0), ("\ufffd", 1), ("\x19\x12", 2), ("a\ufffdb", 1), ("\uf041b", 1)],
)
def test_characters_that_mean_nothing_are_counted(pdf, text, count):
    pdf.write("x", 40, 60)
    assert unknown_characters(replace(words_of(pdf), texts=(text,))).tolist() == [count]


def test_a_font_that_names_its_glyphs_wrongly_raises_doubts(pdf):
    pdf.paragraph()
    pdf.mistake_letters()
    verdict = judged(pdf)
    assert (verdict.reason, verdict.is_all) == (Reason.AGREES, False)


def test_letters_that_are_drawn_raise_doubts(pdf):
    pdf.paragraph()
    drawn = pymupdf.open("pdf", pdf.document.tobytes())
    outlines = pymupdf.open("svg", drawn[0].get_svg_image(text_as_path=True).encode())
    outlines = pymupdf.open("pdf", outlines.convert_to_pdf())
    pdf.page.show_pdf_page(pymupdf.Rect(0, 150, 400, 300), outlines, 0, keep_proportion=False)
    assert not judged(pdf).is_all


def test_rules_frames_and_boxes_to_tick_raise_none(pdf):
    pdf.paragraph()
    pdf.page.draw_line((20, 180), (380, 180))
    pdf.page.draw_rect((40, 190, 300, 280))
    for row in range(4):
        pdf.page.draw_rect((60, 200 + 20 * row, 70, 210 + 20 * row))
    assert judged(pdf).is_all


def test_a_stamp_on_a_large_picture_is_not_all(pdf):
    pdf.write("Page 3", 180, 280)
    picture = np.array([[0, 0, 400, 300]], np.float32)
    assert not judged(pdf, picture).is_all
    pdf.paragraph(lines=12)
    assert judged(pdf, picture).is_all  # with all that text it is a background


def test_bold_by_printing_twice_says_it_once(pdf):
    for shift in (0, 0.4):
        pdf.write("bold and bold", 40 + shift, 60)
    words = words_of(pdf)
    texts = [
        text for text, is_again in zip(words.texts, repeated(words), strict=True) if not is_again
    ]
    assert texts == ["bold", "and", "bold"]
    assert judged(pdf).is_all


def test_text_on_text_overlaps(pdf):
    pdf.write("one over the other", 40, 60)
    pdf.write("some more of this", 42, 62)
    pdf.write("and another line", 40, 100)
    words = words_of(pdf)
    everything = np.ones(len(words), bool)
    assert 0.5 < overlap(words, everything) < 0.8
    assert overlap(words, words.baselines[:, 1] > 90) == 0
    assert overlap(words, ~everything) == 0
    assert not judged(pdf).is_all


def test_drawings_are_small_but_show_letters():
    a4 = (595.0, 842.0)
    assert drawing_dpi(10, a4) == pytest.approx(72)
    assert drawing_dpi(6, a4) > drawing_dpi(10, a4) > drawing_dpi(20, a4)
    assert drawing_dpi(0, a4) == 140
    poster = (5000.0, 9000.0)
    dpi = drawing_dpi(10, poster)
    assert poster[0] * poster[1] * (dpi / 72) ** 2 <= 8e6 * 1.001
