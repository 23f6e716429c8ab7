"""`beam-ocr view`, as a command and in a real browser."""

import re
import signal
import subprocess
import sys
import threading

import pytest

from ocr_core.errors import ConfigError
from pipelines import cli, view
from pipelines.viewer.answers import Answers
from pipelines.viewer.books import open_books
from pipelines.viewer.pictures import Pictures
from pipelines.viewer.server import Server
from schemas import Edit
from tests import documents, synthetic_run
from tests.synthetic_run import line_of, page_of, record_of


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A letter with a correction, a book of three pages, and a file that could not be opened."""
    scans, output = tmp_path_factory.mktemp("scans"), tmp_path_factory.mktemp("run")
    letter = record_of(documents.write_png(scans / "a letter.png", "ab"), 1)
    book = record_of(documents.write_tiff(scans / "book.tif", ["a", "b", "c"]), 3)
    (scans / "broken.pdf").write_bytes(b"%PDF-")
    broken = record_of(scans / "broken.pdf", None, "corrupt-source")
    first = line_of("the canal company", 40, 60, 0.97)
    read = synthetic_run.misread(first, Edit(0, 3, "teh", "the", "lexicon"))
    pages = [page_of(letter, 0, [read, line_of("toll 4d", 60, 100, 0.6)])]
    said = ["one fish", "two whales", "red fish"]
    pages += [page_of(book, at, [line_of(text, 20, 30)]) for at, text in enumerate(said)]
    records = [letter, synthetic_run.as_type(book, "image/tiff"), broken]
    synthetic_run.commit(output, records, pages, scans)
    return output


def start(run, *arguments):
    """The command in a process of its own, and the first line that it prints."""
    command = [sys.executable, "-m", "pipelines.cli", "view", str(run), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return process, process.stdout.readline()


def test_it_prints_its_address_and_ends_when_interrupted(run):
    process, line = start(run)
    with process:
        assert re.match(r"http://127\.0\.0\.1:\d+/ ", line), process.stderr.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        assert process.stderr.read() == ""


def test_whoever_serves_a_network_is_warned(run):
    process, line = start(run, "--host", "0.0.0.0")
    with process:
        assert line.startswith("http://0.0.0.0:")
        process.send_signal(signal.SIGINT)
        assert "whoever can reach 0.0.0.0 can see all pages" in process.communicate(timeout=30)[1]


def test_a_folder_is_written(run, tmp_path, capsys):
    assert cli.main(["view", str(run), "--static", str(tmp_path / "to"), "--pages", "1-2"]) == 0
    assert f"wrote 3 documents, 3 pages to {tmp_path / 'to'}" in capsys.readouterr().out


@pytest.mark.parametrize("flags", [["--documents", "*"], ["--pages", "1"]])
def test_what_only_a_folder_takes_is_refused_without_one(run, flags, capsys):
    assert cli.main(["view", str(run), *flags]) == 2
    assert "--static" in capsys.readouterr().err


def test_a_port_that_cannot_be_is_refused(run, capsys):
    assert cli.main(["view", str(run), "--port", "99999"]) == 2
    assert "--port is from 0 to 65535, not 99999" in capsys.readouterr().err


def test_there_must_be_a_run(tmp_path):
    parser = view.argparse.ArgumentParser()
    view.add_arguments(parser)
    with pytest.raises(ConfigError, match="no committed run"):
        view.main(parser.parse_args([str(tmp_path)]))


@pytest.fixture(scope="module")
def address(run):
    books = open_books(str(run))
    pictures = Pictures(books.catalogue, books.pages)
    with Server(Answers(books, pictures), "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.address
        server.shutdown()
        thread.join()
    pictures.close()


@pytest.fixture(scope="module")
def folder(run, tmp_path_factory):
    to = tmp_path_factory.mktemp("folder")
    assert cli.main(["view", str(run), "--static", str(to)]) == 0
    return to.joinpath("index.html").as_uri()


@pytest.fixture(params=["address", "folder"])
def page(browser, request):
    """The first page, as served and from a folder; at the end, nothing has gone wrong in it."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.set_default_timeout(20_000)
        shown = context.new_page()
        problems = []
        shown.on("pageerror", lambda error: problems.append(str(error)))
        shown.on("console", lambda told: problems.append(told.text))
        shown.goto(request.getfixturevalue(request.param))
        shown.wait_for_selector("#overlay .word", state="attached")
        yield shown
        assert problems == []


def wait_for_document(page, name):
    page.wait_for_function("name => document.querySelector('h2').textContent === name", arg=name)


def wait_for_text(page, text):
    page.wait_for_function(
        "text => document.querySelector('#text').innerText.includes(text)", arg=text
    )


def listed(page):
    return page.locator("#list .row .name").all_inner_texts()


def test_the_list_shows_the_documents(page):
    assert listed(page) == ["a letter.png", "book.tif", "broken.pdf"]
    assert page.inner_text("#run-counts") == "3 documents, 4 pages"
    rows = page.locator("#list .row").all_inner_texts()
    assert "corrupt-source" in rows[2]
    assert "3 pages" in rows[1]


def test_boxes_stand_where_the_words_do(page):
    page.wait_for_function("() => document.querySelector('#picture').naturalWidth === 300")
    sheet = page.locator("#picture").bounding_box()
    scale = sheet["width"] / 300
    for at, (left, top, right, bottom) in enumerate([(40, 60, 70, 80), (80, 60, 130, 80)]):
        box = page.locator(f'#overlay .word[data-line="0"][data-word="{at}"]').bounding_box()
        assert box["x"] == pytest.approx(sheet["x"] + left * scale, abs=1.5)
        assert box["y"] == pytest.approx(sheet["y"] + top * scale, abs=1.5)
        assert box["width"] == pytest.approx((right - left) * scale, abs=1.5)
        assert box["height"] == pytest.approx((bottom - top) * scale, abs=1.5)


def test_boxes_stay_with_the_words_when_zoomed_and_dragged(page):
    before = page.locator("#sheet").bounding_box()
    page.mouse.move(before["x"] + 60, before["y"] + 60)
    page.mouse.wheel(0, -300)
    page.wait_for_function(
        "width => document.querySelector('#sheet').getBoundingClientRect().width > 1.5 * width",
        arg=before["width"],
    )
    page.mouse.down()
    page.mouse.move(before["x"] + 160, before["y"] + 100, steps=4)
    page.mouse.up()
    sheet = page.locator("#sheet").bounding_box()
    word = page.locator('#overlay .word[data-line="0"][data-word="0"]').bounding_box()
    scale = sheet["width"] / 300
    assert word["x"] == pytest.approx(sheet["x"] + 40 * scale, abs=1.5)
    assert word["y"] == pytest.approx(sheet["y"] + 60 * scale, abs=1.5)
    assert page.locator("#overlay .selected").count() == 0  # dragging is no click
    page.keyboard.press("0")
    assert page.locator("#sheet").bounding_box() == before


def test_a_search_finds_a_word_of_another_document_and_goes_there(page):
    page.keyboard.press("/")
    page.keyboard.type("WHALES")
    hit = page.locator("#hits .hit")
    hit.wait_for()
    assert hit.all_inner_texts() == ["Page 2 two whales"]
    assert hit.locator("mark").inner_text() == "whales"
    hit.click()
    wait_for_document(page, "book.tif")
    wait_for_text(page, "two whales")
    assert page.input_value("#page-number") == "2"
    assert page.locator("#overlay .found").count() == 1
    assert page.locator("#text mark").inner_text() == "whales"


def test_documents_are_filtered(page):
    page.select_option("[name=status]", "failed")
    page.wait_for_function("() => document.querySelectorAll('#list .row .name').length === 1")
    assert listed(page) == ["broken.pdf"]
    page.click("#list .row")
    wait_for_document(page, "broken.pdf")
    assert "corrupt-source: it does not parse" in page.inner_text("#note")
    page.select_option("[name=status]", "")
    page.select_option("[name=below]", "0.9")
    page.wait_for_function(
        "() => document.querySelector('#list-count').textContent === '1 document'"
        " && document.querySelector('#list .name').textContent === 'a letter.png'"
    )


def test_keys_turn_pages_and_documents(page):
    page.keyboard.press("n")
    wait_for_document(page, "book.tif")
    wait_for_text(page, "one fish")
    for key, expected in (("j", "two whales"), ("ArrowRight", "red fish"), ("k", "two whales")):
        page.keyboard.press(key)
        wait_for_text(page, expected)
    page.keyboard.press("p")
    wait_for_document(page, "a letter.png")


def test_keys_toggle_what_is_drawn(page):
    words = page.locator("#layers [data-layer=words]")
    assert words.get_attribute("aria-pressed") == "false"
    page.keyboard.press("w")
    assert words.get_attribute("aria-pressed") == "true"
    assert "show-words" in page.get_attribute("#overlay", "class")
    page.keyboard.press("c")
    assert "95 – 99 % 2" in re.sub(r"\s+", " ", page.inner_text("#legend"))
    page.keyboard.press("?")
    assert page.is_visible("#help")
    page.keyboard.press("Escape")
    assert not page.is_visible("#help")


def test_edits_are_shown(page):
    token = page.locator("#text .token.edited")
    assert token.all_inner_texts() == ["the"]
    token.hover()
    assert "“teh” became “the”" in page.inner_text("#tip")
    assert page.inner_text("#edits summary") == "1 correction"
    page.click("#edits summary")
    page.keyboard.press("t")
    wait_for_text(page, "teh canal company")
    page.click("#edits li button")
    assert page.locator("#text .selected").all_inner_texts() == ["teh canal company"]
    page.keyboard.press("t")
    assert page.inner_text("#text del") == "teh"
    assert page.inner_text("#text ins") == "the"
    assert page.inner_text("#text .reason") == "lexicon"


def test_a_line_is_selected_here_and_there(page):
    page.locator('#overlay .word[data-line="1"]').first.click()
    assert page.locator("#text .selected").all_inner_texts() == ["toll 4d"]
    page.locator('#text [data-line="0"] .token').nth(1).click()
    assert page.locator("#overlay .line.selected").get_attribute("data-line") == "0"
    page.keyboard.press("ArrowDown")
    assert page.locator("#overlay .line.selected").count() == 1


def test_an_address_leads_to_its_page(page):
    page.keyboard.press("n")
    wait_for_document(page, "book.tif")
    deep = re.sub(r"/1$", "/3", page.url)
    page.goto("about:blank")
    page.goto(deep)
    wait_for_text(page, "red fish")
    assert page.input_value("#page-number") == "3"
