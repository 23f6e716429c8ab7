import cv2
import numpy as np
import pytest

from ocr_core.errors import ConfigError
from ocr_core.synth.photos import PhotoAlbum, find_photos


def save(path, height=300, width=400, seed=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    assert cv2.imwrite(str(path), pixels)
    return path


@pytest.mark.parametrize("size", [(200, 100), (30, 500), (1500, 900)])
def test_views_have_the_size_that_was_asked_for(tmp_path, size):
    album = PhotoAlbum([save(tmp_path / "a.png")])
    width, height = size
    for seed in range(5):
        view = album.draw(np.random.default_rng(seed), width, height)
        assert view.shape == (height, width)
        assert view.dtype == np.uint8


def test_the_generator_alone_decides(tmp_path):
    album = PhotoAlbum([save(tmp_path / f"{n}.png", seed=n) for n in range(4)])
    first, again, other = (album.draw(np.random.default_rng(s), 60, 60) for s in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_a_view_keeps_the_proportions_of_what_it_shows(tmp_path):
    pixels = np.full((400, 1200), 255, np.uint8)
    cv2.circle(pixels, (600, 200), 150, 0, -1)
    cv2.imwrite(str(tmp_path / "disc.png"), pixels)
    album = PhotoAlbum([tmp_path / "disc.png"])
    for seed in range(40):
        view = album.draw(np.random.default_rng(seed), 600, 200)
        dark = np.argwhere(view < 128)
        if len(dark) and dark.min() > 0 and (dark.max(axis=0) < (199, 599)).all():
            high, wide = dark.max(axis=0) - dark.min(axis=0)
            assert high == pytest.approx(wide, rel=0.05)
            return
    pytest.fail("no view showed the whole disc")


def test_folders_are_searched_for_photographs_and_icons_passed_over(tmp_path):
    save(tmp_path / "one.jpg")
    save(tmp_path / "deep" / "er" / "two.PNG")
    save(tmp_path / "icon.png", 20, 20)
    (tmp_path / "words.txt").write_bytes(bytes(50_000))
    album = find_photos([tmp_path])
    assert [path.name for path in album._paths] == ["two.PNG", "one.jpg"]


def test_folders_without_photographs_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="no photographs in"):
        find_photos([tmp_path])


def test_a_file_that_is_none_leaves_plain_grey(tmp_path):
    (tmp_path / "broken.jpg").write_bytes(bytes(30_000))
    view = find_photos([tmp_path]).draw(np.random.default_rng(0), 50, 40)
    assert (view == 127).all()
