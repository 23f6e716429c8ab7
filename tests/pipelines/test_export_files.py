import dataclasses
from pathlib import Path

import pytest

from ocr_core.errors import ConfigError, MissingSourceError, OcrError
from ocr_core.exporters import EXPORTERS
from ocr_core.exporters.formats import Format
from ocr_core.sources import parse_page_numbers
from pipelines import export_files, storage
from pipelines.export_files import ExportOptions, export_document, select_pages
from schemas import Document, Failure, Page
from tests import exported_document


def files_in(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def formats(monkeypatch):
    """The formats that there are, to which a test may add."""
    known = dict(EXPORTERS)
    monkeypatch.setattr(export_files, "EXPORTERS", known)
    return known


def test_each_format_writes_its_files(tmp_path):
    options = ExportOptions(("txt", "page-xml", "csv"), str(tmp_path))
    result = export_document(exported_document.whole_document(), "in/a", options)
    assert files_in(tmp_path) == [
        "in/a-0001-table-1.csv",
        "in/a-0001.page.xml",
        "in/a-0002.page.xml",
        "in/a-0003.page.xml",
        "in/a.txt",
    ]
    assert (result.was_read, result.n_pages, result.n_files, result.failures) == (True, 3, 5, {})


def test_a_format_that_fails_takes_no_other_with_it(tmp_path, formats):
    def fail(document):
        raise MissingSourceError("it is gone")

    def stumble(document):
        return {}["bug"]

    formats |= {"gone": Format("gone", fail), "bug": Format("bug", stumble)}
    options = ExportOptions(("gone", "bug", "txt"), str(tmp_path))
    result = export_document(exported_document.whole_document(), "a", options)
    assert files_in(tmp_path) == ["a.txt"]
    assert result.failures == {
        "gone": ("missing-source", "it is gone"),
        "bug": ("internal-error", "KeyError: 'bug'"),
    }


def test_names_may_be_as_long_as_the_file_system_has_them(tmp_path):
    options = ExportOptions(("txt",), str(tmp_path))
    result = export_document(exported_document.whole_document(), "n" * 251, options)
    assert files_in(tmp_path) == ["n" * 251 + ".txt"]
    assert not result.failures


def test_a_name_that_no_file_can_have_fails_its_format_only(tmp_path):
    (tmp_path / "a.txt").mkdir()
    (tmp_path / "file").write_text("no folder")
    document = exported_document.whole_document()
    options = ExportOptions(("txt", "jsonl"), str(tmp_path))
    reasons = {
        name: export_document(document, name, options).failures["txt"]
        for name in ("a", "n" * 252, "file/a")
    }
    assert {code for code, _ in reasons.values()} == {"unusable-name"}
    assert reasons["a"][1] == f"{tmp_path}/a.txt: Is a directory"
    assert reasons["n" * 252][1].endswith("File name too long")
    assert files_in(tmp_path) == ["a.jsonl", "file"]


def test_mistakes_in_flags_are_no_failures_of_a_document(tmp_path, formats):
    def refuse(document):
        raise ConfigError("no such thing")

    formats["never"] = Format("never", refuse)
    with pytest.raises(ConfigError, match="no such thing"):
        export_document(
            exported_document.whole_document(), "a", ExportOptions(("never",), str(tmp_path))
        )


def test_a_folder_that_cannot_be_written_to_ends_it(tmp_path, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage, "write_whole", full)
    options = ExportOptions(("txt",), str(tmp_path))
    with pytest.raises(OcrError, match=r"cannot write to .*: No space left on device"):
        export_document(exported_document.whole_document(), "a", options)


def test_only_pages_that_are_wanted_are_written(tmp_path):
    options = ExportOptions(("page-xml",), str(tmp_path), parse_page_numbers("2-9"))
    result = export_document(exported_document.whole_document(), "a", options)
    assert files_in(tmp_path) == ["a-0002.page.xml", "a-0003.page.xml"]
    assert result.n_pages == 2


def test_a_document_without_wanted_pages_has_no_files(tmp_path):
    options = ExportOptions(("txt",), str(tmp_path), parse_page_numbers("7"))
    result = export_document(exported_document.whole_document(), "a", options)
    assert (result.was_read, result.n_pages, result.n_files) == (True, 0, 0)
    assert files_in(tmp_path) == []


def test_a_document_that_could_not_be_opened_has_no_files(tmp_path):
    empty = Document(exported_document.SOURCE, ())
    result = export_document(empty, "a", ExportOptions(("txt", "alto"), str(tmp_path)))
    assert (result.was_read, result.n_files) == (False, 0)
    assert files_in(tmp_path) == []


def test_pages_are_selected_by_their_numbers_and_not_by_their_places():
    document = exported_document.whole_document()
    later = dataclasses.replace(document, pages=document.pages[1:])
    chosen = select_pages(later, parse_page_numbers("1,3"))
    assert [type(page) for page in chosen.pages] == [Page]
    assert [type(p) for p in select_pages(later, parse_page_numbers("2")).pages] == [Failure]


def test_a_format_that_reads_sources_gets_them_as_local_files(tmp_path, bucket, formats):
    bucket["mem://in/a.pdf"] = b"the source"

    def read_again(document, passwords):
        return Path(document.source.uri).read_bytes()

    formats["again"] = Format("again", read_again, reads_source=True)
    document = exported_document.whole_document()
    source = dataclasses.replace(document.source, uri="mem://in/a.pdf")
    options = ExportOptions(("again",), str(tmp_path))
    result = export_document(dataclasses.replace(document, source=source), "a", options)
    assert (tmp_path / "a.again").read_bytes() == b"the source"
    assert result.uri == "mem://in/a.pdf"


def test_a_source_that_is_gone_is_a_failure_of_formats_that_read_it(tmp_path, formats):
    formats["again"] = Format("again", lambda document, passwords: b"", reads_source=True)
    options = ExportOptions(("again", "txt"), str(tmp_path))
    result = export_document(exported_document.whole_document(), "a", options)
    assert result.failures == {"again": ("missing-source", "there is no such file")}
    assert files_in(tmp_path) == ["a.txt"]


def test_files_are_written_to_buckets_too(bucket):
    options = ExportOptions(("txt",), "mem://out")
    export_document(exported_document.whole_document(), "in/a", options)
    assert bucket["mem://out/in/a.txt"].startswith(b"The Harbour 1\n")
