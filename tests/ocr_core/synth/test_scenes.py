import cv2
import numpy as np
import pytest

from ocr_core.synth.photos import PhotoAlbum
from ocr_core.synth.scenes import SceneMaker


@pytest.fixture(scope="module")
def scenes(faces, source, tmp_path_factory):
    """Scenes before one photograph: grey, a little uneven, without edges."""
    path = tmp_path_factory.mktemp("photos") / "wall.png"
    rough = np.random.default_rng(0).normal(120, 12, (12, 18)).astype(np.float32)
    cv2.imwrite(str(path), cv2.resize(rough, (900, 600), interpolation=cv2.INTER_CUBIC))
    return SceneMaker(faces, source, PhotoAlbum([path]), long_side=(400, 700))


@pytest.fixture(scope="module")
def made(scenes):
    return [scenes.make(seed) for seed in range(40)]


def test_a_scene_depends_on_its_seed_alone(scenes, made):
    again = scenes.make(7)
    np.testing.assert_array_equal(again.pixels, made[7].pixels)
    assert again.page == made[7].page
    assert (made[7].pixels.shape != made[8].pixels.shape) or (
        made[7].pixels != made[8].pixels
    ).any()


def test_some_show_many_signs_and_some_none(made):
    counts = [len(scene.page.lines) for scene in made]
    assert 4 <= counts.count(0) <= 24
    assert max(counts) >= 5


def test_lines_lie_on_the_picture_and_are_high_enough(made):
    for scene in made:
        height, width = scene.pixels.shape
        assert 390 <= max(height, width) <= 710
        for line in scene.page.lines:
            assert line.text == " ".join(word.text for word in line.words)
            assert line.quad.height >= 8
            assert line.quad.box.left > -0.05 * width
            assert line.quad.box.right < 1.05 * width


def test_letters_stand_out_from_what_is_behind_them(made):
    spreads = [
        float(scene.pixels[rows(line.quad.box), columns(line.quad.box)].std())
        for scene in made
        for line in scene.page.lines
    ]
    assert np.quantile(spreads, 0.1) > 5
    assert np.median(spreads) > 20
    assert len(spreads) > 40


def test_lines_are_seen_at_an_angle_and_dark_as_well_as_light(made):
    angles = [abs(line.quad.angle_deg) for scene in made for line in scene.page.lines]
    assert np.quantile(angles, 0.5) > 0.5
    assert max(angles) < 60
    lights = [lighter_than_around(scene, line) for scene in made for line in scene.page.lines]
    assert 0.2 < np.mean(lights) < 0.8


def lighter_than_around(scene, line):
    """Whether the fewer pixels of a line, which are its letters, are the lighter ones."""
    part = scene.pixels[rows(line.quad.box), columns(line.quad.box)]
    level, _ = cv2.threshold(part, 0, 255, cv2.THRESH_OTSU)
    return (part > level).mean() < 0.5


def rows(box):
    return slice(max(int(box.top), 0), int(box.bottom) + 1)


def columns(box):
    return slice(max(int(box.left), 0), int(box.right) + 1)
