"""A call tells of its start and of its end, whatever that is."""

import json
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ocr_core.errors import ConfigError, OcrError
from pipelines import launch
from pipelines.invocation import Invocation
from pipelines.summary import Summary
from pipelines.tallies import Counts
from tests import documents

NOTHING = Summary(Counts(), 0.0, "/out", (), ())


@pytest.fixture
def watched(tmp_path, options):
    """Options of a run that writes both files and tells JSON."""
    documents.write_png(tmp_path / "in" / "1.png", "ab")
    return options(
        tmp_path / "out",
        tmp_path / "in",
        report="json",
        metrics_file=str(tmp_path / "metrics" / "last.json"),
        prometheus_file=str(tmp_path / "metrics" / "beam-ocr.prom"),
    )


def metrics(options):
    return json.loads(Path(options.metrics_file).read_text(encoding="utf-8"))


def exit_code_of(options):
    text = Path(options.prometheus_file).read_text(encoding="utf-8")
    [value] = [
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "beam_ocr_exit_code"
    ]
    return value


def events(capsys):
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    return {line["event"]: line for line in lines}


def test_start_and_end_are_told_and_written(watched, handle, capsys):
    with Invocation("run", watched) as invocation:
        result = launch.launch(watched, handle)
        invocation.end(result, 0)
    told = events(capsys)
    assert told["start"]["options"]["inputs"] == list(watched.inputs)
    assert (told["start"]["command"], told["start"]["output"]) == ("run", watched.output)
    assert told["done"]["counts"]["pages"] == {"read": 1}
    assert told["done"]["exit_code"] == exit_code_of(watched) == 0
    found = metrics(watched)
    assert found["run_ids"] == list(result.run_ids)
    assert found["pages"] == {"read": 1}
    assert found["peak_memory_bytes"] > 1e7
    assert found["total_seconds"] >= found["wall_seconds"] > 0


@pytest.mark.parametrize(
    ("error", "exit_code"), [(OcrError("full"), 1), (ValueError(), 1), (KeyboardInterrupt(), 130)]
)
def test_what_was_committed_is_told_even_if_the_rest_breaks_off(
    watched, options, handle, error, exit_code
):
    elsewhere = options(watched.output, *watched.inputs, batch_pages=2)
    invocation = Invocation("run", watched)
    invocation.__enter__()
    result = launch.launch(watched, handle)
    launch.launch(elsewhere, handle)  # somebody else's, at the same time
    invocation.__exit__(type(error), error, None)
    found = metrics(watched)
    assert (found["exit_code"], found["run_ids"]) == (exit_code, list(result.run_ids))
    assert found["documents"] == {"read": 1}
    assert exit_code_of(watched) == exit_code


def test_mistakes_in_flags_are_told_too(watched):
    with pytest.raises(ConfigError), Invocation("run", watched):
        raise ConfigError("nothing to read")
    assert metrics(watched)["exit_code"] == 2


def test_without_flags_nothing_is_written_or_told(tmp_path, options, capsys):
    with Invocation("ingest", options(tmp_path / "out")) as invocation:
        invocation.end(NOTHING, 0)
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr() == ("", "")


def test_the_log_says_what_the_caller_wants_it_to(watched, capsys):
    with Invocation("ingest", watched) as invocation:
        invocation.end(NOTHING, 3, {"files": {"new": 2}})
    done = events(capsys)["done"]
    assert (done["exit_code"], done["files"]) == (3, {"new": 2})
    assert "counts" not in done


def test_that_there_is_no_place_for_the_files_is_told_before_anything_is_read(watched, tmp_path):
    (tmp_path / "metrics").write_text("a file")
    with pytest.raises(ConfigError, match="cannot reach"), Invocation("run", watched):
        pytest.fail("it was entered")


def test_that_the_files_cannot_be_written_is_an_error_of_ours(watched, tmp_path):
    with Invocation("run", watched) as invocation:
        (tmp_path / "metrics" / "last.json").mkdir()
        with pytest.raises(OcrError, match="is committed, but the metrics"):
            invocation.end(NOTHING, 0)
