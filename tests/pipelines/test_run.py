"""The command that reads documents."""

import argparse
import json
import os
import signal
import sys
import time

import pytest

from ocr_core.errors import ConfigError
from pipelines import cli, inference, launch, ledger, run
from tests import documents


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch, handle):
    """Stand-in models in place of weights."""
    monkeypatch.setattr(inference, "handle_for", lambda *_: handle)


def run_command(*arguments):
    parser = argparse.ArgumentParser()
    run.add_arguments(parser)
    arguments = [*arguments, "--dpi", documents.DPI, "--workers", 1]
    return run.main(parser.parse_args([str(argument) for argument in arguments]))


def test_a_run_ends_with_a_table(tmp_path, capsys):
    documents.write_png(tmp_path / "in" / "1.png", "ab")
    output = tmp_path / "out"
    assert run_command(tmp_path / "in", "--output", output) == 0
    told = capsys.readouterr()
    assert "documents   1 read\npages       1 read\nlines       1\n" in told.out
    assert "1/1 documents, 1 pages" in told.err
    assert len(ledger.list_committed(str(output))) == 1


def test_a_document_that_fails_changes_the_exit_code_and_is_named(tmp_path, capsys):
    documents.write_png(tmp_path / "in" / "1.png", "ab")
    (tmp_path / "in" / "2.png").touch()
    assert run_command(tmp_path / "in", "--output", tmp_path / "out", "--quiet") == 3
    assert capsys.readouterr().out == ""
    assert run_command(tmp_path / "in", "--output", tmp_path / "out") == 3
    assert f"failed: {tmp_path}/in/2.png: empty-source" in capsys.readouterr().out


def test_a_json_log_is_json_to_the_end(tmp_path, capsys):
    documents.write_png(tmp_path / "in" / "1.png", "ab")
    assert run_command(tmp_path / "in", "--output", tmp_path / "out", "--log-json") == 0
    told = capsys.readouterr()
    events = [json.loads(line) for line in told.err.splitlines()]
    assert told.out == ""
    assert [event["event"] for event in events][-1] == "done"
    assert events[-1]["counts"]["pages"] == {"read": 1}


def test_pages_that_no_document_has_are_told(tmp_path, capsys):
    documents.write_png(tmp_path / "in" / "1.png", "ab")
    assert run_command(tmp_path / "in", "--output", tmp_path / "out", "--pages", "2-3") == 0
    assert "no document has any of the pages 2-3" in capsys.readouterr().out
    assert run_command(tmp_path / "in", "--output", tmp_path / "out") == 0
    assert "no document has" not in capsys.readouterr().out


def test_an_output_without_a_name_is_a_mistake(tmp_path):
    with pytest.raises(ConfigError, match="output folder is empty"):
        run_command(tmp_path, "--output", "")


def test_sigterm_ends_it_as_ctrl_c_does(tmp_path, monkeypatch):
    def stop(*_):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)

    documents.write_png(tmp_path / "in" / "1.png", "ab")
    monkeypatch.setattr(launch, "launch", stop)
    metrics = tmp_path / "metrics.json"
    with pytest.raises(KeyboardInterrupt):
        run_command(tmp_path / "in", "--output", tmp_path / "out", "--metrics", metrics)
    assert json.loads(metrics.read_text())["exit_code"] == 130


def test_mistakes_in_flags_are_told_before_the_engine_is_loaded(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "pipelines.inference", raising=False)
    with pytest.raises(ConfigError, match="backwards"):
        run_command(tmp_path, "--output", tmp_path / "out", "--pages", "3-1")
    assert "pipelines.inference" not in sys.modules


def test_every_event_of_a_run_is_told_and_what_came_of_it_is_written(tmp_path, capsys):
    documents.write_png(tmp_path / "in" / "1.png", "ab")
    (tmp_path / "in" / "2.png").touch()
    metrics, prometheus = tmp_path / "last.json", tmp_path / "beam-ocr.prom"
    files = ("--metrics", metrics, "--prometheus", prometheus)
    flags = ("--log-json", "--password", "secret", *files)
    assert run_command(tmp_path / "in", "--output", tmp_path / "out", *flags) == 3
    told = capsys.readouterr().err
    events = {event["event"]: event for event in map(json.loads, told.splitlines())}
    assert {"start", "chunk-begun", "failed", "progress", "chunk-committed", "done"} == set(events)
    assert (events["start"]["command"], events["done"]["exit_code"]) == ("run", 3)
    assert events["failed"]["code"] == "empty-source"
    [run_id] = ledger.list_committed(str(tmp_path / "out"))
    assert events["chunk-begun"]["run_id"] == events["chunk-committed"]["run_id"] == run_id
    values = json.loads(metrics.read_text(encoding="utf-8"))
    assert values["documents"] == {"failed": 1, "read": 1}
    assert (values["run_ids"], values["exit_code"]) == ([run_id], 3)
    assert 'beam_ocr_exit_code{command="run"' in prometheus.read_text(encoding="utf-8")
    assert "secret" not in told + metrics.read_text(encoding="utf-8")


def test_a_run_that_breaks_off_leaves_its_metrics(tmp_path):
    metrics = tmp_path / "last.json"
    (tmp_path / "in").mkdir()
    with pytest.raises(ConfigError, match="nothing to read"):
        run_command(tmp_path / "in", "--output", tmp_path / "out", "--metrics", metrics)
    assert json.loads(metrics.read_text(encoding="utf-8"))["exit_code"] == 2


DATAFLOW = (
    "--runner=DataflowRunner",
    "--project=some-project",
    "--region=europe-west4",
    "--temp_location=gs://some-bucket/temp",
    "--sdk_container_image=some-registry/beam-ocr:0.1.0",
    "--machine_type=n2-standard-4",
)
DRY_RUN = ["run", "gs://some-bucket/in/**", "--output", "gs://some-bucket/out", "--dry-run"]


def test_a_dry_run_prints_the_job_and_starts_nothing(monkeypatch, capsys):
    pytest.importorskip("google.cloud.dataflow", reason="needs beam-ocr[gcp]")
    # Would be asked if anything were.
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://192.0.2.1")
    assert cli.main([*DRY_RUN, *DATAFLOW]) == 0
    described = json.loads(capsys.readouterr().out)
    assert described.keys() == {"job", "stages", "staged"}
    [pool] = described["job"]["environment"]["workerPools"]
    assert pool["machineType"] == "n2-standard-4"


@pytest.mark.parametrize(
    "flags", [[], ["--runner=PrismRunner"], ["--runner=FlinkRunner", "--job_endpoint=localhost:1"]]
)
def test_other_runners_have_no_dry_run(flags, capsys):
    assert cli.main([*DRY_RUN, *flags]) == 2
    told = capsys.readouterr()
    assert (told.out, "--dry-run needs --runner=DataflowRunner" in told.err) == ("", True)
