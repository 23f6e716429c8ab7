import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr_core import weights
from ocr_core.errors import ConfigError
from ocr_core.recipes.handwriting.training import KeptLines, KnownLines, Matter, teach
from ocr_core.recipes.lines.labelled import find_lines
from ocr_core.synth.lines import LineSample
from tests.ocr_core.recipes.handwriting.conftest import BRIEF
from tests.stand_ins import blank_page, draw_text


@pytest.fixture
def own(tmp_path):
    """A folder of 20 labelled lines, one of which has a letter that is in no charset."""
    folder = tmp_path / "own"
    folder.mkdir()
    for number in range(20):
        pixels = blank_page(32, 110)
        draw_text(pixels, "abc", left=10, top=6)
        cv2.imwrite(str(folder / f"{number:02}.png"), pixels)
        (folder / f"{number:02}.gt.txt").write_text("abΩ" if number == 3 else "abc")
    return folder


def test_a_small_network_is_taught_and_goes_on(hands, corpora, start, tmp_path):
    calibrated = replace(start, calibration=replace(start.calibration, scale=1.5))
    matter = Matter(hands, corpora)
    taught = teach(matter, tmp_path / "out", calibrated, BRIEF)
    assert set(taught.before) == set(taught.after) == {"cer", "exact"}
    written = weights.load_file(taught.path, "recogniser")
    assert written.provenance["held_out"] == taught.after
    assert written.provenance["steps"] > 0
    assert written.calibration == calibrated.calibration
    assert written.ranges
    again = teach(matter, tmp_path / "out", calibrated, replace(BRIEF, minutes=0.03))
    more = weights.load_file(again.path, "recogniser")
    assert more.provenance["steps"] > written.provenance["steps"]
    assert json.dumps(more.provenance)


def test_labelled_lines_are_learnt_from_and_judged_by(hands, corpora, start, own, tmp_path):
    matter = Matter(hands, corpora, find_lines(own), "raw")
    taught = teach(matter, tmp_path / "out", start, BRIEF)
    assert weights.load_file(taught.path, "recogniser").config["charset"].endswith("Ω")
    assert taught.before["cer"] > 0


def test_lines_none_of_which_can_be_read_are_told(hands, corpora, start, own, tmp_path):
    for path in own.glob("*.png"):
        path.write_text("no picture")
    with pytest.raises(ConfigError, match="hardly any of the lines can be read"):
        teach(Matter(hands, corpora, find_lines(own)), tmp_path / "out", start, BRIEF)


def strips(count):
    return [LineSample(np.full((16, 64), n, np.uint8), str(n)) for n in range(count)]


def test_kept_lines_are_dealt_out_once():
    kept = KeptLines(strips(90))
    texts = [line.text for seed in range(40) for line in kept.make(seed)]
    assert sorted(texts, key=int) == [str(n) for n in range(90)]


def test_known_lines_come_in_any_order_and_the_same_for_a_seed():
    known = KnownLines(strips(9), wear=0.0)
    texts = ["".join(line.text for line in known.make(seed)) for seed in (1, 1, 2, 3)]
    assert texts[0] == texts[1]
    assert len(set(texts)) == 3
    assert set("".join("".join(x.text for x in known.make(s)) for s in range(30))) == set(
        "012345678"
    )
