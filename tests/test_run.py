"""A few documents through the command line, with the weights that come with the package."""

import html
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from ocr_core import weights
from tests import documents

SAMPLES = Path(__file__).parents[1] / "samples"


def beam_ocr(*arguments):
    command = [sys.executable, "-m", "pipelines.cli", *(str(argument) for argument in arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory):
    """One of the samples beside what cannot be read."""
    folder = tmp_path_factory.mktemp("inbox")
    letter = SAMPLES / "letter-scanned.pdf"
    (folder / "mail").mkdir()
    (folder / "mail" / letter.name).write_bytes(letter.read_bytes())
    (folder / "copy.pdf").write_bytes(letter.read_bytes())
    (folder / "notes.pdf").write_text("This is no PDF.")
    documents.write_pdf(folder / "locked.pdf", ["a"], password="secret")
    return folder


@pytest.fixture(scope="module")
def run(inbox, tmp_path_factory):
    """The output of a run over the inbox, and what it said."""
    if not all(path.exists() for path in weights.find()):
        pytest.skip("no weights have been trained yet")
    output = tmp_path_factory.mktemp("run") / "out"
    return output, beam_ocr("run", inbox, "--output", output, "--workers", 2)


def test_a_run_reads_what_can_be_read_and_says_what_cannot(run):
    _, told = run
    assert told.returncode == 3, told.stderr
    assert "documents   1 duplicate, 2 failed, 1 read" in told.stdout
    assert "failures    encrypted-source 1, unsupported-format 1" in told.stdout
    assert "Traceback" not in told.stderr
    assert "WARNING" not in told.stderr


def test_the_text_is_right_for_the_most_part(run):
    output, _ = run
    [(text, confidence)] = duckdb.sql(
        f"select text, confidence from read_parquet('{output}/pages/*/*.parquet')"
    ).fetchall()
    page = (Path(__file__).parent / "data" / "samples" / "letter.html").read_text(encoding="utf-8")
    wanted = set(html.unescape(re.sub("<style>.*</style>|<[^>]+>", " ", page)).split())
    assert len(wanted & set(text.split())) / len(wanted) > 0.8
    assert confidence > 0.5


def test_what_was_read_can_be_exported(run, tmp_path):
    output, _ = run
    told = beam_ocr("export", output, "--format", "txt", "--to", tmp_path)
    assert told.returncode == 0, told.stderr
    files = {str(path.relative_to(tmp_path)): path for path in tmp_path.rglob("*.txt")}
    assert sorted(files) == ["copy.txt", "mail/letter-scanned.txt"]
    assert files["copy.txt"].read_text() == files["mail/letter-scanned.txt"].read_text() != ""


def test_one_page_can_be_looked_at(run, inbox, tmp_path):
    boxes = tmp_path / "boxes.png"
    told = beam_ocr("page", inbox / "copy.pdf", "--boxes", boxes)
    assert told.returncode == 0, told.stderr
    assert len(told.stdout.split()) > 20
    assert boxes.stat().st_size > 1000


def test_there_is_nothing_to_clean_up_after_a_run(run):
    output, _ = run
    told = beam_ocr("gc", output, "--older-than", 0)
    assert (told.returncode, told.stdout) == (0, "nothing to remove\n")
