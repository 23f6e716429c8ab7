import numpy as np
import pytest

from ocr_core import tiling
from ocr_core.boxes import map_to_detections
from tests.stand_ins import InkDetector, blank_page, draw_text


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (10, [0, 3, 6]),
        (9, [0, 3, 5]),  # the last tile is moved back to the edge
        (4, [0]),
        (1, [0]),  # shorter than a tile
    ],
)
def test_starts(length, expected):
    assert tiling.starts(length, tile=4, overlap=1) == expected


@pytest.mark.parametrize("shape", [(300, 500), (301, 499), (64, 64), (20, 31), (1, 1)])
def test_stitching_undoes_cutting(shape):
    page = np.random.default_rng(7).integers(0, 256, shape, dtype=np.uint8)
    tiles = tiling.cut(page, longest=128, overlap=16)
    every_other = tiles.pixels[:, ::2, ::2].astype(np.float32)
    stitched = tiling.stitch(every_other, tiles.origins, tiles.shape)
    np.testing.assert_allclose(stitched, page[::2, ::2], rtol=1e-5)


def test_every_tile_is_as_large_and_is_white_beyond_the_page():
    tiles = tiling.cut(np.zeros((200, 30), np.uint8), longest=128, overlap=16)
    assert tiles.pixels.shape == (2, 128, 64)
    assert tiles.origins == ((0, 0), (0, 72))
    assert (tiles.pixels[:, :, 30:] == 255).all()
    assert (tiles.pixels[:, :, :30] == 0).all()


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((1280, 905), (1, 1280, 960)),
        ((1920, 1357), (1, 1920, 1408)),
        ((1, 1), (1, 64, 64)),
        ((2000, 1000), (2, 1088, 1024)),
        ((4000, 2500), (6, 1408, 1344)),
    ],
)
def test_tiles_are_as_few_and_as_small_as_a_page_allows(shape, expected):
    tiles = tiling.cut(np.zeros(shape, np.uint8), longest=1920)
    assert tiles.pixels.shape == expected


@pytest.mark.parametrize(("longest", "overlap"), [(70, 16), (128, 15), (128, 128)])
def test_odd_tiles_are_refused(longest, overlap):
    with pytest.raises(ValueError, match="overlap"):
        tiling.cut(np.zeros((8, 8), np.uint8), longest, overlap)


def test_where_tiles_disagree_the_one_nearer_to_its_centre_prevails():
    maps = np.stack([np.zeros((8, 8), np.float32), np.ones((8, 8), np.float32)])
    stitched = tiling.stitch(maps, [(0, 0), (8, 0)], (16, 24))
    assert (np.diff(stitched[4]) >= 0).all()
    assert stitched[4, 4] < 0.35 < 0.65 < stitched[4, 7]


def test_a_line_that_crosses_seams_is_one_line():
    page = blank_page(400, 700)
    box, _ = draw_text(page, "abcde edcba abcde edcba abc", left=30, top=150, height=24)
    assert box.right > 500
    tiles = tiling.cut(page, longest=256)
    assert len({left for left, _ in tiles.origins}) > 2
    detector = InkDetector()
    stitched = tiling.stitch(detector(tiles.pixels), tiles.origins, tiles.shape)
    (found,) = map_to_detections(stitched, scale=2)
    np.testing.assert_allclose(
        found.quad.as_tuple(),
        (box.left, box.top, box.right, box.top, box.right, box.bottom, box.left, box.bottom),
        atol=2.5,
    )
