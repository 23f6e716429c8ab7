"""A run without Beam."""

import re

import pytest

from ocr_core.errors import ConfigError
from pipelines import direct, inference, ledger, runs
from pipelines.export_files import ExportOptions
from schemas import Failure, Page
from tests import documents


def read_of(output):
    """What the runs of an output hold, without what differs from run to run."""
    return {
        document.source.uri: [
            (page.text, page.lines, page.blocks) if isinstance(page, Page) else page
            for page in document.pages
        ]
        for document in runs.read_documents(str(output))
    }


def test_it_reads_what_a_run_reads(tmp_path, handle, options, inbox, output):
    tally, cpu_s, wall_s = direct.run(options(tmp_path, inbox), handle)
    assert read_of(tmp_path) == read_of(output)
    assert tally.counts.pages == {"empty": 1, "failed": 1, "read": 5}
    assert cpu_s > 0
    assert wall_s > 0


def test_its_counts_are_committed(tmp_path, handle, options, inbox):
    direct.run(options(tmp_path, inbox), handle)
    [run_id] = ledger.list_committed(str(tmp_path))
    counts = ledger.read_run(str(tmp_path), run_id).counts
    assert counts.documents == {"duplicate": 1, "partly": 1, "read": 2}
    assert counts.page_total == 7


def test_a_source_that_cannot_be_opened_has_its_row(tmp_path, handle, options):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").touch()
    tally, _, _ = direct.run(options(tmp_path / "out", tmp_path / "in"), handle)
    assert tally.counts.page_total == 0
    [document] = runs.read_documents(str(tmp_path / "out"))
    assert document.pages == ()
    [run_id] = ledger.list_committed(str(tmp_path / "out"))
    assert ledger.read_run(str(tmp_path / "out"), run_id).counts.failures == {"empty-source": 1}


def test_the_command_tells_what_a_page_took(tmp_path, monkeypatch, handle, capsys):
    monkeypatch.setattr(inference, "handle_for", lambda *_: handle)
    good = documents.write_pdf(tmp_path / "a.pdf", ["abc", "d"])
    flags = ["--output", str(tmp_path / "out"), "--dpi", str(documents.DPI)]
    assert direct.main([str(good), *flags]) == 0
    told = capsys.readouterr().out
    assert re.search(r"out: 2 pages, \d+\.\d\d CPU-seconds and \d+\.\d\d seconds a page\n", told)


def test_pages_that_fail_change_the_exit_code(tmp_path, monkeypatch, handle):
    monkeypatch.setattr(inference, "handle_for", lambda *_: handle)
    bad = documents.write_pdf(tmp_path / "a.pdf", ["abc", "poison"])
    flags = ["--output", str(tmp_path / "out"), "--dpi", str(documents.DPI)]
    assert direct.main([str(bad), *flags]) == 3
    [document] = runs.read_documents(str(tmp_path / "out"))
    assert [isinstance(page, Failure) for page in document.pages] == [False, True]


def test_it_exports_nothing(tmp_path, handle, options):
    wanted = ExportOptions(("txt",), str(tmp_path / "to"))
    with pytest.raises(ConfigError, match="nothing is exported here"):
        direct.run(options(tmp_path / "out", tmp_path, export=wanted), handle)
