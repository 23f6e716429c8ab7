import time

import pytest

from ocr_core import timing


def test_since_counts_seconds():
    start = time.perf_counter()
    time.sleep(0.01)
    assert 0.01 <= timing.since(start) < 5


def test_a_stage_is_added_and_nothing_is_changed():
    before = {"render": 1.0, "detect": 2.0}
    assert timing.took(before, "detect", 3.0) == {"render": 1.0, "detect": 3.0}
    assert timing.took(before, "layout", 0.5) == {"render": 1.0, "detect": 2.0, "layout": 0.5}
    assert before == {"render": 1.0, "detect": 2.0}


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [([100, 300], [1.0, 3.0]), ([0, 0], [2.0, 2.0]), ([5], [4.0]), ([], [])],
)
def test_time_is_shared_out_by_size(sizes, expected):
    assert timing.shares(4.0, sizes) == expected
