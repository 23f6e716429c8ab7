from dataclasses import asdict

import cv2
import pytest

from ocr_core import weights
from ocr_core.errors import WeightsError
from ocr_core.recipes.lines.labelled import find_lines
from ocr_core.recipes.lines.reading import PictureReader, compare
from tests import tiny_networks


@pytest.fixture
def reader(tmp_path):
    return PictureReader(
        tiny_networks.save(tmp_path, tiny_networks.network_of(tiny_networks.RECOGNISER))
    )


def test_a_picture_is_read_as_among_others(reader, lines):
    found = list(compare(reader, find_lines(lines)))
    assert len(found) == 60
    picture = cv2.imread(str(lines / "00.png"), cv2.IMREAD_GRAYSCALE)
    text, confidence = reader.read(picture)
    assert text == found[0][1]
    assert 0 <= confidence <= 1
    assert reader.height == 16


def test_edits_are_counted_against_the_truth(reader, lines):
    for truth, read, edits in compare(reader, find_lines(lines)):
        assert (
            max(abs(len(truth) - len(read)), truth != read) <= edits <= max(len(truth), len(read))
        )


@pytest.mark.parametrize(
    ("provenance", "kind"),
    [
        ({"task": "lines", "settings": {"data": "raw"}}, "raw"),
        ({"mean_of": [{"mean_of": [{"task": "lines", "settings": {"data": "raw"}}]}]}, "raw"),
        ({"task": "recogniser", "settings": {"data": {"found": 0.25}}}, "processed"),
        ({}, "processed"),
    ],
)
def test_lines_are_cut_out_as_those_that_the_weights_were_taught_with(tmp_path, provenance, kind):
    path = tmp_path / "own.safetensors"
    network = tiny_networks.network_of(tiny_networks.RECOGNISER)
    weights.save(
        path, "recogniser", asdict(tiny_networks.RECOGNISER), network.state_dict(), provenance
    )
    assert PictureReader(path).data == kind
    assert PictureReader(path, "processed").data == "processed"


def test_other_files_are_refused(tmp_path):
    (tmp_path / "a.safetensors").write_text("nothing")
    with pytest.raises(WeightsError):
        PictureReader(tmp_path / "a.safetensors")
