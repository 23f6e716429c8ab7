import numpy as np
import pytest

from ocr_core.charset import latin
from ocr_core.synth.shapes import SHAPES, draw_shape


@pytest.mark.parametrize("character", SHAPES)
@pytest.mark.parametrize("size_px", [8, 40])
def test_every_shape_has_ink_and_the_size_of_its_side(character, size_px):
    ink = draw_shape(character, size_px)
    assert ink.dtype == np.uint8
    assert ink.shape == (max(3, round(SHAPES[character][0] * size_px)),) * 2
    assert ink.max() > 100  # a ring of four pixels is faint


def test_the_recogniser_can_write_every_shape():
    assert latin().holds("".join(SHAPES))


def test_filled_shapes_are_full_and_outlined_ones_hollow():
    for filled, hollow in (("●", "○"), ("■", "□")):
        middle = tuple(side // 2 for side in draw_shape(hollow, 40).shape)
        assert draw_shape(filled, 40)[middle] == 255
        assert draw_shape(hollow, 40)[middle] == 0
    assert draw_shape("☒", 40).sum() > draw_shape("☐", 40).sum()
