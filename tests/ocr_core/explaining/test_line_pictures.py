from dataclasses import replace

import numpy as np
import pytest

from ocr_core import ctc
from ocr_core.explaining import drawing, insides, line_pictures
from ocr_core.explaining.line_pictures import STEPS, Window
from ocr_core.recogniser import Recogniser
from tests.ocr_core.explaining.test_insides import CONFIG
from tests.stand_ins import CHARSET


def has(picture, colour):
    return bool((picture == colour).all(axis=2).any())


def test_the_window_is_around_the_doubt_and_within_the_line(line):
    window = line_pictures.choose_window(line)
    c = line.first.decoded.starts[line.first.decoded.text.index("c")]
    assert window.start <= c < window.end
    assert (window.end - window.start) == min(STEPS, line.steps)
    assert Window(2, 5).columns == slice(8, 20)


def test_every_picture_is_as_wide_as_the_others(followed, line):
    window = line_pictures.choose_window(line)
    found = insides.look_inside(Recogniser(CONFIG), line.crop)
    seen = line.first.log_probabilities
    assert line_pictures.crop(followed, line, window).shape[1] == drawing.WIDTH
    assert line_pictures.features(line, found, window).shape[1] <= drawing.WIDTH
    assert line_pictures.path(line, seen, CHARSET, window).shape[1] <= drawing.WIDTH
    assert line_pictures.second_reader(line, CHARSET).shape[1] <= drawing.WIDTH


def test_words_that_were_read_again_are_marked(line):
    doubtful = line_pictures.second_reader(line, CHARSET)
    assert has(doubtful, drawing.RED)
    assert has(doubtful, drawing.BLUE)
    sure = replace(line.first.decoded, confidences=(0.9,) * len(line.first.decoded.text))
    calm = replace(line, first=replace(line.first, decoded=sure))
    picture = line_pictures.second_reader(calm, CHARSET)
    assert not has(picture, drawing.RED)
    assert len(picture) < len(doubtful)


def test_labels_come_in_the_order_in_which_they_are_read():
    shown = np.log(np.array([[0.6, 0.1, 0.3], [0.2, 0.1, 0.7], [0.1, 0.8, 0.1]], np.float32))
    assert line_pictures.chosen_labels(shown) == [ctc.BLANK, 2, 1]


@pytest.mark.parametrize(("label", "name"), [(0, "blank"), (1, "a"), (6, "space")])
def test_labels_have_names(label, name):
    assert line_pictures.name_of(label, CHARSET) == name
