import numpy as np

from ocr_core.recipes.restoration.pictures import draw_rows


def test_rows_hold_their_pictures_below_each_other():
    dark, light = np.zeros((10, 30), np.uint8), np.full((10, 20), 255, np.uint8)
    drawn = draw_rows([(dark, light), (light, dark)])
    assert drawn.shape[1] == 30
    inner = [int(np.median(drawn[row, :20])) for row in range(len(drawn))]
    runs = [value for before, value in zip([128, *inner], inner, strict=False) if value != before]
    assert [value for value in runs if value != 128] == [0, 255, 255, 0]
    assert inner.count(0) == inner.count(255) == 20
    assert np.all(drawn[inner.index(255), 20:] == 128)


def test_no_rows_make_a_picture_all_the_same():
    assert draw_rows([]).shape == (1, 1)
