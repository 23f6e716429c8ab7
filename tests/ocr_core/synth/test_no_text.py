import numpy as np
import pytest

from ocr_core.synth.no_text import draw_no_text
from ocr_core.synth.typeset import LineStyle


@pytest.mark.parametrize("seed", range(12))
def test_every_quad_lies_on_the_sheet_and_most_hold_ink(faces, seed):
    ink, quads = draw_no_text(np.random.default_rng(seed), LineStyle(faces[0], 40))
    assert 4 <= len(quads) <= 8
    inked = 0
    for quad in quads:
        box = quad.box
        assert -30 <= box.top < box.bottom <= ink.shape[0] + 30
        assert 0 <= box.left < box.right <= ink.shape[1]
        inked += ink[max(0, int(box.top)) : int(box.bottom), int(box.left) : int(box.right)].any()
    assert inked >= len(quads) - 1


def test_a_seed_draws_the_same(faces):
    style = LineStyle(faces[1], 30)
    first, again = (draw_no_text(np.random.default_rng(3), style) for _ in range(2))
    np.testing.assert_array_equal(first[0], again[0])
    assert first[1] == again[1]
