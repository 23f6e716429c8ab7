"""Committed runs as files for people and archives."""

import argparse
import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pymupdf
import pytest

from ocr_core.errors import ConfigError
from ocr_core.exporters import EXPORTERS
from ocr_core.exporters.formats import Format
from pipelines import export, export_files, launch
from tests import documents


def run_command(*arguments):
    parser = argparse.ArgumentParser()
    export.add_arguments(parser)
    return export.main(parser.parse_args([*map(str, arguments), "--workers", "1"]))


def files_in(folder):
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_every_document_becomes_a_file_in_its_sub_folder(output, tmp_path, capsys):
    assert run_command(output, "--to", tmp_path) == 0
    assert files_in(tmp_path) == {
        "note.txt": "ab cd\n",
        "z copy.txt": "ab cd\n",
        "forms/Form.txt": "a\n\f\fbb\n",
        "forms/a[1].txt": "abc de\n\f\fe d\n",
    }
    assert capsys.readouterr().out == f"wrote 4 files to {tmp_path}\n"


def test_many_formats_are_written_in_one_call(output, tmp_path):
    pure = [name for name, one in EXPORTERS.items() if not one.reads_source]
    assert run_command(output, "--format", ",".join(pure), "--to", tmp_path) == 0
    names = set(files_in(tmp_path))
    assert {
        f"note.{suffix}" for suffix in ("txt", "md", "hocr", "alto.xml", "jsonl", "tsv")
    } <= names
    assert {f"forms/a[1]-000{number}.page.xml" for number in (1, 2, 3)} <= names


def test_documents_are_chosen_by_name_and_pages_by_number(output, tmp_path, capsys):
    assert run_command(output, "--documents", "forms/*", "--pages", "3", "--to", tmp_path) == 0
    assert files_in(tmp_path) == {"forms/Form.txt": "bb\n", "forms/a[1].txt": "e d\n"}
    assert run_command(output, "--documents", "note.png", "z*", "--to", tmp_path / "2") == 0
    assert set(files_in(tmp_path / "2")) == {"note.txt", "z copy.txt"}


def test_documents_that_cannot_be_exported_are_told_and_the_others_written(
    output, tmp_path, capsys, monkeypatch
):
    def give_up(document):
        return {}[document.source.uri.rpartition("/")[2]]

    monkeypatch.setitem(export_files.EXPORTERS, "odd", Format("odd", give_up))
    assert run_command(output, "--format", "odd,txt", "--documents", "note*", "--to", tmp_path) == 3
    told = capsys.readouterr()
    assert told.out == f"wrote 1 files to {tmp_path}; 1 failed\n"
    [line] = [line for line in told.err.splitlines() if "note.png" in line]
    assert line.startswith("beam-ocr: ")
    assert line.endswith("note.png: odd: internal-error: KeyError: 'note.png'")


def test_json_tells_of_failures_and_of_the_end(output, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(export_files.EXPORTERS, "odd", Format("odd", lambda document: {}["bug"]))
    assert run_command(output, "--log-json", "--format", "odd", "--to", tmp_path) == 3
    told = capsys.readouterr()
    events = [json.loads(line) for line in told.err.splitlines()]
    assert [event["event"] for event in events if event["event"] != "progress"] == [
        *["failed"] * 4,
        "done",
    ]
    assert {key: events[-1][key] for key in ("exit_code", "files", "failed", "unread")} == {
        "exit_code": 3,
        "files": 0,
        "failed": 4,
        "unread": 0,
    }
    assert told.out == ""


def test_quiet_says_nothing(output, tmp_path, capsys):
    assert run_command(output, "--quiet", "--to", tmp_path) == 0
    assert capsys.readouterr() == ("", "")


def test_an_output_without_runs_is_a_mistake(tmp_path):
    with pytest.raises(ConfigError, match="holds no committed run"):
        run_command(tmp_path, "--to", tmp_path / "text")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "hocrr"], r"no such format: hocrr; did you mean hocr\? \(there are txt, "),
        (["--format", ","], "names no format"),
        (["--documents", "*.djvu"], r"no document matches \*\.djvu"),
        (["--pages", "0"], "page numbers look like"),
        (["--workers", "0"], "--workers must be at least 1"),
    ],
)
def test_mistakes_are_told_before_anything_is_written(output, tmp_path, arguments, message):
    parser = argparse.ArgumentParser()
    export.add_arguments(parser)
    args = parser.parse_args([str(output), "--to", str(tmp_path / "to"), *arguments])
    with pytest.raises(ConfigError, match=message):
        export.main(args)
    assert not (tmp_path / "to").exists()


def test_no_source_is_written_over(output, inbox, tmp_path, monkeypatch):
    monkeypatch.setitem(export_files.EXPORTERS, "same", Format("png", lambda document: b""))
    link = tmp_path / "link"
    link.symlink_to(inbox)
    before = (inbox / "note.png").read_bytes()
    with pytest.raises(ConfigError, match=r"note\.png is a source"):
        run_command(output, "--format", "same", "--to", link)
    assert (inbox / "note.png").read_bytes() == before


def test_few_documents_are_not_worth_many_processes(monkeypatch):
    monkeypatch.setattr(export.os, "cpu_count", lambda: 4)
    assert [export._suit(number) for number in (1, 8, 9, 24, 10_000)] == [1, 1, 2, 3, 4]


def test_an_output_without_documents_is_exported_to_nothing(tmp_path, monkeypatch, output):
    monkeypatch.setattr(export.runs, "list_sources", lambda output: [])
    assert run_command(output, "--to", tmp_path) == 0
    assert files_in(tmp_path) == {}


def test_the_command_ends_well_with_several_processes(output, tmp_path):
    command = [sys.executable, "-m", "pipelines.cli", "export", str(output)]
    command += ["--format", "hocr", "--to", str(tmp_path), "--workers", "2"]
    done = subprocess.run(
        command,
        check=False,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert (done.returncode, done.stdout) == (0, f"wrote 4 files to {tmp_path}\n")


@pytest.fixture
def locked(tmp_path, options, handle):
    """The output of a run over a PDF that needs a password, beside one that does not."""
    documents.write_pdf(tmp_path / "in" / "locked.pdf", ["ab"], password="secret")
    documents.write_pdf(tmp_path / "in" / "open.pdf", ["cd"])
    run_options = options(tmp_path / "out", tmp_path / "in")
    read = dataclasses.replace(run_options.read, passwords=("secret",))
    launch.launch(dataclasses.replace(run_options, read=read), handle)
    return tmp_path / "out"


def test_an_encrypted_source_needs_its_password_again(locked, tmp_path, capsys):
    to = tmp_path / "to"
    assert run_command(locked, "--format", "pdf", "--to", to) == 3
    told = capsys.readouterr()
    [line] = [line for line in told.err.splitlines() if line.startswith("beam-ocr: ")]
    assert "locked.pdf: pdf: encrypted-source: the PDF is encrypted and needs a password" in line
    assert sorted(path.name for path in to.iterdir()) == ["open.pdf"]
    words = tmp_path / "words"
    words.write_text("no\nsecret\n")
    flags = (["--password", "no", "--password", "secret"], ["--password-file", words])
    for number, given in enumerate(flags):
        to = tmp_path / str(number)
        assert run_command(locked, "--format", "pdf", "--to", to, "--log-json", *given) == 0
        with pymupdf.open(to / "locked.pdf") as exported:
            assert exported.authenticate("secret")
            assert exported[0].get_text().split() == ["ab"]
        assert "secret" not in "".join(capsys.readouterr())
    assert run_command(locked, "--format", "pdf", "--to", tmp_path / "3", "--password", "no") == 3
    assert "none of the passwords given opens it" in capsys.readouterr().err


def test_pdf_a_is_made_of_scans_and_refused_for_what_is_encrypted(locked, tmp_path, capsys):
    flags = ("--format", "pdfa", "--to", tmp_path / "to", "--password", "secret")
    assert run_command(locked, *flags) == 3
    assert [path.name for path in (tmp_path / "to").iterdir()] == ["open.pdfa.pdf"]
    assert (
        "locked.pdf: pdfa: not-archivable: PDF/A must not be encrypted" in capsys.readouterr().err
    )
