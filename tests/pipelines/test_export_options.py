"""The flags of a run that exports."""

import argparse

import pytest

from ocr_core.errors import ConfigError
from pipelines import options as options_module
from pipelines.export_files import ExportOptions
from pipelines.export_options import check_folder, parse_formats


def parse(*arguments):
    parser = argparse.ArgumentParser()
    options_module.add_run_arguments(parser)
    return options_module.run_options_from(parser.parse_args(arguments))


def test_a_run_exports_nothing_unless_it_is_told_to():
    options = parse("in", "--output", "out")
    assert options.export is None
    assert (options.as_json()["export"], options.as_json()["export_to"]) == ([], None)


def test_the_folder_is_in_the_output_unless_it_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = parse("in", "--output", "out", "--export", "pdf, hocr", "--export", "txt,pdf")
    assert options.export == ExportOptions(("pdf", "hocr", "txt"), f"{tmp_path}/out/exports")
    assert options.as_json()["export"] == ["pdf", "hocr", "txt"]
    named = parse("in", "--output", "out", "--export", "txt", "--export-to", "gs://bucket/to")
    assert named.export.folder == named.as_json()["export_to"] == "gs://bucket/to"
    assert parse("in", "-o", "mem://out", "--export", "txt").export.folder == "mem://out/exports"


def test_passwords_of_the_run_are_those_of_its_exports_and_never_shown():
    options = parse("in", "-o", "out", "--export", "pdf", "--password", "secret")
    assert options.export.passwords == options.read.passwords == ("secret",)
    assert "secret" not in repr(options) + str(options.as_json())


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--export", "hocrr"], r"no such format: hocrr; did you mean hocr\?"),
        (["--export", ","], "--export names no format"),
        (["--export-to", "there"], "--export-to needs --export"),
    ],
)
def test_mistakes_are_told_before_anything_starts(flags, message):
    with pytest.raises(ConfigError, match=message):
        parse("in", "--output", "out", *flags)


def test_formats_are_taken_once_each():
    assert parse_formats(["txt,hocr", " txt "]) == ("txt", "hocr")


def test_exports_are_no_sources_of_the_next_run(tmp_path):
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "in" / "a.pdf").touch()
    inside = str(tmp_path / "in" / "sub" / "exports")
    wanted = ExportOptions(("txt", "pdf"), inside)
    with pytest.raises(ConfigError, match="would be sources of the next run"):
        check_folder(wanted, [str(tmp_path / "in")])
    for allowed, inputs in (
        (ExportOptions(("txt", "hocr"), inside), ["in"]),  # which no run reads
        (ExportOptions(("pdf",), str(tmp_path / "out")), ["in"]),
        (ExportOptions(("pdf",), "gs://bucket/in/to"), ["in"]),
        (wanted, ["in/a.pdf"]),
    ):
        check_folder(allowed, [str(tmp_path / name) for name in inputs])
