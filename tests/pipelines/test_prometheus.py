"""The file for node_exporter, as Prometheus's own parser reads it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pipelines import prometheus
from pipelines.ending import Ending
from pipelines.summary import Summary
from pipelines.tallies import Counts

COUNTS = Counts(
    documents={"read": 3, "partly": 1},
    pages={"read": 7, "failed": 2},
    failures={"timeout": 2, "a-new-code": 1},
    lines=40,
    characters=10,
    certainty=9.0,
    seconds={"detect": 1.5},
)


@pytest.fixture
def ending(options):
    started_at = datetime(2025, 1, 1, tzinfo=UTC)
    return Ending(
        command="ingest",
        options=options("/out"),
        started_at=started_at,
        ended_at=started_at.replace(minute=1),
        exit_code=3,
        summary=Summary(COUNTS, 30.0, "/out", ("r1", "r2"), ()),
        peak_memory_bytes=1 << 30,
    )


def parse(text):
    """(name, what tells it from the others) -> value."""
    return {
        (sample.name, *sorted(set(sample.labels.values()) - {"ingest", "/out"})): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_came_of_a_call_can_be_scraped(ending):
    found = parse(prometheus.as_text(ending))
    assert found["beam_ocr_exit_code",] == 3
    assert found["beam_ocr_start_timestamp_seconds",] == ending.started_at.timestamp()
    assert found["beam_ocr_duration_seconds",] == 60
    assert found["beam_ocr_committed_runs",] == 2
    assert found["beam_ocr_documents", "partly"] == 1
    assert found["beam_ocr_pages", "read"] == 7
    assert found["beam_ocr_failures", "a-new-code"] == 1
    assert found["beam_ocr_stage_seconds", "detect"] == 1.5
    assert found["beam_ocr_confidence",] == 0.9
    assert found["beam_ocr_pages_per_second",] == pytest.approx(0.3)


def test_what_has_not_happened_is_zero(ending):
    found = parse(prometheus.as_text(ending))
    assert found["beam_ocr_documents", "duplicate"] == 0
    assert found["beam_ocr_failures", "corrupt-source"] == 0
    assert found["beam_ocr_failures", "internal-error"] == 0
    nothing = replace(ending, summary=Summary(Counts(), 0.0, "/out", (), ()))
    assert parse(prometheus.as_text(nothing)).keys() == found.keys() - {
        ("beam_ocr_failures", "a-new-code")
    }


def test_every_value_is_named_by_command_and_output_and_every_metric_explained(ending):
    families = list(text_string_to_metric_families(prometheus.as_text(ending)))
    assert len({family.name for family in families}) == len(families)
    for family in families:
        assert family.name.startswith("beam_ocr_")
        assert (family.type, family.documentation[-1]) == ("gauge", ".")
        for sample in family.samples:
            assert sample.labels["command"] == "ingest"
            assert sample.labels["output"] == "/out"


def test_names_of_folders_may_be_odd(ending):
    odd = 'a "b" \\ c\nd'
    summary = replace(ending.summary, output=odd)
    text = prometheus.as_text(replace(ending, summary=summary))
    for family in text_string_to_metric_families(text):
        assert {sample.labels["output"] for sample in family.samples} == {odd}
