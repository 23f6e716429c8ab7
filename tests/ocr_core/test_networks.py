import numpy as np

from ocr_core import networks, tiling
from ocr_core.ctc import decode_best_path
from tests.stand_ins import CHARSET, GreyRecogniser, InkDetector, blank_page, draw_text


def test_tiles_of_one_size_share_batches_and_each_page_gets_its_own_map():
    pages = [blank_page(300, 400), blank_page(200, 200), blank_page(310, 390)]
    for number, page in enumerate(pages):
        draw_text(page, "abc", left=60, top=40 + 50 * number)
    detector = InkDetector()
    tiles = [tiling.cut(page, 512) for page in pages]
    maps = networks.make_maps(detector, tiles, max_pixels=1 << 24)
    assert [one.shape for one in maps] == [(150, 200), (100, 100), (155, 195)]
    assert detector.calls == [(2, 320, 448), (1, 256, 256)]
    for number, one in enumerate(maps):
        rows = np.flatnonzero(one.max(axis=1) > 0.5)
        assert 40 + 50 * number < rows.mean() * 2 < 60 + 50 * number


def test_blank_tiles_are_not_looked_at():
    page = blank_page(600, 500)
    draw_text(page, "abc", left=60, top=40)
    detector = InkDetector()
    tiles = tiling.cut(page, 256)
    assert len(tiles.pixels) > 4
    (found,) = networks.make_maps(detector, [tiles], max_pixels=1 << 24)
    assert detector.calls == [(1, *tiles.pixels.shape[1:])]
    assert found.max() > 0.5
    assert not found[150:].any()


def test_batches_of_tiles_are_bounded_by_pixels():
    page = blank_page(600, 500)
    for top in range(40, 500, 100):
        draw_text(page, "abc abc abc abc", left=60, top=top)
    tiles = tiling.cut(page, 256)
    alone, few = InkDetector(), InkDetector()
    (one_by_one,) = networks.make_maps(alone, [tiles], max_pixels=1)
    (together,) = networks.make_maps(few, [tiles], max_pixels=3 * 256 * 256)
    assert {count for count, _, _ in alone.calls} == {1}
    assert max(count for count, _, _ in few.calls) in {2, 3}
    np.testing.assert_array_equal(one_by_one, together)


def test_crops_are_read_in_the_order_in_which_they_came():
    texts = ["abc", "a", "de de de de de", "abc de " * 25 + "e", "b"]
    crops = []
    for text in texts:
        pixels = np.full((40, 8000), 255, np.uint8)
        box, _ = draw_text(pixels, text, left=4, top=4, height=32)
        crops.append(pixels[:, : int(box.right) + 4])
    recogniser = GreyRecogniser()
    readings = networks.read_crops(recogniser, crops, max_pixels=40 * 2048 * 2)
    assert [decode_best_path(reading, CHARSET).text for reading in readings] == texts
    assert all(count * width <= 2048 * 2 for count, _, width in recogniser.calls)
    assert [len(reading) for reading in readings] == [-(-crop.shape[1] // 4) for crop in crops]


def test_no_crops_are_no_work():
    recogniser = GreyRecogniser()
    assert networks.read_crops(recogniser, [], max_pixels=1000) == []
    assert recogniser.calls == []
