"""Runs on Prism, Beam's own small runner, which keeps to its model more strictly than others."""

import pytest

from ocr_core import weights
from tests import documents, engines
from tests.engines import SAMPLES

FAST = ["--quality", "fast"]


@pytest.fixture(scope="module")
def prism():
    """The flags of a run on Prism."""
    program = engines.need("prism")
    return ["--runner=PrismRunner", f"--prism_location={program}"]


def test_prism_reads_what_a_local_run_reads(prism, tmp_path):
    if not all(path.exists() for path in weights.find()):
        pytest.skip("no weights have been trained yet")
    local, output = tmp_path / "local", tmp_path / "prism"
    engines.read(local, str(SAMPLES), *FAST)
    engines.read(output, str(SAMPLES), *FAST, *prism)
    engines.check_same(output, local)


def test_what_cannot_be_read_has_the_same_rows(prism, tmp_path):
    inbox, local, output = (tmp_path / name for name in ("inbox", "local", "prism"))
    documents.write_png(inbox / "note.png", "ab cd")
    documents.write_png(inbox / "z copy.png", "ab cd")
    documents.write_pdf(inbox / "sub" / "a.pdf", ["abc de", "poison", ""])
    (inbox / "notes.pdf").write_text("This is no PDF.")
    arguments = [str(inbox), "--dpi", str(documents.DPI)]
    engines.read(local, *arguments, module="tests.stand_in_run")
    engines.read(output, *arguments, *prism, module="tests.stand_in_run")
    engines.check_same(output, local)
