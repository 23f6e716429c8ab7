from dataclasses import replace

import numpy as np

from ocr_core.page_reading import PageReader
from ocr_core.reading import LineReader
from schemas import Box, DetectedPage, Detection, Line, Quad, Word
from tests.stand_ins import (
    GREY_OF,
    DoubtfulRecogniser,
    GreyRecogniser,
    MirrorRecogniser,
    blank_page,
    draw_text,
    page_image,
)


def page_reader(recogniser=None, keeps_evidence=False):
    return PageReader(LineReader(recogniser or GreyRecogniser()), 1 << 20, keeps_evidence)


def page_with(*texts):
    pixels = blank_page(400, 600)
    boxes = [draw_text(pixels, text, 40, 60 + 50 * n)[0] for n, text in enumerate(texts)]
    found = tuple(Detection(Quad.from_box(box), 0.9) for box in boxes)
    return DetectedPage(page_image(pixels), found)


def test_what_is_read_is_given_back_to_its_page_in_order():
    pages = [page_with("abc de"), page_with(), page_with("bad", "cab", "dead")]
    read = page_reader().read(pages)
    assert [one.page for one in read] == pages
    assert [[line.text for line in one.lines] for one in read] == [
        ["abc de"],
        [],
        ["bad", "cab", "dead"],
    ]
    assert [len(one.crops) for one in read] == [1, 0, 3]


def test_lines_have_words_where_they_stand_on_the_page():
    reader = page_reader()
    (read,) = reader.read([page_with("abc de")])
    (line,) = reader.make_lines(read)
    assert [word.text for word in line.words] == ["abc", "de"]
    assert line.words[0].box.left < 45 < line.words[1].box.left
    assert line.evidence is None


def test_evidence_is_kept_of_lines_in_doubt_if_it_is_wanted():
    for keeps in (True, False):
        reader = page_reader(DoubtfulRecogniser(0.999), keeps_evidence=keeps)
        (read,) = reader.read([page_with("abc de", "bad")])
        first, second = reader.make_lines(read)
        assert (first.evidence is not None) == keeps
        assert second.evidence is None


def layered(page, text, top):
    """The page with a text layer that gives one line."""
    box = Box(300, top, 400, top + 20)
    line = Line(text, text, 1.0, Quad.from_box(box), (Word(text, text, box, 1.0),))
    return replace(page, image=replace(page.image, layer=(line,), source_reason="agrees"))


def test_a_lone_letter_in_doubt_beside_a_text_layer_is_a_bit_of_a_drawing():
    reader = page_reader(GreyRecogniser(confidence=0.9))
    page = page_with("a", "bad")
    for one, texts in ((page, ["a", "bad"]), (layered(page, "abcde", 300), ["bad"])):
        (read,) = reader.read([one])
        assert [line.text for line in reader.make_lines(read)] == texts


def test_a_layer_that_the_picture_contradicts_is_taken_away():
    pixels = blank_page(400, 600)
    box, _ = draw_text(pixels, "abcde", 40, 60)
    line = Line("abcde", "abcde", 1.0, Quad.from_box(box), ())
    honest = replace(page_image(pixels), layer=(line,), source_reason="agrees")
    wrong = replace(honest, layer=(replace(line, text="eddbb"),))
    assert page_reader().check_layer(honest).layer == (line,)
    assert page_reader().check_layer(wrong).layer == ()
    assert page_reader().check_layer(wrong).source_reason == "layer-differs-from-ink"
    without = page_image(np.full((9, 9), 255, np.uint8))
    assert page_reader().check_layer(without) is without


def test_faint_lines_that_read_better_mirrored_are_of_the_other_side():
    reader = page_reader(MirrorRecogniser())
    page = page_with("a aa", "ee e", "aa a")
    page.image.pixels[page.image.pixels == GREY_OF["e"]] += 12
    read = reader.read([page, page_with("aa a")])
    assert [line.confidences[0] < 0.5 for line in read[0].lines] == [False, True, True]
    assert reader.of_other_side(read) == [{1}, set()]


def test_a_page_may_be_left_without_some_of_its_lines():
    (read,) = page_reader().read([page_with("abc", "de", "bad")])
    left = read.without({1})
    assert [line.text for line in left.lines] == ["abc", "bad"]
    assert left.page.detections == (read.page.detections[0], read.page.detections[2])
    assert len(left.crops) == 2
    assert read.without(set()) is read


def test_lines_tell_that_they_were_restored():
    reader = page_reader()
    (read,) = reader.read([page_with("abc", "de", "bad")])
    assert [line.restored for line in reader.make_lines(read)] == [False] * 3
    read = replace(read, restored=frozenset({0, 2}))
    assert [line.restored for line in reader.make_lines(read)] == [True, False, True]
    left = read.without({1})
    assert [line.restored for line in reader.make_lines(left)] == [True, True]
    assert read.without({0}).restored == {1}
