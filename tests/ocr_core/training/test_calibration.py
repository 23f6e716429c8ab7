import argparse
from types import SimpleNamespace

import numpy as np
import pytest

from ocr_core import weights
from ocr_core.calibration import RAW, Calibration
from ocr_core.engine import Engine
from ocr_core.reading import LineReader
from ocr_core.synth.pages import SynthPage
from ocr_core.training import calibration, held_out
from schemas import Box, Line, Page, PageRef, Quad, Word
from tests.stand_ins import GreyRecogniser, InkDetector, blank_page, draw_text


def line_of(text, box, confidence=0.9):
    words = tuple(Word(word, word, box, confidence) for word in text.split())
    return Line(text, text, confidence, Quad.from_box(box), words)


def page_of(*lines):
    return Page(PageRef("", "", 0), 500, 600, 200, lines)


def made_of(*lines, ignored=()):
    return SynthPage(blank_page(), page_of(*lines), tuple(ignored))


def test_words_are_right_where_ground_truth_has_them():
    box = Box(0, 0, 200, 20)
    truth = made_of(line_of("a “cab” is bad", box))
    read = page_of(line_of('a "cab" s bad', Box(0, 1, 200, 20), confidence=0.7))
    assert calibration.outcomes_of(read, truth) == [
        (0.7, True), (0.7, True), (0.7, False), (0.7, True)
    ]  # fmt: skip


def test_what_stands_elsewhere_or_is_not_vouched_for_does_not_count():
    here, there, stamp = Box(0, 0, 200, 20), Box(0, 100, 200, 120), Box(300, 300, 400, 320)
    truth = made_of(line_of("bad", here), ignored=[Quad.from_box(stamp)])
    read = page_of(line_of("bad", there), line_of("paid", stamp))
    assert calibration.outcomes_of(read, truth) == []


def drawn(text, misread=None):
    """A page with a line that stand-in models read, labelled as `misread` if that is given."""
    pixels = blank_page()
    box, _ = draw_text(pixels, text, left=40, top=60)
    return SynthPage(pixels, page_of(line_of(misread or text, box)), ())


def test_pages_are_read_as_at_inference():
    engine = Engine(InkDetector(), LineReader(GreyRecogniser(confidence=0.9)), None)
    pages = [drawn("abc de"), drawn("abc de", misread="abc dd")]
    first, second = calibration.read_pages(engine, pages)
    assert [right for _, right in first] == [True, True]
    assert [right for _, right in second] == [True, False]
    # Three letters and a space; two letters and the space before them.
    assert [confidence for confidence, _ in first] == pytest.approx([0.9**4, 0.9**3], rel=1e-3)


def test_figures_are_of_pages_that_the_fit_has_not_seen():
    rng = np.random.default_rng(0)

    def half():
        stated = rng.uniform(0.3, 1, 4000)
        return [(share, rng.uniform() < share**3) for share in stated.tolist()]

    raw, calibrated = calibration.figures(half(), half())
    assert "raw" in raw
    assert "of 8000 held-out words" in raw
    errors = [float(line.split("error ")[1].split()[0]) for line in (raw, calibrated)]
    assert errors[0] > 0.15
    assert errors[1] < 0.05


def test_without_words_nothing_is_changed():
    assert calibration.fit([]) == RAW
    assert "of 0 held-out words" in next(calibration.figures([], []))


def test_the_command_writes_what_it_fitted(tmp_path, monkeypatch, capsys):
    path = tmp_path / "recogniser.safetensors"
    weights.save(path, "recogniser", {}, {}, {})
    engine = Engine(InkDetector(), LineReader(GreyRecogniser(confidence=0.9)), None)
    monkeypatch.setattr(calibration, "load_raw", lambda *_: engine)
    pages = [drawn("abc de"), drawn("abc de", misread="abc dd")]
    monkeypatch.setattr(calibration, "make_pages", lambda _, count: pages * (count // 2))
    parser = argparse.ArgumentParser()
    calibration.add_arguments(parser)
    assert calibration.main(parser.parse_args([str(tmp_path), "--pages", "20"])) == 0
    fitted = weights.load_file(path, "recogniser").calibration
    assert isinstance(fitted, Calibration)
    assert fitted != RAW
    # The longer word is always right, the shorter one every other time.
    assert "of 40 held-out words" in capsys.readouterr().out


def test_confidences_are_those_of_both_recognisers_before_any_calibration():
    engine = calibration.load_raw(None, "cpu")
    assert engine.reader.rereads
    assert engine.reader.calibration == RAW


def test_pages_of_every_wear_come_in_turn(tmp_path, monkeypatch):
    asked = []

    def maker(faces, source, strength):
        def make(seed):
            asked.append((seed - calibration.FIRST_SEED, strength))
            return made_of()

        return SimpleNamespace(make=make)

    monkeypatch.setattr(calibration, "PageMaker", maker)
    monkeypatch.setattr(held_out, "find_faces", lambda *_: [])
    monkeypatch.setattr(held_out, "load_corpora", lambda _: [])
    monkeypatch.setattr(held_out, "TextSource", lambda *_: None)
    args = argparse.Namespace(fonts=[], corpus=tmp_path)
    assert len(list(calibration.make_pages(args, 7))) == 7
    assert asked == [(0, 0.0), (1, 0.25), (2, 0.5), (3, 0.75), (4, 1.0), (5, 0.0), (6, 0.25)]
