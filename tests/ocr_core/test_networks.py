import numpy as np

from ocr_core import networks, tiling
from ocr_core.ctc import decode_best_path
from tests.stand_ins import CHARSET, GreyRecogniser, InkDetector, blank_page, draw_text


def test_tiles_of_all_pages_share_batches_and_each_page_gets_its_own_map():
    pages = [blank_page(300, 400), blank_page(200, 200), blank_page(500, 300)]
    for number, page in enumerate(pages):
        draw_text(page, "abc", left=60, top=40 + 50 * number)
    tiles = [tiling.cut(page, 256) for page in pages]
    detector = InkDetector(256)
    maps = networks.make_maps(detector, tiles, max_tiles=100)
    assert [one.shape for one in maps] == [(150, 200), (100, 100), (250, 150)]
    assert len(detector.calls) == 1
    for number, one in enumerate(maps):
        rows = np.flatnonzero(one.max(axis=1) > 0.5)
        assert 40 + 50 * number < rows.mean() * 2 < 60 + 50 * number


def test_blank_tiles_are_not_looked_at():
    detector = InkDetector(256)
    (found,) = networks.make_maps(detector, [tiling.cut(blank_page(), 256)], max_tiles=8)
    assert detector.calls == []
    assert not found.any()


def test_a_tile_alone_is_made_up_to_two():
    page = blank_page(200, 200)
    draw_text(page, "abc", left=60, top=40)
    detector = InkDetector(256)
    (found,) = networks.make_maps(detector, [tiling.cut(page, 256)], max_tiles=8)
    assert detector.calls == [2]
    assert found.any()


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
