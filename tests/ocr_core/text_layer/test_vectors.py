import pymupdf
import pytest

from ocr_core.text_layer.vectors import find_rulings


def rulings(pdf, scale=2.0):
    return [
        (*one.start, *one.end, round(one.thickness, 3)) for one in find_rulings(pdf.page, scale)
    ]


def test_level_and_upright_lines_are_rulings(pdf):
    pdf.page.draw_line((40, 50), (200, 50), width=1)
    pdf.page.draw_line((60, 200), (60, 100), width=0.5)
    assert rulings(pdf) == [(80, 100, 400, 100, 2), (120, 200, 120, 400, 1)]
    assert [one.is_level for one in find_rulings(pdf.page, 1.0)] == [True, False]


def test_a_thin_box_is_a_line(pdf):
    pdf.page.draw_rect((40, 50, 200, 51), color=None, fill=(0, 0, 0))
    pdf.page.draw_rect((40, 60, 40.5, 160), color=None, fill=(0.5, 0.5, 0.5))
    [level, upright] = rulings(pdf, scale=1.0)
    assert level == pytest.approx((40, 50.5, 200, 50.5, 1), abs=0.01)
    assert upright == pytest.approx((40.25, 60, 40.25, 160, 0.5), abs=0.01)


def test_a_frame_is_four_lines_and_a_panel_none(pdf):
    pdf.page.draw_rect((40, 50, 200, 100), width=1)
    pdf.page.draw_rect((40, 150, 200, 200), color=None, fill=(0.9, 0.9, 0.9))
    ends = {line[:4] for line in rulings(pdf, scale=1.0)}
    assert ends == {
        (40, 50, 200, 50),
        (40, 100, 200, 100),
        (40, 50, 40, 100),
        (200, 50, 200, 100),
    }


@pytest.mark.parametrize(
    ("start", "end", "style"),
    [
        ((40, 50), (45, 50), {}),  # short
        ((40, 50), (200, 90), {}),  # at a slant
        ((40, 50), (200, 50), {"width": 9}),  # a bar
        ((40, 50), (200, 50), {"color": (1, 1, 1)}),  # white on white
    ],
)
def test_what_else_is_drawn_is_no_ruling(pdf, start, end, style):
    pdf.page.draw_line(start, end, **style)
    assert rulings(pdf) == []


def test_curves_are_no_rulings(pdf):
    pdf.page.draw_circle((100, 100), 40)
    assert rulings(pdf) == []


def test_rulings_of_a_turned_page_are_where_they_show(pdf):
    pdf.page.draw_line((40, 50), (200, 50), width=1)
    pdf.page.set_rotation(90)
    assert isinstance(pdf.page, pymupdf.Page)
    [line] = rulings(pdf, scale=1.0)
    assert line == pytest.approx((250, 40, 250, 200, 1), abs=0.01)
