"""The flags of an ingest."""

import argparse
from datetime import datetime
from pathlib import Path

import pytest

from ocr_core.errors import ConfigError
from pipelines import inbox_options


def options_of(*arguments):
    parser = argparse.ArgumentParser()
    inbox_options.add_ingest_arguments(parser)
    return inbox_options.ingest_options_from(parser.parse_args([str(one) for one in arguments]))


def test_defaults(tmp_path):
    options = options_of(tmp_path, "--output", tmp_path / "out")
    options.check()
    assert (options.folders, options.output) == ([str(tmp_path)], f"{tmp_path}/out")
    assert (options.settle_s, options.limit, options.max_attempts) == (60.0, 0, 3)
    assert options.run.report == "progress"
    assert options.leave_out == {tmp_path / "out"}
    assert options.written_folders == [f"{tmp_path}/out"]


def test_names_hold_wherever_the_ingest_is_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = options_of("in/../in", "-o", "out", "--move-done", "done", "--move-failed", "failed")
    assert (options.folders, options.output) == ([f"{tmp_path}/in"], f"{tmp_path}/out")
    assert options.leave_out == {tmp_path / name for name in ("out", "done", "failed")}
    options = options_of("in", "-o", "out", "--report", "reports/r.json")
    assert options.written_folders == [f"{tmp_path}/out", f"{tmp_path}/reports"]


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--settle", "-1"], "--settle must be at least 0, not -1"),
        (["--limit", "-1"], "--limit must be at least 0, not -1"),
        (["--max-attempts", "0"], "--max-attempts must be at least 1, not 0"),
        (["--since", "yesterday"], "--since takes .*, not yesterday"),
        (["--dpi", "7"], "7"),
    ],
)
def test_what_cannot_be_followed_is_told(tmp_path, flags, message):
    with pytest.raises(ConfigError, match=message):
        options_of(tmp_path, "--output", tmp_path / "out", *flags).check()


def test_an_inbox_is_a_folder(tmp_path):
    (tmp_path / "a.pdf").touch()
    for name in ("a.pdf", "none"):
        with pytest.raises(ConfigError, match="no such folder"):
            options_of(tmp_path / name, "--output", tmp_path / "out").check()


def test_files_of_a_bucket_are_not_moved(tmp_path):
    with pytest.raises(ConfigError, match="cannot be moved"):
        options_of("gs://b/in", "--output", tmp_path, "--move-done", Path("done")).check()


def test_files_are_not_moved_into_the_inbox_itself_by_whatever_name(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "in")
    for name in ("in", "link"):
        flags = ("--output", tmp_path / "out", "--move-failed", tmp_path / name)
        with pytest.raises(ConfigError, match="which is the inbox itself"):
            options_of(tmp_path / "in", *flags).check()
    options_of(tmp_path / "in", "-o", tmp_path / "out", "--move-done", tmp_path / "in/done").check()


def test_what_is_for_clusters_is_no_flag_of_an_ingest(tmp_path, capsys):
    with pytest.raises(SystemExit):
        options_of(tmp_path, "--output", tmp_path / "out", "--accelerator", "type:t4")
    assert "unrecognized arguments: --accelerator" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0.0),
        ("90s", 999_910.0),
        ("1.5h", 994_600.0),
        ("2d", 827_200.0),
        ("1970-01-10T00:00:00+00:00", 777_600.0),
    ],
)
def test_a_time_is_a_date_or_so_long_ago(text, expected):
    assert inbox_options.since_s(text, now_s=1_000_000.0) == expected


def test_a_date_without_a_zone_is_of_this_machine():
    expected = datetime(2025, 1, 31).astimezone().timestamp()
    assert inbox_options.since_s("2025-01-31", 0.0) == expected
