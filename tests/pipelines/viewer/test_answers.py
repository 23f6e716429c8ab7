"""What is answered to what is asked for."""

import json
import re
import shutil
from http import HTTPStatus

import pytest

from pipelines.viewer.answers import Answers, read_assets
from pipelines.viewer.books import open_books


@pytest.fixture
def answers(books, pictures):
    return Answers(books, pictures)


def value(answer):
    assert answer.status == HTTPStatus.OK, answer.body
    return json.loads(answer.body)


def test_the_page_and_its_assets_are_there(answers):
    assert answers.answer("/").body == answers.answer("/index.html").body
    assert answers.answer("/").media_type.startswith("text/html")
    page = answers.answer("/").body.decode()
    named = [name for name in read_assets() if name != "index.html"]
    assert len(named) >= 10
    for name in named:
        assert answers.answer(f"/{name}").status == HTTPStatus.OK
        assert f'"{name}"' in page


def test_nothing_is_loaded_from_elsewhere():
    for name, content in read_assets().items():
        text = content.decode().replace("http://www.w3.org/2000/svg", "")
        assert not re.findall(r"https?:|@import|url\(|src=[\"']//", text), name


def test_documents_are_listed(answers):
    found = value(answers.answer("/api/documents?status=failed&count=5"))
    assert [one["name"] for one in found["documents"]] == ["broken.png"]
    assert "place" not in found


def test_a_place_is_told_if_it_is_asked_for(answers, entry_of):
    key = entry_of("letter.tif").key
    assert value(answers.answer(f"/api/documents?count=0&place={key}"))["place"] == 2


def test_a_document_and_its_pages(answers, entry_of):
    key = entry_of("letter.tif").key
    assert value(answers.answer(f"/api/documents/{key}"))["name"] == "letter.tif"
    assert value(answers.answer(f"/api/pages/{key}/0"))["lines"][1][3] == "toll 4d"


def test_a_picture(answers, entry_of):
    answer = answers.answer(f"/pictures/{entry_of('note.png').key}/0")
    assert (answer.status, answer.media_type) == (HTTPStatus.OK, "image/jpeg")
    assert answer.body.startswith(b"\xff\xd8")


def test_a_search(answers):
    assert len(value(answers.answer("/api/search?q=the"))["hits"]) == 2
    assert value(answers.answer("/api/search?q=whale&from=0.2"))["searched"] == 1


@pytest.mark.parametrize(
    "target",
    [
        "/../setup.py",
        "/..%2f..%2fetc/passwd",
        "//etc/passwd",
        "/etc/passwd",
        "/assets/../server.py",
        "/server.py",
        "/__init__.py",
        "/pictures/../../etc/passwd",
        "/pictures/0000000000000000/0",
        "/pictures/%2e%2e/0",
        "/pictures//etc/passwd",
        "/api/documents/0000000000000000",
        "/api/documents/../run",
        "/api/pages/0000000000000000/0",
        "/api/pages/0000000000000000/-1",
        "/api/pages/0000000000000000/99999999999",
        "/api",
        "/api/run/",
        "http://elsewhere/api",
    ],
)
def test_nothing_else_has_an_address(answers, target):
    answer = answers.answer(target)
    assert answer.status == HTTPStatus.NOT_FOUND
    assert b"root:" not in answer.body


def test_pages_beyond_the_last_are_missing(answers, entry_of):
    key = entry_of("note.png").key
    for what in ("api/pages", "pictures"):
        assert answers.answer(f"/{what}/{key}/1").status == HTTPStatus.NOT_FOUND
        assert answers.answer(f"/{what}/{key.upper()}/0").status == HTTPStatus.NOT_FOUND


def test_a_picture_that_cannot_be_drawn_says_why(answers, entry_of, scans):
    answer = answers.answer(f"/pictures/{entry_of('broken.png').key}/0")
    assert answer.status == HTTPStatus.NOT_FOUND
    assert json.loads(answer.body)["code"] == "missing-source"
    assert str(scans).encode() not in answer.body


@pytest.mark.parametrize(
    "query",
    [
        "documents?start=-1",
        "documents?count=1e9",
        "documents?count=٣",
        "documents?below=nan",
        "documents?below=2",
        "documents?order=size",
        "documents?" + "&".join(f"f{n}=1" for n in range(40)),
        "search",
        "search?q=+",
        "search?q=a&from=x",
    ],
)
def test_what_makes_no_sense_is_refused(answers, query):
    assert answers.answer(f"/api/{query}").status == HTTPStatus.BAD_REQUEST


def test_many_documents_are_not_listed_at_once(answers):
    assert value(answers.answer("/api/documents?count=999999999"))["total"] == 4


def test_a_run_that_is_gone_is_told(tmp_path, run, pictures):
    shutil.copytree(run, tmp_path / "copy")
    books = open_books(str(tmp_path / "copy"))
    shutil.rmtree(tmp_path / "copy")
    key = books.catalogue.entries[0].key
    answer = Answers(books, pictures).answer(f"/api/pages/{key}/0")
    assert answer.status == HTTPStatus.GONE
