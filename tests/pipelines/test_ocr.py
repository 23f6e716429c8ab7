"""The shape of the pipeline, and how a document is closed."""

from dataclasses import replace
from datetime import UTC, datetime

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipelines import ledger, tallies
from pipelines.counting import PageListener
from pipelines.ingest import Opened
from pipelines.launch import make_plan, make_reading
from pipelines.ocr import ReadDocuments, close_document
from schemas import Failure, Line, Page, PageRef, Quad, Source

PIXELS = ("PreparePages", "BatchPages", "DetectText", "RecogniseLines")
SOURCE = Source("d" * 64, "/in/a.pdf", 10, "application/pdf", 2)
OPENED = Opened(SOURCE, "f" * 64, datetime(2025, 1, 1, tzinfo=UTC), seconds=0.5)


def stages_of(options, handle, **changes):
    """The names of the transforms in each stage after fusion, as the local runner makes it."""
    options = options("out", "in", **changes)
    reading = make_reading(options, handle, PageListener())
    pipeline = beam.Pipeline(runner="FnApiRunner")
    _ = (
        pipeline
        | beam.Create([OPENED])
        | "ReadDocuments" >> ReadDocuments(make_plan(options, "f"), reading)
    )
    _, stages = FnApiRunner().create_stages(pipeline.to_runner_api())
    return [{transform.unique_name for transform in stage.transforms} for stage in stages]


def stage_with(stages, name):
    [found] = [stage for stage in stages if any(f"/{name}" in transform for transform in stage)]
    return found


@pytest.mark.parametrize("accelerator", ["", "type:nvidia-l4;count:1;install-nvidia-driver"])
def test_no_pixels_cross_a_shuffle(options, handle, accelerator):
    stages = stages_of(options, handle, accelerator=accelerator)
    fused = stage_with(stages, "ReadPages/RenderPages")
    for name in PIXELS:
        assert stage_with(stages, f"ReadPages/{name}") is fused
    # What leaves the stage leaves from the last of them, as text.
    assert stage_with(stages, "ReadPages/CountPages") is fused


def test_rows_are_written_as_they_come(options, handle):
    stages = stages_of(options, handle)
    fused = stage_with(stages, "ReadPages/RenderPages")
    for table in ("pages", "lines"):
        name = f"Write_{table}/WriteParquet"
        assert stage_with(stages, name) is fused


def test_only_the_reading_asks_for_a_gpu(options, handle):
    accelerator = "type:nvidia-l4;count:1"
    options = options("out", "in", accelerator=accelerator)
    pipeline = beam.Pipeline(runner="FnApiRunner")
    reading = make_reading(options, handle, PageListener())
    _ = pipeline | beam.Create([OPENED]) | ReadDocuments(make_plan(options, "f"), reading)
    components = pipeline.to_runner_api().components
    hinted = [key for key, value in components.environments.items() if value.resource_hints]
    names = {
        transform.unique_name.split("/")[1]
        for transform in components.transforms.values()
        if transform.environment_id in hinted
    }
    assert names == {"ReadPages"}
    [environment] = [components.environments[key] for key in hinted]
    assert list(environment.resource_hints.values()) == [accelerator.encode()]


def page(index):
    line = Line("abc", "abc", 0.5, Quad(0, 0, 1, 0, 1, 1, 0, 1), words=())
    ref = PageRef(SOURCE.doc_id, SOURCE.uri, index)
    return Page(ref, 9, 9, 100, lines=(line,), seconds={"detect": 2.0})


def failure(index):
    return Failure(SOURCE.doc_id, SOURCE.uri, index, "detect", "out-of-memory", "too large")


@pytest.mark.parametrize(
    ("pages", "status", "code", "message"),
    [
        ([page(0), page(1)], "read", None, None),
        ([failure(1), page(0)], "partly", "out-of-memory", "page 2: detect: too large"),
        ([failure(1), failure(0)], "failed", "out-of-memory", "page 1: detect: too large"),
        ([], "read", None, None),  # none of its pages was asked for
    ],
)
def test_a_document_is_closed_by_its_pages(pages, status, code, message):
    tally = tallies.add_tallies(tallies.tally_page(result) for result in pages)
    record = close_document(OPENED, tally)
    assert (record.status, record.error_code, record.error_message) == (status, code, message)
    assert record.seconds == 0.5 + 2.0 * sum(isinstance(result, Page) for result in pages)


def test_a_document_that_was_never_read_is_closed_as_it_was():
    record = replace(OPENED.close(), status="duplicate")
    assert close_document(record, tallies.add_tallies([])) is record


def test_a_plan_says_how_it_reads(options, tmp_path):
    plan = make_plan(options(tmp_path / "out", tmp_path, workers=2), "f" * 64)
    assert plan.options["workers"] == 2
    assert plan.folders == (str(tmp_path),)
    assert {"python", "apache-beam", "torch"} <= plan.versions.keys()
    assert plan.run_id != ledger.new_run_id()
