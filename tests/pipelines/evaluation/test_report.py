"""The folder of a report."""

from types import SimpleNamespace

import numpy as np
import pytest

from ocr_core.errors import ConfigError
from pipelines.evaluation import report
from pipelines.evaluation.report import ReportFolder, SheetHeadway, check_folder
from pipelines.viewer.pictures import encode

SUMMARY = [("x", 3, {"F1": 0.5}), ("all", 3, {"F1": 0.5})]


@pytest.fixture
def drawn():
    """Draws pages of documents that are of a run."""
    return SimpleNamespace(draw=lambda uri, page_index: b"JPEG %d" % page_index if uri else None)


def files_of(folder):
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.*"))


@pytest.fixture
def sheets(sheet_of):
    return [
        sheet_of("x/good", "a tall ship", "a tall ship"),
        sheet_of("x/bad", "corner", "comer", uri="u", page_index=3),
        sheet_of("x/fair", "a tall ship", "a tall shop"),
    ]


def test_pages_are_written_worst_first(sheets, drawn, tmp_path):
    assert [*ReportFolder(tmp_path / "to", drawn).write("title", sheets, SUMMARY)] == [1, 2, 3]
    assert files_of(tmp_path / "to") == [
        "index.html", "pages/1.html", "pages/2.html", "pages/3.html", "pictures/1.jpg",
        "report.css", "report.js",
    ]  # fmt: skip
    titles = [(tmp_path / f"to/pages/{number}.html").read_text() for number in (1, 2, 3)]
    for title, name in zip(titles, ("bad", "fair", "good"), strict=True):
        assert f"<title>x/{name}</title>" in title
    assert (tmp_path / "to/pictures/1.jpg").read_bytes() == b"JPEG 3"
    assert "../pictures/1.jpg" in titles[0]
    assert "<img" not in titles[1]
    listed = (tmp_path / "to/index.html").read_text()
    assert listed.index("x/bad") < listed.index("x/fair") < listed.index("x/good")
    assert "<td>rn</td><td>m</td><td>1</td>" in listed


def test_of_two_pages_with_as_many_words_the_one_with_more_wrong_characters_is_worse(
    sheet_of, tmp_path
):
    sheets = [sheet_of("near", "ships", "shops"), sheet_of("far", "ships", "xxxxx")]
    [*ReportFolder(tmp_path / "to").write("title", sheets, SUMMARY)]
    assert "<title>far</title>" in (tmp_path / "to/pages/1.html").read_text()
    assert not (tmp_path / "to/pictures").exists()


def test_a_long_list_is_in_parts_and_pages_lead_back_to_theirs(sheets, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "_SHEETS_A_PART", 2)
    [*ReportFolder(tmp_path).write("title", sheets, SUMMARY)]
    first, second = ((tmp_path / name).read_text() for name in ("index.html", "index-2.html"))
    assert ("x/good" in first, "x/good" in second) == (False, True)
    assert 'rel="up" href="../index-2.html"' in (tmp_path / "pages/3.html").read_text()


def test_text_that_no_file_can_hold_is_replaced(sheet_of, tmp_path):
    [*ReportFolder(tmp_path).write("title", [sheet_of("a\udcff", "one \ud800", "one")], SUMMARY)]
    assert "a?" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path, tmp_path / "file"):
        with pytest.raises(ConfigError, match="is not an empty folder: choose another for --html"):
            check_folder(folder)
    with pytest.raises(ConfigError, match="cannot be written: Not a directory"):
        check_folder(tmp_path / "file" / "below")


def test_headway_is_told_in_pages():
    headway = SheetHeadway(40)
    headway.pages = 10
    assert headway.position == 10
    assert headway.in_words().startswith("10/40 pages, ")


@pytest.fixture
def page(browser, sheet_of, tmp_path):
    """A list of three pages, from a disk; at the end, nothing has gone wrong or been fetched."""
    sheets = [
        sheet_of("good", "right", "right"),
        sheet_of("fair", "a tall ship\nand a mast", "a tall shop\nand a mast"),
        sheet_of("<b>bad</b>", "<script>document.title = 'x'</script>", "<i>nothing</i>"),
    ]
    picture = encode(np.full((60, 40), 255, np.uint8))
    pictures = SimpleNamespace(draw=lambda uri, page_index: picture)
    [*ReportFolder(tmp_path, pictures).write("a <run>", sheets, SUMMARY)]
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.set_default_timeout(20_000)
        shown = context.new_page()
        problems, asked = [], []
        shown.on("pageerror", lambda error: problems.append(str(error)))
        shown.on("console", lambda told: problems.append(told.text))
        shown.on("requestfailed", lambda request: problems.append(request.url))
        shown.on("request", lambda request: asked.append(request.url))
        shown.goto((tmp_path / "index.html").as_uri())
        yield shown
        assert problems == []
        assert all(url.startswith(tmp_path.as_uri()) for url in asked)


def open_worst(page):
    page.click(".pages a")
    page.wait_for_function("document.title === '<b>bad</b>'")
    page.wait_for_load_state()


def turn(page, key, title):
    page.keyboard.press(key)
    page.wait_for_function("title => document.title === title", arg=title)
    page.wait_for_load_state()


def test_a_browser_opens_the_worst_page_from_the_list(page):
    assert page.title() == "a <run>"
    open_worst(page)
    assert page.inner_text("h1") == "<b>bad</b>"
    assert page.title() == "<b>bad</b>"  # what the page says was not run
    assert page.inner_text("tbody del") == "<script>document.title = 'x'</script>"
    assert page.evaluate("document.querySelector('.picture img').naturalWidth") == 40


def test_keys_turn_pages_and_hide_what_was_read_right(page):
    open_worst(page)
    turn(page, "n", "fair")
    assert page.locator("tbody tr:visible").count() == 2
    page.keyboard.press("d")
    assert page.locator("tbody tr:visible").count() == 1
    assert page.inner_text("tbody tr:visible mark >> nth=0") == "i"
    turn(page, "ArrowRight", "good")
    assert page.locator("tbody tr:visible").count() == 0  # it stays so from page to page
    turn(page, "p", "fair")
    turn(page, "u", "a <run>")


def test_both_texts_and_the_picture_stand_side_by_side(page):
    open_worst(page)
    boxes = [page.locator(query).bounding_box() for query in
             (".picture img", "tbody tr >> nth=0 >> td >> nth=0",
              "tbody tr >> nth=0 >> td >> nth=1")]  # fmt: skip
    edges = [(box["x"], box["x"] + box["width"]) for box in boxes]
    assert edges[0][1] < edges[1][0] < edges[1][1] <= edges[2][0] + 1
    assert boxes[1]["y"] == boxes[2]["y"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
