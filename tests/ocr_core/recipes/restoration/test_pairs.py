import cv2
import numpy as np
import pytest

from ocr_core.recipes.restoration.pairs import WornLine, WornLines
from ocr_core.synth.lines import LineSettings

SETTINGS = LineSettings(max_width=300, no_text=0.0)


@pytest.fixture(scope="module")
def lines(faces, source):
    maker = WornLines(faces, source, SETTINGS, (1.0, 1.5))
    return [line for seed in range(25) for line in maker.make(seed)]


def ink(pixels):
    return 1 - pixels / 255


def test_a_seed_gives_the_same_pairs_anywhere(faces, source):
    first, second = (WornLines(faces, source, SETTINGS, (1.0, 1.5)).make(3) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        assert one.text == other.text
        np.testing.assert_array_equal(one.pixels, other.pixels)
        np.testing.assert_array_equal(one.clean, other.clean)


def test_both_of_a_pair_have_one_size_and_none_is_too_wide(lines):
    assert len(lines) > 100
    for line in lines:
        assert isinstance(line, WornLine)
        assert line.pixels.shape == line.clean.shape
        assert line.pixels.dtype == line.clean.dtype == np.uint8
        assert line.clean.shape[0] == 40
        assert line.clean.shape[1] <= 300
        assert line.text


def test_clean_lines_are_dark_ink_on_white_paper(lines):
    for line in lines:
        assert np.median(line.clean) == 255
        assert line.clean.min() < 100


def test_worn_lines_are_worn(lines):
    differences = [float(cv2.absdiff(line.pixels, line.clean).mean()) for line in lines]
    assert np.mean(np.array(differences) > 8) > 0.7


def test_letters_stand_where_they_stood_before(lines):
    """Shifted by two pixels either way, what is worn fits worse on what was clean."""
    better = []
    for line in lines:
        worn, clean = ink(line.pixels), ink(line.clean)
        if line.clean.shape[1] < 60 or worn.std() < 0.1:
            continue
        here = np.corrcoef(worn[:, 2:-2].ravel(), clean[:, 2:-2].ravel())[0, 1]
        moved = [
            np.corrcoef(worn[:, 2 + by : worn.shape[1] - 2 + by].ravel(), clean[:, 2:-2].ravel())
            for by in (-2, 2)
        ]
        better.append(here > max(pair[0, 1] for pair in moved))
    assert len(better) > 40
    assert np.mean(better) > 0.9


def test_more_wear_changes_more(faces, source):
    worn = {
        wear: np.mean(
            [
                cv2.absdiff(line.pixels, line.clean).mean()
                for seed in range(20)
                for line in WornLines(faces, source, SETTINGS, (wear, wear)).make(seed)
            ]
        )
        for wear in (0.2, 1.5)
    }
    assert worn[1.5] > 1.5 * worn[0.2]
