"""Pictures of pages, of sources of the run alone."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr_core.errors import InputError, MissingSourceError
from pipelines.viewer import pictures as module
from pipelines.viewer.books import open_books
from pipelines.viewer.pictures import Pictures, encode
from tests import documents, synthetic_run
from tests.synthetic_run import line_of, page_of, record_of


def decoded(picture):
    return cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)


def test_a_page_is_drawn_from_its_source(pictures, entry_of):
    found = decoded(pictures.draw(entry_of("letter.tif"), 0))
    expected = documents.draw_page("ab")
    assert found.shape == expected.shape
    assert np.abs(found.astype(int) - expected).mean() < 2


def test_a_copy_and_a_page_that_failed_are_drawn_too(pictures, entry_of):
    assert pictures.draw(entry_of("z copy.png"), 0) == pictures.draw(entry_of("note.png"), 0)
    assert decoded(pictures.draw(entry_of("letter.tif"), 1)).shape == (200, 300)


def test_no_page_is_drawn_that_the_run_has_not(pictures, entry_of):
    with pytest.raises(MissingSourceError):
        pictures.draw(entry_of("letter.tif"), 2)
    with pytest.raises(InputError):
        pictures.draw(entry_of("broken.png"), 0)


def test_a_page_is_drawn_once_while_it_is_kept(pictures, entry_of, monkeypatch):
    first = pictures.draw(entry_of("note.png"), 0)
    monkeypatch.setattr(module, "_pixels", None)
    assert pictures.draw(entry_of("note.png"), 0) is first


def test_the_pictures_that_were_wanted_last_are_kept(books, entry_of):
    note, letter = entry_of("note.png"), entry_of("letter.tif")
    drawn = Pictures(books.catalogue, books.pages)
    size = len(drawn.draw(note, 0))
    drawn.close()
    few = Pictures(books.catalogue, books.pages, max_bytes=size)
    kept = few.draw(note, 0)
    assert few.draw(note, 0) is kept
    few.draw(letter, 0)
    assert few.draw(note, 0) is not kept
    few.close()


@pytest.fixture
def single(tmp_path):
    """A run over one file: the file, and what looks at the run; a page turned by 90 degrees."""
    path = documents.write_png(tmp_path / "in" / "a.png", "a")
    record = record_of(path, 1)
    page = replace(page_of(record, 0, [line_of("a", 0, 0)]), orientation_deg=90)
    synthetic_run.commit(tmp_path / "out", [record], [page], tmp_path / "in")
    books = open_books(str(tmp_path / "out"))
    drawn = Pictures(books.catalogue, books.pages)
    yield path, books, drawn
    drawn.close()


def test_a_page_is_turned_upright(single):
    _, books, drawn = single
    found = decoded(drawn.draw(books.catalogue.entries[0], 0))
    expected = np.rot90(documents.draw_page("a"), -1)
    assert found.shape == expected.shape
    assert np.abs(found.astype(int) - expected).mean() < 2


def test_a_source_that_is_gone_has_no_picture(single):
    path, books, drawn = single
    path.unlink()
    with pytest.raises(MissingSourceError, match="no such file"):
        drawn.draw(books.catalogue.entries[0], 0)


@pytest.mark.parametrize("is_link", [True, False])
def test_what_has_taken_the_place_of_a_source_is_not_shown(single, tmp_path, is_link):
    path, books, drawn = single
    path.unlink()
    secret = documents.write_png(tmp_path / "secret.png", "e")
    if is_link:
        path.symlink_to(secret)
    else:
        secret.rename(path)
    with pytest.raises(MissingSourceError, match="changed"):
        drawn.draw(books.catalogue.entries[0], 0)


def test_the_first_page_is_drawn_ahead(books, monkeypatch):
    drawn = Pictures(books.catalogue, books.pages)
    drawn.prepare()
    drawn._drawer.submit(int).result()
    monkeypatch.setattr(module, "_pixels", None)
    assert drawn.draw(books.catalogue.entries[0], 0)
    drawn.close()


def test_a_jpeg_keeps_its_size():
    assert decoded(encode(np.full((5, 9), 200, np.uint8))).shape == (5, 9)
