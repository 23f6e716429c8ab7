import csv

import cv2
import numpy as np
import pytest

from ocr_core.charset import Charset
from ocr_core.errors import ConfigError
from ocr_core.recipes.plates import data
from ocr_core.recipes.plates.network import PlateConfig

CONFIG = PlateConfig("0123456789", height=16, width=32)


def make(rng):
    """A plate of one grey, that says how bright it is."""
    grey = int(rng.integers(10, 100))
    return np.full((16, 32), grey, np.uint8), str(grey)


def test_what_was_written_is_read(tmp_path):
    data.write_plates(tmp_path, make, count=12, seed=1)
    plates = data.FolderPlates(tmp_path, CONFIG)
    crops, labels, lengths = plates.take(np.array([3, 0]), None)
    texts = [Charset(CONFIG.charset).decode(x.tolist()) for x in labels.split(lengths.tolist())]
    assert len(plates) == 12
    assert crops.shape == (2, 1, 16, 32)
    assert [round(255 * (1 - float(crop.mean()))) for crop in crops] == [int(t) for t in texts]


def test_labels_can_be_read_by_other_programs(tmp_path):
    data.write_plates(tmp_path, make, count=2, seed=1)
    rows = list(csv.DictReader((tmp_path / "labels.csv").read_text().splitlines()))
    assert [row["file"] for row in rows] == ["000/000000.png", "000/000001.png"]
    assert cv2.imread(str(tmp_path / rows[1]["file"]), 0)[0, 0] == int(rows[1]["text"])


def test_the_same_seed_writes_the_same(tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        data.write_plates(tmp_path / name, make, count=5, seed=seed)
    a, b, c = ([text for _, text in data.list_plates(tmp_path / name)] for name in "abc")
    assert a == b != c


def test_pictures_beside_texts_do_as_well(tmp_path):
    cv2.imwrite(str(tmp_path / "one.png"), np.zeros((9, 9), np.uint8))
    cv2.imwrite(str(tmp_path / "other.png"), np.zeros((9, 9), np.uint8))
    (tmp_path / "one.gt.txt").write_text("42\n")
    assert data.list_plates(tmp_path) == [(tmp_path / "one.png", "42")]


def test_a_folder_without_plates_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="neither"):
        data.list_plates(tmp_path)


def test_a_label_that_cannot_be_written_is_refused(tmp_path):
    data.write_plates(tmp_path, lambda rng: (make(rng)[0], "A1"), count=1, seed=1)
    with pytest.raises(ConfigError, match="'A1'"):
        data.FolderPlates(tmp_path, CONFIG)


def test_made_plates_are_new_in_training_and_the_same_in_validation():
    plates = data.MadePlates(make, 50, CONFIG, seed=1)
    indices = np.arange(8)
    first, second = (plates.take(indices, None)[0] for _ in range(2))
    assert len(plates) == 50
    np.testing.assert_array_equal(first, second)
    rng = np.random.default_rng(9)
    assert not np.array_equal(plates.take(indices, rng)[0], plates.take(indices, rng)[0])


def test_a_plate_that_says_nothing_has_no_labels():
    crops, labels, lengths = data.collate(
        np.zeros((2, 16, 32), np.uint8), ["", "7"], Charset(CONFIG.charset)
    )
    assert len(crops) == 2
    assert labels.tolist() == [8]
    assert lengths.tolist() == [0, 1]


def test_pictures_that_are_learnt_from_lie_elsewhere_each_time():
    pictures = np.full((50, 16, 32), 200, np.uint8)
    pictures[:, 8, 16] = 0
    moved = data.moved(pictures, np.random.default_rng(1))
    places = {tuple(np.argwhere(one == 0)[0]) for one in moved}
    assert moved.shape == pictures.shape
    assert len(places) > 20
    assert {place[0] for place in places} == set(range(5, 12))


def test_what_is_judged_by_stays_where_it_is(tmp_path):
    data.write_plates(tmp_path, make, count=2, seed=1)
    plates = data.FolderPlates(tmp_path, CONFIG)
    first, again = (plates.take(np.arange(2), None)[0] for _ in range(2))
    assert first.equal(again)
