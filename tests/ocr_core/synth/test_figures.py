import numpy as np
import pymupdf
import pytest
from PIL import ImageFont, features

from ocr_core.synth.figures import drawn_old_style, own_old_style


@pytest.mark.parametrize(
    ("digit", "top", "bottom"),
    [("0", -20, 0), ("1", -20, 0), ("2", -20, 0), ("6", -30, 0), ("8", -30, 0)]
    + [(digit, -20, 10) for digit in "34579"],
)
def test_figures_rise_and_hang(digit, top, bottom):
    ink, new_top = drawn_old_style(digit, np.full((30, 16), 255, np.uint8), -30, 20)
    assert (new_top, new_top + len(ink)) == (top, bottom)
    assert ink.min() == 255


def test_a_figure_that_is_small_already_is_left_alone():
    small = np.full((18, 16), 255, np.uint8)
    ink, top = drawn_old_style("0", small, -18, 20)
    assert ink is small
    assert top == -18


def test_a_font_without_old_style_has_no_feature_for_it(tmp_path):
    path = tmp_path / "plain.ttf"
    path.write_bytes(pymupdf.Font("helv").buffer)
    assert own_old_style(ImageFont.truetype(str(path), 40), "3") == []


def test_without_raqm_no_feature_is_used(monkeypatch):
    monkeypatch.setattr(features, "check", lambda name: False)
    assert own_old_style(ImageFont.load_default(), "3") == []
