import cv2
import numpy as np
import pytest

from ocr_core.errors import ConfigError
from ocr_core.recipes.chars.data import (
    CharacterSamples,
    class_of,
    read_folder,
    split,
)
from ocr_core.recipes.chars.drawing import Drawn
from ocr_core.recipes.chars.settings import CLASSES


def write(path, value=200):
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = np.zeros((30, 20, 3), np.uint8)
    picture[:, :, 2] = value  # red, as OpenCV writes it
    cv2.imwrite(str(path), picture)


def test_batches_are_colours_binary_pictures_and_labels(bars):
    colours, binary, labels = CharacterSamples(bars).take(np.array([0, 4]), None)
    assert colours.shape == (2, 3, 28, 28)
    assert binary.shape == (2, 1, 28, 28)
    assert set(binary.unique().tolist()) == {0.0, 1.0}
    assert labels.tolist() == [0, 1]


def test_pictures_vary_only_while_they_are_learnt_from(bars):
    chosen = np.arange(9)
    still = [CharacterSamples(bars).take(chosen, None)[0] for _ in range(2)]
    assert still[0].equal(still[1])
    rng = np.random.default_rng(0)
    assert not CharacterSamples(bars).take(chosen, rng)[0].equal(still[0])
    assert CharacterSamples(bars, varies=False).take(chosen, rng)[0].equal(still[0])


def test_a_split_has_every_sample_once_and_every_class_everywhere(bars):
    numbered = Drawn(bars.colours.copy(), bars.labels)
    numbered.colours[:, 0, 0, 0] = np.arange(60)
    parts = split(numbered, 0.1, seed=1)
    each = [parts.training, parts.validation, parts.test]
    assert [len(one.labels) for one in each] == [48, 6, 6]
    assert sorted(np.concatenate([one.colours[:, 0, 0, 0] for one in each])) == list(range(60))
    for one in each:
        assert set(one.labels) == {0, 1, 2}


def test_a_split_can_be_repeated(bars):
    one, again, other = (split(bars, 0.2, seed).test.colours for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert (one != other).any()


def test_too_few_pictures_are_told(bars):
    with pytest.raises(ConfigError, match="too few"):
        split(Drawn(bars.colours[:4], bars.labels[:4]), 0.1, 1)


@pytest.mark.parametrize(
    ("name", "character"),
    [("7", "7"), ("A", "A"), ("a", "a"), ("upper_a", "A"), ("lower-A", "a"), ("digit_3", "3"),
     ("b_upper", "B"), ("Z-lower", "z"), ("Sample001", "0"), ("Sample062", "z")],
)  # fmt: skip
def test_folders_are_called_by_their_character(name, character):
    assert class_of(name) == character


@pytest.mark.parametrize("name", ["", "AB", "é", "upper_7", "digit_A", "Sample000", "Sample063"])
def test_other_names_of_folders_are_told(name):
    with pytest.raises(ConfigError, match="no class"):
        class_of(name)


def test_a_users_folder_is_read_by_its_folders(tmp_path):
    write(tmp_path / "A" / "1.png", 10)
    write(tmp_path / "lower_a" / "deep" / "2.PNG", 20)
    (tmp_path / "A" / "notes.txt").write_text("not a picture")
    drawn = read_folder(tmp_path)
    assert [CLASSES[label] for label in drawn.labels] == ["A", "a"]
    assert drawn.colours[:, 3, 3].tolist() == [[10, 0, 0], [20, 0, 0]]  # RGB


def test_a_table_of_labels_is_read(tmp_path):
    write(tmp_path / "x.png")
    (tmp_path / "labels.tsv").write_text("x.png\tQ\n")
    assert [CLASSES[label] for label in read_folder(tmp_path).labels] == ["Q"]
    (tmp_path / "labels.tsv").write_text("x.png Q\n")
    with pytest.raises(ConfigError, match="name, tab, character"):
        read_folder(tmp_path)


def test_what_cannot_be_read_is_told(tmp_path):
    with pytest.raises(ConfigError, match="there is no folder"):
        read_folder(tmp_path / "none")
    with pytest.raises(ConfigError, match="no pictures"):
        read_folder(tmp_path)
    (tmp_path / "A").mkdir()
    (tmp_path / "A" / "1.png").write_bytes(b"no picture")
    with pytest.raises(ConfigError, match=r"none of the pictures of .* can be read"):
        read_folder(tmp_path)


def test_a_picture_that_cannot_be_read_is_told_of_and_left_out(tmp_path):
    write(tmp_path / "x.png")
    write(tmp_path / "y.png")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    (tmp_path / "labels.tsv").write_text("x.png\tQ\nbroken.png\tR\nmissing.png\tS\ny.png\tT\n")
    told = []
    drawn = read_folder(tmp_path, told.append)
    assert [CLASSES[label] for label in drawn.labels] == ["Q", "T"]
    assert len(drawn.colours) == 2
    assert [words.split(": ")[0] for words in told] == [
        "left out (corrupt-source)",
        "left out (missing-source)",
    ]
    assert "broken.png" in told[0]
