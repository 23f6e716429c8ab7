import cv2
import pytest

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
    found = list(compare(reader, find_lines(lines), "processed"))
    assert len(found) == 60
    picture = cv2.imread(str(lines / "00.png"), cv2.IMREAD_GRAYSCALE)
    text, confidence = reader.read(picture)
    assert text == found[0][1]
    assert 0 <= confidence <= 1
    assert reader.height == 16


def test_edits_are_counted_against_the_truth(reader, lines):
    for truth, read, edits in compare(reader, find_lines(lines), "raw"):
        assert (
            max(abs(len(truth) - len(read)), truth != read) <= edits <= max(len(truth), len(read))
        )


def test_other_files_are_refused(tmp_path):
    (tmp_path / "a.safetensors").write_text("nothing")
    with pytest.raises(WeightsError):
        PictureReader(tmp_path / "a.safetensors")
