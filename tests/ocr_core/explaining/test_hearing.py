import math

import pytest

from ocr_core.explaining import hearing
from ocr_core.language_model import LanguageModel
from ocr_core.rescoring import Rescorer
from ocr_core.training.characters import tree_of
from tests.ocr_core.test_language_model import TEXTS
from tests.ocr_core.test_rescoring import CHARSET, SETTINGS, line


@pytest.fixture(scope="module")
def model():
    return LanguageModel(tree_of(TEXTS, CHARSET, SETTINGS))


LINE = line(*"the ", {"o": 0.6, "c": 0.4}, *"at")


def test_readings_are_told_with_and_without_the_model(model):
    told = hearing.hear(model, CHARSET, LINE)
    [heard] = told.heard
    assert [one.text for one in heard.alternatives] == ["oa", "ca"]
    assert heard.alternatives[0].seen == pytest.approx(0.6, abs=0.01)
    assert heard.alternatives[heard.chosen].text == "ca"
    assert heard.alternatives[1].heard > 0.5 > heard.alternatives[1].seen
    assert sum(one.heard for one in heard.alternatives) == pytest.approx(1)
    assert told.ways[0].texts in {("oa",), ("ca",)}


def test_watching_changes_nothing(model):
    decoded = Rescorer(model, CHARSET)(LINE)
    watched = hearing.WatchedRescorer(model, CHARSET)
    assert watched(LINE) == decoded
    [heard] = watched.heard
    shared = math.prod(decoded.confidences[heard.start : heard.end])
    assert shared == pytest.approx(heard.alternatives[heard.chosen].heard)


def test_a_line_without_doubt_leaves_nothing_to_hear(model):
    told = hearing.WatchedRescorer(model, CHARSET)
    told(LINE)
    told(line(*"the cat"))
    assert (told.heard, told.ways) == ([], [])
