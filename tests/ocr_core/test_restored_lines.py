"""The least certain lines, restored by stand-ins."""

import numpy as np
import pytest

from ocr_core.ctc import Decoded
from ocr_core.page_reading import PageReader
from ocr_core.reading import LineReader, Reading
from ocr_core.rescoring import READABLE
from ocr_core.restored_lines import SHARE, SURE, LineRestorer, choose_lines
from schemas import DetectedPage, Detection, Quad
from tests.stand_ins import (
    DoubtfulRecogniser,
    GreyRecogniser,
    Repainter,
    blank_page,
    draw_text,
    page_image,
)

MAX_PIXELS = 1 << 20


@pytest.fixture
def reader():
    return LineReader(DoubtfulRecogniser(sureness=0.5, confidence=0.99))


def page_with(*texts):
    pixels = blank_page(100 + 50 * len(texts), 600)
    boxes = [draw_text(pixels, text, 40, 60 + 50 * n)[0] for n, text in enumerate(texts)]
    found = tuple(Detection(Quad.from_box(box), 0.9) for box in boxes)
    return DetectedPage(page_image(pixels), found)


def read(reader, *pages):
    return PageReader(reader, MAX_PIXELS, keeps_evidence=True).read(pages)


def sure(*confidences):
    """Readings of one character each, as sure as told; None has no text."""
    nothing = np.zeros((4, 7), np.float32)
    return [
        Reading(
            nothing, Decoded("", (), (), ()) if one is None else Decoded("a", (one,), (0,), (1,))
        )
        for one in confidences
    ]


def test_a_doubtful_line_is_read_as_it_was_restored(reader):
    [page] = read(reader, page_with("bad", "cacc", "dab"))
    [restored] = LineRestorer(Repainter(), reader).read([page])
    assert [line.text for line in restored.lines] == ["bad", "eaee", "dab"]
    assert restored.restored == {1}
    assert restored.lines[0] is page.lines[0]
    before, after = page.readings[1], restored.readings[1]
    assert after.log_probabilities is before.log_probabilities
    assert min(after.decoded.confidences) > max(before.decoded.confidences[:1])


def test_what_the_page_does_not_show_is_not_taken(reader):
    [page] = read(reader, page_with("bad", "cacc", "dab"))
    restorer = Repainter("c", "b")  # of which the crop as it is shows nothing
    assert LineRestorer(restorer, reader).read([page]) == [page]
    assert len(restorer.calls) == 1


def test_a_restorer_that_changes_nothing_changes_nothing(reader):
    [page] = read(reader, page_with("bad", "cacc", "dab"))
    [same] = LineRestorer(Repainter("c", "c"), reader).read([page])
    assert same is page


def test_a_page_without_doubt_costs_nothing():
    reader = LineReader(GreyRecogniser(0.97))
    restorer = Repainter()
    [page] = read(reader, page_with("bad", "cacc", "dab"))
    [same] = LineRestorer(restorer, reader).read([page])
    assert same is page
    assert restorer.calls == []


def test_a_page_reads_the_same_whatever_its_neighbours(reader):
    pages = [page_with("cacc", "bad"), page_with(), page_with("dab"), page_with("bac", "cc ac")]
    restorer = Repainter()
    lines = LineRestorer(restorer, reader)
    together = lines.read(read(reader, *pages))
    alone = [one for page in pages for one in lines.read(read(reader, page))]
    assert [one.lines for one in together] == [one.lines for one in alone]
    assert [one.restored for one in together] == [{0}, set(), set(), {1}]
    assert all(len(call) == 1 for call in restorer.calls)


def test_the_second_reader_reads_restored_lines_too():
    second = GreyRecogniser(0.97)
    reader = LineReader(DoubtfulRecogniser(sureness=0.5, confidence=0.99), second=second)
    [page] = read(reader, page_with("cacc"))
    LineRestorer(Repainter("a", "b"), reader).read([page])
    assert len(second.calls) == 1


def test_the_least_certain_lines_are_chosen_and_no_more_than_their_share():
    certain = [SURE] * 28
    doubtful = [0.9, 0.65, 0.7, 0.61]
    readings = sure(*certain, *doubtful, None, READABLE - 0.01)
    most = int(np.ceil(SHARE * len(readings)))
    least = sorted(range(4), key=doubtful.__getitem__)[:most]
    assert choose_lines(readings) == sorted(28 + place for place in least)
    assert choose_lines(sure(0.8)) == [0]
    assert choose_lines([]) == []
