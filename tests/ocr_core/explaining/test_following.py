import numpy as np
import pytest

from ocr_core.engine import Engine
from ocr_core.errors import ConfigError, EmptySourceError
from ocr_core.explaining import following
from ocr_core.reading import LineReader
from ocr_core.restored_lines import LineRestorer
from tests import stand_ins


def test_what_is_followed_is_what_the_engine_reads(engine, image, followed):
    [page] = engine.read_pages([image])
    assert followed.page.text == page.text == "abd deab abba\n\nabc deab"
    assert [line.quad for line in followed.page.lines] == [line.quad for line in page.lines]
    assert followed.page.confidence == page.confidence


def test_the_map_is_half_as_large_as_what_the_detector_saw(followed):
    look = followed.look
    assert look.probability_map.shape == tuple(-(-side // 2) for side in look.pixels.shape)
    assert look.scale == pytest.approx(600 / look.pixels.shape[0])
    assert look.probability_map.max() == 1


def test_the_closest_look_at_a_page_counts(image):
    finder = following.WatchedFinder(stand_ins.InkDetector(), following.DEFAULTS)
    finder._look([image], 200)
    finder._look([image], 400)
    assert max(finder.look_at(image).pixels.shape) == 400


def test_the_least_certain_line_has_most_to_tell(followed, line):
    first, second = followed.page.lines
    assert first.confidence < second.confidence
    assert following.choose_line(followed).number == 0
    assert len(second.words) < following.MIN_WORDS <= len(first.words)
    assert (line.number, line.line.text) == (1, "abc deab")
    assert line.crop.shape[0] == 40
    assert line.steps == -(-line.crop.shape[1] // 4)


def test_the_second_reader_is_surer_than_the_first(line):
    c = line.line.text.index("c")
    assert line.first.decoded.confidences[c] == pytest.approx(0.5, abs=0.01)
    assert line.second.decoded.confidences[c] == pytest.approx(0.95, abs=0.01)
    assert np.shape(line.first.log_probabilities) == np.shape(line.second.log_probabilities)


def test_a_line_is_chosen_by_number_or_by_its_words(followed):
    assert following.choose_line(followed, 1).line.text == "abd deab abba"
    assert following.choose_line(followed, words="abba").number == 0
    assert following.choose_line(followed, words="c").line.text == "abc deab"


@pytest.mark.parametrize("number", [0, 3])
def test_a_line_that_is_not_there_is_refused(followed, number):
    with pytest.raises(ConfigError, match=f"lines 1 to 2, and no line {number}"):
        following.choose_line(followed, number)


def test_words_that_no_line_says_are_refused(followed):
    with pytest.raises(ConfigError, match="'ebb'"):
        following.choose_line(followed, words="ebb")


def test_an_empty_page_has_nothing_to_follow(engine):
    with pytest.raises(EmptySourceError, match="no text"):
        following.follow(engine, stand_ins.page_image(stand_ins.blank_page()))


def test_a_restored_line_is_followed_too(image):
    reader = LineReader(stand_ins.DoubtfulRecogniser(sureness=0.5))
    lines = LineRestorer(stand_ins.Repainter(), reader)
    engine = Engine(stand_ins.InkDetector(), reader, None, restorer=lines)
    followed = following.follow(engine, image)
    assert followed.page.text == "abd deab abba\n\nabe deab"
    restored = following.choose_line(followed)
    assert (restored.number, restored.line.restored) == (1, True)
    assert restored.second.decoded.text == "abc deab"
    assert restored.restored.reading.decoded.text == "abe deab"
    assert restored.restored.crop.shape == restored.crop.shape
    assert following.choose_line(followed, 1).restored is None
