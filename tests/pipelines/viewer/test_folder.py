"""A folder to look at without a server."""

import json
import re

import pytest

from ocr_core.errors import ConfigError
from ocr_core.sources import parse_page_numbers
from pipelines.viewer import folder as module
from pipelines.viewer.folder import Choice, Folder

EVERYTHING = Choice()


def written(books, pictures, to, choice=EVERYTHING):
    *_, tally = Folder(books, pictures, to, choice).write()
    return tally


def value(to, name):
    """What a script hands over."""
    text = (to / "data" / f"{name}.js").read_text(encoding="utf-8")
    match = re.fullmatch(r"beamOcr\.take\((\".*?\"),(.*)\);\n", text, re.DOTALL)
    assert json.loads(match[1]) == name
    return json.loads(match[2])


def test_all_of_a_run_is_written(books, pictures, tmp_path, entry_of):
    tally = written(books, pictures, tmp_path / "to")
    assert (tally.documents, tally.pages, tally.blank) == (4, 4, 0)
    key = entry_of("letter.tif").key
    page = value(tmp_path / "to", f"{key}/0")
    assert page["picture"] is True
    assert page["lines"] == books.page(key, 0)["lines"]
    assert (tmp_path / "to" / "pictures" / key / "1.jpg").read_bytes().startswith(b"\xff\xd8")
    assert [one["name"] for one in value(tmp_path / "to", "documents-0")] == [
        "note.png", "broken.png", "letter.tif", "z copy.png",
    ]  # fmt: skip
    run = value(tmp_path / "to", "run")
    assert (run["pages"], run["document_pieces"], run["search_pieces"]) == (4, 1, 1)


def test_the_page_loads_its_data(books, pictures, tmp_path):
    written(books, pictures, tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert '<script defer src="data/run.js"></script>' in page
    for name in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert (tmp_path / name).exists()


def test_where_files_lay_is_not_written(books, pictures, tmp_path, scans):
    written(books, pictures, tmp_path / "to")
    for path in (tmp_path / "to" / "data").rglob("*.js"):
        assert str(scans) not in path.read_text(encoding="utf-8")


def test_some_documents_and_pages_are_chosen(books, pictures, tmp_path, entry_of):
    choice = Choice("*.tif", parse_page_numbers("2-"))
    tally = written(books, pictures, tmp_path, choice)
    key = entry_of("letter.tif").key
    assert (tally.documents, tally.pages) == (1, 1)
    assert [state[0] for state in value(tmp_path, f"{key}/document")["states"]] == [1]
    assert not (tmp_path / "data" / key / "0.js").exists()


def test_the_text_is_written_in_pieces(books, pictures, tmp_path, monkeypatch, entry_of):
    monkeypatch.setattr(module, "_CHARACTERS_A_PIECE", 20)
    written(books, pictures, tmp_path)
    count = value(tmp_path, "run")["search_pieces"]
    pages = [page for number in range(count) for page in value(tmp_path, f"search-{number}")]
    assert count > 1
    assert len(pages) == 4
    assert [entry_of("letter.tif").key, 0, "the canal company\ntoll 4d"] in pages


def test_what_is_there_is_not_written_over(books, pictures, tmp_path):
    (tmp_path / "mine.txt").touch()
    with pytest.raises(ConfigError, match="not an empty folder"):
        written(books, pictures, tmp_path)


def test_nothing_chosen_is_a_mistake(books, pictures, tmp_path):
    with pytest.raises(ConfigError, match=r"called \*\.doc"):
        written(books, pictures, tmp_path / "to", Choice("*.doc"))
