"""Exports in the same run, beside those that are written afterwards."""

import argparse
import json
import os
from dataclasses import replace

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from ocr_core.errors import ConfigError, OcrError
from ocr_core.exporters.formats import Format
from pipelines import (
    cluster,
    export,
    export_files,
    export_process,
    export_report,
    inference,
    launch,
    ledger,
    run,
)
from pipelines.counting import PageListener
from pipelines.export_files import ExportOptions
from pipelines.export_stage import Exporting
from pipelines.ocr import ReadDocuments
from tests import documents

FORMATS = ("pdf", "hocr", "alto", "markdown", "page-xml", "jsonl", "txt", "tsv")


def files_in(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def exported(output, folder, formats=FORMATS, code=0):
    """The files that `beam-ocr export` writes from committed runs."""
    parser = argparse.ArgumentParser()
    export.add_arguments(parser)
    flags = ["--format", ",".join(formats), "--to", str(folder), "--workers", "1", "--quiet"]
    assert export.main(parser.parse_args([str(output), *flags])) == code
    return files_in(folder)


@pytest.fixture
def read(handle, options, tmp_path):
    """`read(inbox, formats, **changes)`: a run that exports; gives its report."""

    def read(inbox, formats=FORMATS, **changes):
        wanted = ExportOptions(tuple(formats), str(tmp_path / "exports"))
        run_options = options(tmp_path / "out", inbox, export=wanted, **changes)
        summary = launch.launch(run_options, handle)
        return export_report.read_reports(str(tmp_path / "out"), summary.run_ids)

    return read


def test_its_files_are_those_that_export_writes_afterwards(read, inbox, tmp_path):
    report = read(inbox, workers=2)
    written = files_in(tmp_path / "exports")
    assert {"note.pdf", "z copy.hocr", "forms/Form.alto.xml", "forms/a[1].md"} <= written.keys()
    assert written == exported(tmp_path / "out", tmp_path / "again")
    assert (report.files, report.failures) == (len(written), ())


def test_names_are_those_of_the_whole_run_whatever_its_chunks(read, tmp_path, monkeypatch):
    monkeypatch.setattr(launch, "CHUNK_DOCUMENTS", 1)
    inbox = tmp_path / "in"
    for folder, text in (("one", "a"), ("two", "b")):
        documents.write_png(inbox / folder / "same.png", text)
    documents.write_tiff(inbox / "one" / "same.tif", ["c"])
    documents.write_png(inbox / "two" / "copy.png", "a")  # read in an earlier chunk
    read(inbox, ["txt", "pdf"])
    assert len(ledger.list_committed(str(tmp_path / "out"))) == 4
    written = files_in(tmp_path / "exports")
    assert {name: text for name, text in written.items() if name.endswith(".txt")} == {
        "one/same.png.txt": b"a\n",
        "one/same.tif.txt": b"c\n",
        "two/same.txt": b"b\n",
        "two/copy.txt": b"a\n",
    }
    assert written == exported(tmp_path / "out", tmp_path / "again", ["txt", "pdf"])


def test_what_earlier_runs_have_read_is_not_written_over(read, tmp_path):
    documents.write_png(tmp_path / "monday" / "a.png", "a")
    documents.write_png(tmp_path / "tuesday" / "a.png", "b")
    read(tmp_path / "monday", ["txt"])
    read(tmp_path / "tuesday", ["txt"])
    assert files_in(tmp_path / "exports") == {"a.txt": b"a\n", "tuesday/a.txt": b"b\n"}


def test_what_was_read_once_and_fails_now_is_exported_as_it_was_read(read, tmp_path, monkeypatch):
    documents.write_png(tmp_path / "in" / "a.png", "ab")
    read(tmp_path / "in", ["txt"])
    before = files_in(tmp_path / "exports")

    def fail(*_):
        raise MemoryError("no more")

    monkeypatch.setattr(inference.steps, "prepare_page", fail)
    read(tmp_path / "in", ["txt"])
    assert files_in(tmp_path / "exports") == before == {"a.txt": b"ab\n"}
    assert exported(tmp_path / "out", tmp_path / "again", ["txt"]) == before


def test_what_cannot_be_opened_is_not_exported_and_no_failure_of_exports(read, tmp_path):
    documents.write_pdf(tmp_path / "in" / "good.pdf", ["ab"])
    documents.write_pdf(tmp_path / "in" / "locked.pdf", ["ab"], password="secret")
    (tmp_path / "in" / "empty.png").touch()
    report = read(tmp_path / "in", ["txt"])
    assert files_in(tmp_path / "exports") == {"good.txt": b"ab\n"}
    assert report.failures == ()


def test_encrypted_sources_are_opened_with_the_passwords_of_the_run(handle, options, tmp_path):
    documents.write_pdf(tmp_path / "in" / "locked.pdf", ["ab"], password="secret")
    base = options(tmp_path / "out", tmp_path / "in")
    wanted = ExportOptions(("pdf", "txt"), str(tmp_path / "exports"), passwords=("no", "secret"))
    read_options = replace(base.read, passwords=("no", "secret"))
    summary = launch.launch(replace(base, read=read_options, export=wanted), handle)
    report = export_report.read_reports(base.output, summary.run_ids)
    assert (report.files, report.failures) == (2, ())
    told = b"".join(files_in(tmp_path / "out").values())
    assert b"secret" not in told


def test_an_export_that_fails_is_told_and_takes_nothing_with_it(read, tmp_path, monkeypatch):
    documents.write_png(tmp_path / "in" / "a.png", "ab")
    documents.write_png(tmp_path / "in" / "b.png", "cd")

    def give_up(document):
        if document.source.uri.endswith("a.png"):
            raise ValueError("too odd")
        return b"fine"

    monkeypatch.setitem(export_files.EXPORTERS, "odd", Format("odd", give_up))
    report = read(tmp_path / "in", ["odd", "txt"])
    assert files_in(tmp_path / "exports") == {"a.txt": b"ab\n", "b.txt": b"cd\n", "b.odd": b"fine"}
    assert [str(one) for one in report.failures] == [
        f"{tmp_path}/in/a.png: odd: internal-error: ValueError: too odd"
    ]
    assert len(ledger.list_committed(str(tmp_path / "out"))) == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [(OcrError("no room"), "unwritable-exports"), (RuntimeError("a bug"), "internal-error")],
)
def test_a_folder_that_cannot_be_written_to_does_not_fail_the_run(
    read, tmp_path, monkeypatch, error, code
):
    def fail(*_):
        raise error

    monkeypatch.setattr("pipelines.export_stage.export_document", fail)
    documents.write_png(tmp_path / "in" / "a.png", "ab")
    report = read(tmp_path / "in", ["txt", "hocr"])
    assert [(one.format_name, one.code) for one in report.failures] == [
        ("hocr", code),
        ("txt", code),
    ]
    assert len(ledger.list_committed(str(tmp_path / "out"))) == 1


def test_an_attempt_after_another_writes_the_same_files(read, handle, options, tmp_path, inbox):
    read(inbox, ["txt", "hocr"])
    before = files_in(tmp_path / "exports")
    (tmp_path / "exports" / "note.txt").write_bytes(b"cut sh")  # as a lost worker never leaves it
    read(inbox, ["txt", "hocr"])
    assert files_in(tmp_path / "exports") == before


def test_no_source_is_written_over(read, inbox, tmp_path, monkeypatch, options, handle):
    monkeypatch.setitem(export_files.EXPORTERS, "same", Format("png", lambda document: b""))
    wanted = ExportOptions(("same",), str(inbox))
    with pytest.raises(ConfigError, match=r"note\.png is a source"):
        launch.launch(options(tmp_path / "out", inbox, export=wanted), handle)
    assert ledger.list_committed(str(tmp_path / "out")) == []


def test_workers_that_find_their_sources_name_them_as_export_does(
    handle, options, tmp_path, inbox, monkeypatch
):
    run_options = options(
        tmp_path / "out",
        inbox,
        beam=("--runner=FnApiRunner",),
        export=ExportOptions(FORMATS, str(tmp_path / "exports")),
    )
    monkeypatch.setattr(cluster, "_check_endpoint", lambda options: None)
    summary = cluster.run(run_options, handle)
    written = files_in(tmp_path / "exports")
    assert written == exported(tmp_path / "out", tmp_path / "again")
    report = export_report.read_reports(str(tmp_path / "out"), summary.run_ids)
    assert (report.files, report.failures) == (len(written), ())


def test_nothing_else_waits_for_exports_and_no_pixels_cross_a_shuffle(options, handle):
    run_options = options("out", "in")
    reading = launch.make_reading(run_options, handle, PageListener())
    reading = replace(reading, exporting=Exporting(ExportOptions(("txt",), "to")))
    pipeline = beam.Pipeline(runner="FnApiRunner")
    plan = launch.make_plan(run_options, "f")
    _ = pipeline | beam.Create([]) | "ReadDocuments" >> ReadDocuments(plan, reading)
    _, stages = FnApiRunner().create_stages(pipeline.to_runner_api())
    names = [{transform.unique_name for transform in stage.transforms} for stage in stages]
    [fused] = [stage for stage in names if any("/RenderPages" in name for name in stage)]
    for name in ("ReadPages/CountPages", "Write_lines/WriteParquet", "KeyPagesByContent"):
        assert any(name in transform for transform in fused)
    [commit] = [stage for stage in names if any("/CommitRun/Commit" in name for name in stage)]
    assert not any("WriteExports" in transform for transform in commit)


@pytest.fixture
def command(monkeypatch, handle):
    monkeypatch.setattr(inference, "handle_for", lambda *_: handle)

    def run_command(*arguments):
        parser = argparse.ArgumentParser()
        run.add_arguments(parser)
        arguments = [*arguments, "--dpi", documents.DPI, "--workers", 1]
        return run.main(parser.parse_args([str(argument) for argument in arguments]))

    return run_command


def test_the_command_exports_to_a_folder_of_the_output(command, tmp_path, capsys):
    documents.write_png(tmp_path / "in" / "a.png", "ab")
    output = tmp_path / "out"
    assert command(tmp_path / "in", "--output", output, "--export", "txt,hocr") == 0
    assert set(files_in(output / "exports")) == {"a.txt", "a.hocr"}
    assert capsys.readouterr().out.endswith(f"wrote 2 files to {output}/exports\n")


def test_failures_of_exports_change_the_exit_code(command, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(export_files.EXPORTERS, "odd", Format("odd", lambda document: {}["bug"]))
    documents.write_png(tmp_path / "in" / "a.png", "ab")
    flags = (tmp_path / "in", "--output", tmp_path / "out", "--export", "odd")
    assert command(*flags, "--export-to", tmp_path / "to") == 3
    told = capsys.readouterr()
    assert told.out.endswith(f"wrote 0 files to {tmp_path}/to; 1 failed\n")
    assert f"beam-ocr: {tmp_path}/in/a.png: odd: internal-error: KeyError: 'bug'\n" in told.err
    assert command(*flags, "--log-json") == 3
    told = capsys.readouterr()
    events = [json.loads(line) for line in told.err.splitlines()]
    assert told.out == ""
    [failed] = [event for event in events if event["event"] == "failed"]
    assert (failed["code"], failed["message"]) == ("internal-error", "odd: KeyError: 'bug'")
    done = events[-1]
    assert (done["event"], done["exit_code"]) == ("done", 3)
    assert (done["export_files"], done["exports_failed"]) == (0, 1)


def test_exports_go_to_buckets_too(command, tmp_path, bucket):
    documents.write_png(tmp_path / "in" / "a.png", "ab")
    assert command(tmp_path / "in", "--output", "mem://out", "--export", "txt,pdf") == 0
    assert bucket["mem://out/exports/a.txt"] == b"ab\n"
    assert bucket["mem://out/exports/a.pdf"].startswith(b"%PDF-")


def test_a_document_that_crashes_what_opens_it_fails_alone(read, tmp_path, monkeypatch):
    for name in "abc":
        documents.write_png(tmp_path / "in" / f"{name}.png", name)
    submit = export_process.ProcessPoolExecutor.submit

    def crash(pool, function, format_name, part, passwords):
        if part.source.uri.endswith("b.png"):
            return submit(pool, os._exit, 1)
        return submit(pool, function, format_name, part, passwords)

    monkeypatch.setattr(export_process.ProcessPoolExecutor, "submit", crash)
    report = read(tmp_path / "in", ["pdf", "txt"], workers=2)
    assert [str(one) for one in report.failures] == [
        f"{tmp_path}/in/b.png: pdf: crashed-renderer: what writes its pages again crashed over it"
    ]
    assert set(files_in(tmp_path / "exports")) == {"a.txt", "b.txt", "c.txt", "a.pdf", "c.pdf"}
