"""A recogniser that reads all lines, and a second one for the words in doubt."""

import numpy as np
import pytest

from ocr_core.charset import Charset
from ocr_core.ctc import Decoded
from ocr_core.errors import WeightsError
from ocr_core.reading import CONTEXT, DOUBT, LineReader, Stretch, find_stretches
from ocr_core.recogniser import STRIDE
from tests.stand_ins import DoubtfulRecogniser, GreyRecogniser, blank_page, draw_text

MAX_PIXELS = 1 << 20


def crop_of(text):
    crop = blank_page(GreyRecogniser.height, 80 + 40 * len(text))
    draw_text(crop, text, left=20, top=8, height=24)
    return crop


def texts(readings):
    return [reading.decoded.text for reading in readings]


def decoded_of(text, doubtful, step=8):
    """A text of one character each `step` steps, some of them in doubt."""
    starts = tuple(range(0, step * len(text), step))
    confidences = tuple(0.5 if number in doubtful else 0.99 for number in range(len(text)))
    return Decoded(text, confidences, starts, tuple(start + 2 for start in starts))


def test_only_lines_with_a_doubt_are_read_again():
    crops = [crop_of(text) for text in ("abd", "acd", "dcb", "bad")]
    second = GreyRecogniser(0.99)
    reader = LineReader(DoubtfulRecogniser(), second=second)
    first = reader.read(crops, MAX_PIXELS)
    again = reader.read_again(crops, first, MAX_PIXELS)
    assert sum(shape[0] for shape in second.calls) == 2
    assert texts(again) == ["abd", "acd", "dcb", "bad"]
    changed = [one is not other for one, other in zip(first, again, strict=True)]
    assert changed == [False, True, True, False]
    assert min(again[1].decoded.confidences) > DOUBT > min(first[1].decoded.confidences)


def test_only_the_words_in_doubt_are_read_again():
    line = "bad abba abba abba abba dab cab dab abba abba abba abba bad"
    crop = crop_of(line)
    second = GreyRecogniser(0.99)
    reader = LineReader(DoubtfulRecogniser(), second=second)
    [first] = reader.read([crop], MAX_PIXELS)
    [again] = reader.read_again([crop], [first], MAX_PIXELS)
    assert first.decoded.text == again.decoded.text == line
    [(_, _, shown)] = second.calls
    assert shown < crop.shape[1] / 3
    sure = [confidence > 0.98 for confidence in again.decoded.confidences]
    assert "".join(one for one, is_sure in zip(line, sure, strict=True) if is_sure) == "cab"
    # Their places stay what they were.
    assert again.decoded.starts == first.decoded.starts


def test_a_stretch_goes_from_space_to_space_and_shows_what_is_beside_it():
    line = decoded_of("to be or not to be", doubtful={6})
    first, second = (line.starts[number] for number in (5, 8))
    assert find_stretches(line, steps=150) == [
        Stretch(line.ends[5], second, line.ends[5] - CONTEXT, second + CONTEXT)
    ]
    assert first < line.ends[5]


def test_a_line_ends_what_is_shown():
    line = decoded_of("to be", doubtful={0, 4})
    assert find_stretches(line, steps=44) == [Stretch(0, 44, 0, 44)]
    assert find_stretches(decoded_of("", set()), steps=10) == []
    assert find_stretches(decoded_of("to be", set()), steps=44) == []


def test_a_doubtful_space_parts_nothing():
    line = decoded_of("a" * 20 + " b " + "c" * 20, doubtful={20})
    [stretch] = find_stretches(line, steps=400)
    assert (stretch.start, stretch.end) == (0, line.starts[22])


def test_stretches_that_would_see_each_other_are_one():
    text = "aa bb cc " + "d" * 30 + " ee"
    line = decoded_of(text, doubtful={0, 4, len(text) - 1})
    near, far = find_stretches(line, steps=400)
    assert (near.start, near.end) == (0, line.starts[5])
    assert far.end == 400
    assert near.shown_end < far.start


def test_without_a_second_recogniser_doubts_stay():
    reader = LineReader(DoubtfulRecogniser())
    crops = [crop_of("acd")]
    first = reader.read(crops, MAX_PIXELS)
    assert reader.read_again(crops, first, MAX_PIXELS) == first


def test_nothing_to_read_is_no_error():
    reader = LineReader(DoubtfulRecogniser(), second=GreyRecogniser())
    assert reader.read([], MAX_PIXELS) == reader.read_again([], [], MAX_PIXELS) == []
    white = np.full((GreyRecogniser.height, 16 * STRIDE), 255, np.uint8)
    readings = reader.read([white], MAX_PIXELS)
    assert texts(readings) == [""]
    assert reader.read_again([white], readings, MAX_PIXELS) == readings


@pytest.mark.parametrize("other", [{"height": 48}, {"charset": Charset("xyz ")}])
def test_both_must_take_the_same_crops_and_tell_the_same_characters(other):
    second = GreyRecogniser()
    for name, value in other.items():
        setattr(second, name, value)
    with pytest.raises(WeightsError, match="differ"):
        LineReader(GreyRecogniser(), second=second)
