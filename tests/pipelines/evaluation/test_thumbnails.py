"""Small pictures of pages."""

import cv2
import numpy as np
import pytest

from pipelines.evaluation.thumbnails import Thumbnails, shrink
from pipelines.viewer.pictures import encode
from tests import documents, synthetic_run
from tests.synthetic_run import line_of, page_of, record_of


@pytest.fixture
def run(tmp_path):
    """A run of a note, which is there, and of one that was broken."""
    note = record_of(documents.write_png(tmp_path / "in/note.png", "ab"), 1)
    (tmp_path / "in/broken.png").write_bytes(b"\x89PNG")
    broken = record_of(tmp_path / "in/broken.png", None, "corrupt-source")
    pages = [page_of(note, 0, [line_of("ab", 40, 60)])]
    synthetic_run.commit(tmp_path / "out", [note, broken], pages, tmp_path / "in")
    return tmp_path


@pytest.fixture
def thumbnails(run):
    drawn = Thumbnails([str(run / "out"), str(run / "in")])
    yield drawn
    drawn.close()


def size_of(picture):
    return cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_UNCHANGED).shape[:2]


def test_a_page_is_drawn_from_its_source(thumbnails, run):
    assert size_of(thumbnails.draw(str(run / "in/note.png"), 0)) == (200, 300)


def test_what_cannot_be_drawn_has_no_picture(thumbnails, run):
    assert thumbnails.draw(str(run / "in/broken.png"), 0) is None
    assert thumbnails.draw(str(run / "in/other.png"), 0) is None
    assert thumbnails.draw("", 0) is None
    (run / "in/note.png").unlink()
    assert thumbnails.draw(str(run / "in/note.png"), 0) is None


def test_a_wide_picture_is_made_smaller_and_a_narrow_one_left_alone():
    wide = encode(np.full((300, 1800), 200, np.uint8))
    assert size_of(shrink(wide)) == (150, 900)
    assert shrink(wide, 1800) is wide
