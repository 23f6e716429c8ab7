"""What a call came to, as values."""

import json
from datetime import UTC, datetime, timedelta

from pipelines import ending
from pipelines.ending import Ending
from pipelines.summary import Summary
from pipelines.tallies import Counts

COUNTS = Counts(
    documents={"read": 2},
    pages={"read": 5, "failed": 1},
    failures={"timeout": 1},
    lines=40,
    characters=10,
    certainty=9.0,
    seconds={"detect": 1.23456},
)


def test_the_metrics_say_what_was_done_how_fast_and_how(options):
    started_at = datetime(2025, 1, 1, tzinfo=UTC)
    ended = Ending(
        command="run",
        options=options("/out", "/in"),
        started_at=started_at,
        ended_at=started_at + timedelta(seconds=5),
        exit_code=3,
        summary=Summary(COUNTS, 3.0, "/out", ("r1",), ()),
        peak_memory_bytes=123,
    )
    values = json.loads(json.dumps(ending.as_values(ended)))
    expected = {
        "command": "run",
        "exit_code": 3,
        "started_at": "2025-01-01T00:00:00+00:00",
        "documents": {"read": 2},
        "pages": {"failed": 1, "read": 5},
        "failures": {"timeout": 1},
        "lines": 40,
        "confidence": 0.9,
        "seconds": {"detect": 1.235},
        "wall_seconds": 3.0,
        "total_seconds": 5.0,
        "pages_per_second": 2.0,
        "peak_memory_bytes": 123,
        "run_ids": ["r1"],
    }
    assert expected.items() <= values.items()
    assert values["options"]["inputs"] == ["/in"]


def test_the_version_is_that_of_the_package():
    assert ending.version()[0].isdigit()
