"""What tells that a file is still as it was."""

import json

import pytest

from pipelines import stamps
from pipelines.stamps import KnownStamp, Stamp

NOW_S = 1_700_000_000.0


def written(seconds_ago):
    return Stamp("/in/a.pdf", 10, int((NOW_S - seconds_ago) * 1e9))


@pytest.mark.parametrize(
    ("seconds_ago", "settle_s", "expected"),
    [
        (61, 60, True),
        (59, 60, False),
        (0, 0, True),
        (-5, 60, False),  # its clock is ahead by a little
        (-86400, 60, True),  # its clock is wrong: waiting would have no end
    ],
)
def test_a_file_is_settled_once_it_was_left_alone(seconds_ago, settle_s, expected):
    assert stamps.is_settled(written(seconds_ago), NOW_S, settle_s) == expected


def test_a_file_that_was_written_just_before_it_was_read_may_change_unseen():
    assert not stamps.tells_changes(written(0.5), NOW_S)
    assert stamps.tells_changes(written(5), NOW_S)


def test_a_stamp_has_the_size_and_time_of_its_file(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"abc")
    stamp = stamps.of_status(str(path), path.stat())
    assert (stamp.uri, stamp.size_bytes) == (str(path), 3)
    assert stamp.modified_s == pytest.approx(path.stat().st_mtime)


def test_what_is_known_of_a_file_comes_back_from_json_to_the_nanosecond():
    known = KnownStamp(Stamp("/in/a.pdf", 10, 1_700_000_000_123_456_789), "ab" * 32)
    assert KnownStamp.from_json(json.loads(json.dumps(known.as_json()))) == known
