import numpy as np
import pymupdf
import pytest

from ocr_core.harvest.ink import Extents
from ocr_core.harvest.pages import HarvestedPage, OpenPage, Refusal, Use, judge_page, without
from ocr_core.harvest.text import find_pictures, read_layer
from ocr_core.pdf import draw_with_mupdf
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.typeset import LineStyle, set_line
from ocr_core.text_layer.ink import DPI, SCALE


@pytest.fixture
def judge(charset):
    def judged(pdf):
        pixels = draw_with_mupdf(pdf.document, 0, DPI, 40).pixels
        layer = read_layer(pdf.page)
        extents = Extents()
        extents.measure(layer, pixels)
        size = pdf.page.rect.width, pdf.page.rect.height
        page = OpenPage("a.pdf", 0, size, layer, pixels, find_pictures(pdf.page))
        return judge_page(page, extents, charset)

    return judged


def of_use(page, use):
    return [text for text, one in zip(page.texts, page.uses, strict=True) if one == use]


def test_an_honest_page_is_kept_line_by_line(pdf, judge):
    pdf.paragraph()
    page = judge(pdf)
    assert isinstance(page, HarvestedPage)
    assert len(page.texts) == 8
    assert (page.uses == Use.READ).all()
    assert page.em == pytest.approx(12, abs=0.1)
    assert page.font in page.fonts


def test_the_ink_of_each_line_lies_in_its_quad_and_fills_it(pdf, judge):
    for row in range(8):
        pdf.write("bdhkl the quick gypsy jumps", 40, 50 + 20 * row)
    page = judge(pdf)
    ink = draw_with_mupdf(pdf.document, 0, DPI, 40).pixels < 160
    for corners in page.corners * SCALE:
        left, top = np.floor(corners[0]).astype(int)
        right, bottom = np.ceil(corners[2]).astype(int)
        around = ink[top - 6 : bottom + 6, left - 6 : right + 6]
        ys, xs = np.nonzero(around)
        found = xs.min() + left - 6, ys.min() + top - 6, xs.max() + left - 5, ys.max() + top - 5
        np.testing.assert_allclose(found, (left, top, right, bottom), atol=2)


def test_quads_are_as_tall_as_those_of_synthetic_lines(pdf, judge, charset):
    text = "the quick gypsy jumps bdhkl"
    for row in range(8):
        pdf.write(text, 40, 50 + 30 * row, fontsize=20)
    page = judge(pdf)
    face = find_faces(charset, folders=())[0]
    heights = page.corners[:, 2, 1] - page.corners[:, 1, 1]
    assert np.ptp(heights) < 0.2
    line = set_line(text, LineStyle(face, 100), np.random.default_rng(0))
    assert heights[0] / 20 == pytest.approx((line.ascent + line.descent) / 100, abs=0.08)


def test_a_line_in_many_fonts_is_as_tall_as_any(pdf, judge):
    pdf.paragraph(lines=8)
    fonts = "tiro", "helv", "cour", "tibo", "tiit", "hebo", "heit", "cobo"
    for at, font in enumerate(fonts):
        pdf.write("l", 40 + 6 * at, 240, font=font)
    page = judge(pdf)
    (line,) = (at for at, text in enumerate(page.texts) if set(text) <= {"l", " "})
    assert page.texts[line].count("l") == 8
    assert page.corners[line, 3, 1] - page.corners[line, 0, 1] > 9


def test_invisible_text_is_no_text(pdf, judge):
    pdf.paragraph(lines=10)
    pdf.write("ghost", 40, 250, render_mode=3)
    page = judge(pdf)
    assert "ghost" not in page.texts
    pdf.write("many more words that nobody ever sees on any page", 40, 270, render_mode=3)
    assert judge(pdf) == Refusal("hidden text")


def test_white_text_is_no_text(pdf, judge):
    pdf.paragraph(lines=2)
    pdf.write("white words on white paper", 40, 250, color=(1, 1, 1))
    assert judge(pdf) == Refusal("hidden text")


def test_pale_text_is_ignored(pdf, judge):
    pdf.paragraph(lines=10)
    pdf.write("all but white", 40, 250, color=(0.91, 0.91, 0.91))
    assert of_use(judge(pdf), Use.IGNORED) == ["all but white"]


def test_a_scan_with_a_text_layer_is_refused(pdf, judge):
    pdf.picture((0, 0, 400, 300))
    for row in range(5):
        pdf.write("what a reader made of a scan", 40, 50 + 20 * row, render_mode=3)
    assert judge(pdf) == Refusal("scan or background picture")


def test_pictures_are_ignored_and_so_is_text_on_them(pdf, judge):
    pdf.paragraph(lines=8)
    pdf.picture((200, 190, 380, 280))
    pdf.write("caption inside", 220, 230)
    page = judge(pdf)
    assert set(of_use(page, Use.IGNORED)) == {"", "caption inside"}
    assert len(of_use(page, Use.READ)) == 8


def test_letters_drawn_as_pictures_of_letters_are_ignored(pdf, judge):
    pdf.paragraph(lines=8)
    for at in range(6):
        pdf.page.draw_circle((60 + 12 * at, 240), 4)
    page = judge(pdf)
    (drawn,) = np.flatnonzero(page.uses == Use.IGNORED)
    left, top = page.corners[drawn, 0]
    right, bottom = page.corners[drawn, 2]
    assert left < 58
    assert right > 120
    assert top < 238 < 242 < bottom


def test_a_page_of_drawn_letters_is_refused(pdf, judge):
    pdf.paragraph(lines=2)
    for row in range(8):
        for at in range(20):
            pdf.page.draw_circle((60 + 12 * at, 90 + 20 * row), 4)
    assert judge(pdf) == Refusal("ink without text")


def test_characters_outside_of_the_charset_are_found_but_not_read(pdf, judge):
    pdf.paragraph(lines=8)
    pdf.write("Ελληνικά", 40, 250, font="tiro")
    page = judge(pdf)
    assert of_use(page, Use.FOUND) == ["Ελληνικά"]


def test_a_page_mostly_of_them_is_refused(pdf, judge):
    pdf.paragraph(lines=1)
    for row in range(5):
        pdf.write("Ελληνικά και άλλα ελληνικά", 40, 90 + 20 * row)
    assert judge(pdf) == Refusal("few characters of the charset")


def test_hardly_any_text_is_too_little(pdf, judge):
    pdf.write("1", 40, 60)
    assert judge(pdf) == Refusal("too little text")


@pytest.mark.parametrize(("degrees", "use"), [(90, Use.READ), (270, Use.FOUND), (30, Use.IGNORED)])
def test_text_that_does_not_run_level(pdf, judge, degrees, use):
    pdf.paragraph(lines=8, words=4)
    corner = pymupdf.Point(300, 200)
    morph = corner, pymupdf.Matrix(degrees)
    pdf.page.insert_text(corner, "turned", fontname="tiro", fontsize=12, morph=morph)
    page = judge(pdf)
    at = page.texts.index("turned")
    assert page.uses[at] == use
    if degrees % 90 == 0:
        along = page.corners[at, 1] - page.corners[at, 0]
        assert np.sign(along[1]) == (-1 if degrees == 90 else 1)
        across = page.corners[at, 3] - page.corners[at, 0]
        assert np.hypot(*across) == pytest.approx(0.9 * 12, abs=1.5)


def test_superscripts_and_letterspacing_are_not_read(pdf, judge):
    pdf.paragraph(lines=8)
    pdf.write("footnote", 40, 240)
    pdf.write("2", 84, 235, fontsize=7)
    pdf.write("C O N T E N T S", 40, 270)
    page = judge(pdf)
    assert of_use(page, Use.FOUND) == ["footnote 2", "C O N T E N T S"]


def test_rules_of_signs_and_text_over_text_are_ignored(pdf, judge):
    pdf.paragraph(lines=8)
    pdf.write("------------", 40, 230)
    pdf.write("one thing", 40, 260)
    pdf.write("upon another", 42, 262)
    assert set(of_use(judge(pdf), Use.IGNORED)) == {"------------", "one thing", "upon another"}


def test_doubtful_lines_are_no_more_to_be_read(pdf, judge):
    pdf.paragraph(lines=8)
    page = judge(pdf)
    some = without(page, np.arange(8) < 2)
    assert (some.uses == Use.FOUND).sum() == 2
    assert (page.uses == Use.READ).all()
    assert without(page, np.ones(8, bool)) == Refusal("text that differs from its ink")
