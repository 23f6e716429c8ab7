"""How a page is read, in pictures; and the page of documentation that shows them."""

import argparse
import importlib
import re
from pathlib import Path

import cv2
import pytest

import ocr_core
from ocr_core import weights
from ocr_core.errors import ConfigError
from ocr_core.explaining import drawing
from pipelines import cli, explain
from tests import documents

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "ocr_core" / "explaining" / "README.md"
PICTURES = PAGE.parent / "pictures"
TEXT = PAGE.read_text(encoding="utf-8")
MOST_BYTES = 600_000


def run_command(*arguments):
    parser = argparse.ArgumentParser()
    explain.add_arguments(parser)
    return explain.main(parser.parse_args([str(argument) for argument in arguments]))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """What the command of the page writes."""
    if not all(path.exists() for path in weights.find()):
        pytest.skip("no weights have been trained yet")
    [command] = re.findall(r"^    beam-ocr (explain .*) --to how$", TEXT, re.MULTILINE)
    folder = tmp_path_factory.mktemp("how")
    words = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setattr(cli.logs, "begin", lambda _: None)  # which is for a process of its own
        assert cli.main([*words, "--to", str(folder)]) == 0
    return folder


def test_the_command_makes_the_pictures_of_the_page(written):
    made = {path.name for path in written.iterdir()}
    assert made == {path.name for path in PICTURES.iterdir()} | {"index.html"}
    for path in PICTURES.iterdir():
        assert cv2.imread(str(written / path.name)).shape[1] == drawing.WIDTH


def test_the_line_is_the_one_asked_for(written):
    page = (written / "index.html").read_text(encoding="utf-8")
    assert "oldest workers" in page.partition("</h1>")[0]
    assert page.count("<h2") == page.count("<img") == len(list(PICTURES.iterdir()))


def test_all_pictures_are_shown_and_small():
    shown = re.findall(r"!\[[^\]]+\]\(pictures/([^)]+)\)", TEXT)
    assert shown == sorted(path.name for path in PICTURES.iterdir())
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < MOST_BYTES


def exists(name):
    """Whether a module of ours, or what one holds, has this name, such as `ctc.BLANK`."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(["ocr_core", *parts[:count]]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            found = getattr(found, part, None)
        return found is not None
    return False


MODULES = sorted(
    set(re.findall(r"`([a-z_]+(?:\.\w+)*)`", TEXT)) - {"ocr_core", "index.html", "raw_text", "otsu"}
)


@pytest.mark.parametrize("name", MODULES)
def test_what_the_page_names_exists(name):
    assert exists(name) or name == "cv2.minAreaRect"


def test_names_that_do_not_exist_are_told():
    assert exists("ctc.decode_best_path")
    assert not exists("ctc.decode_worst_path")
    assert not exists("nothing.at_all")
    assert len(MODULES) > 30


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(ocr_core/[\w/.]+)`", TEXT))))
def test_files_that_the_page_names_are_there(path):
    assert (ROOT / path).exists()


def test_links_lead_somewhere():
    heads = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
    links = re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", TEXT)
    assert len(links) > 10
    for link in links:
        if link.startswith("#"):
            assert link[1:] in anchors
        else:
            assert (PAGE.parent / link).exists()


@pytest.fixture
def stand_ins(monkeypatch, handle):
    """Stand-in models in place of weights."""
    monkeypatch.setattr(ocr_core, "load", lambda **_: handle.make_engine())


def test_a_page_that_cannot_be_drawn_is_told(tmp_path, capsys, stand_ins):
    (tmp_path / "a.pdf").write_text("%PDF-1.7 and no more")
    assert run_command(tmp_path / "a.pdf", "--to", tmp_path / "how") == 3
    assert "a.pdf: corrupt-source" in capsys.readouterr().err


def test_a_page_without_text_is_told(tmp_path, capsys, stand_ins):
    path = documents.write_png(tmp_path / "a.png", "")
    assert run_command(path, "--to", tmp_path / "how") == 3
    assert "no text was found" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "message"), [(("--page", 0), "counts from 1"), (("--text", "ebb"), "no line")]
)
def test_what_is_not_there_is_refused(tmp_path, stand_ins, flags, message):
    path = documents.write_png(tmp_path / "a.png", "ab cd")
    with pytest.raises(ConfigError, match=message):
        run_command(path, "--to", tmp_path / "how", *flags)
