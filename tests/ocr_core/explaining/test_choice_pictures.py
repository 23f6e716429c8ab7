import numpy as np
import pytest

from ocr_core.correction.judging import Weighed
from ocr_core.correction.proposals import Proposal
from ocr_core.ctc import Decoded
from ocr_core.explaining import choice_pictures, drawing
from ocr_core.explaining.doubts import Trial
from ocr_core.explaining.hearing import Alternative, Heard

DECODED = Decoded("the cat", (0.9,) * 7, tuple(range(0, 14, 2)), tuple(range(1, 15, 2)))
HEARD = Heard(8, 9, (Alternative("o", 0.6, 0.2), Alternative("c", 0.4, 0.8)), 1)
TRIAL = Trial("halds", 0.7, (Weighed(Proposal("holds", 9.0, "lexicon"), -2.0),), 3.6, "holds")


def inked(picture, colour):
    return int((picture == colour).all(axis=2).sum())


def test_bars_are_as_long_as_their_shares():
    picture = choice_pictures.beam(DECODED, [HEARD])
    bars = (picture == drawing.BLUE).all(axis=2)
    first, second = (bars[at * choice_pictures.ROW_PX + 10] for at in (1, 2))
    assert [round(row.sum() / choice_pictures.ONE_PX, 1) for row in (first, second)] == [0.8, 1.2]


def test_a_stretch_stands_among_what_is_beside_it():
    assert choice_pictures.beside(DECODED, HEARD) == ("the ", "at")


def test_where_nothing_is_in_doubt_that_is_said():
    for picture in (choice_pictures.beam(DECODED, []), choice_pictures.correction([])):
        assert picture.shape == (choice_pictures.ROW_PX, drawing.WIDTH, 3)
        assert picture.min() < 200


def test_candidates_have_a_bar_for_image_language_and_both():
    picture = choice_pictures.correction([TRIAL])
    for colour in (drawing.BLUE, drawing.GREEN, drawing.ORANGE):
        assert inked(picture, colour) > 200
    assert np.shape(picture)[1] == drawing.WIDTH


@pytest.mark.parametrize(
    ("log_odds", "taken", "said"),
    [
        (3.6, "holds", "becomes holds (log-odds 3.60 of being right, 1.39 are needed)"),
        (0.2, "", "stays (log-odds 0.20 of being right, 1.39 are needed)"),
        (None, "", "nothing else is worth judging"),
    ],
)
def test_verdicts_say_why(log_odds, taken, said):
    trial = Trial("halds", 0.7, TRIAL.candidates, log_odds, taken)
    assert choice_pictures.verdict(trial) == said
