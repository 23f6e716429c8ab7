import pytest
import torch

from ocr_core.errors import ConfigError, CorruptSourceError, OutOfMemoryError, WeightsError
from ocr_core.isolation import alone, apart, failure_of, is_out_of_memory
from schemas import Failure, PageRef

REF = PageRef("d", "memory://page", 4)


def set_aside(item, error):
    return failure_of(PageRef("d", f"memory://{item}", 0), "detect", error)


def work_without(bad, error, calls=None):
    def work(items):
        if calls is not None:
            calls.append(len(items))
        if bad in items:
            raise error
        return [item * 2 for item in items]

    return work


def test_work_that_succeeds_is_done_once():
    calls = []
    assert apart([1, 2, 3], work_without(9, ValueError(), calls), set_aside) == [2, 4, 6]
    assert calls == [3]


def test_a_page_that_fails_takes_no_other_with_it():
    calls = []
    results = apart([1, 2, 3], work_without(2, CorruptSourceError("torn"), calls), set_aside)
    assert results[0::2] == [2, 6]
    assert results[1] == Failure("d", "memory://2", 0, "detect", "corrupt-source", "torn")
    assert calls == [3, 1, 1, 1]


def test_where_memory_runs_out_halves_are_tried_first():
    calls = []
    results = apart(list(range(8)), work_without(7, MemoryError(), calls), set_aside)
    assert results[:7] == [0, 2, 4, 6, 8, 10, 12]
    assert results[7].code == "out-of-memory"
    assert calls == [8, 4, 4, 2, 2, 1, 1]


@pytest.mark.parametrize("error", [WeightsError("damaged"), ConfigError("no such device")])
def test_what_would_fail_every_page_stops_the_run(error):
    with pytest.raises(type(error)):
        apart([1, 2], work_without(1, error), set_aside)
    with pytest.raises(type(error)):
        alone([1], work_without(1, error), lambda error: set_aside(1, error))


def test_an_item_alone_is_worked_on_or_set_aside():
    work = work_without(2, ValueError("odd"))
    assert alone([1], work, lambda error: set_aside(1, error)) == [2]
    failure = alone([2], work, lambda error: set_aside(2, error))
    assert (failure.code, failure.message) == ("internal-error", "ValueError: odd")


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (CorruptSourceError("torn"), "corrupt-source", "torn"),
        (KeyError("x"), "internal-error", "KeyError: 'x'"),
        (OutOfMemoryError("big"), "out-of-memory", "big"),
        (MemoryError("2 GiB"), "out-of-memory", "the page does not fit into memory: 2 GiB"),
    ],
)
def test_a_failure_says_what_happened_where(error, code, message):
    expected = Failure("d", "memory://page", 4, "recognise", code, message)
    assert failure_of(REF, "recognise", error) == expected


def test_all_ways_to_run_out_of_memory_are_known():
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory"))
    assert is_out_of_memory(RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"))
    assert is_out_of_memory(RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling"))
    assert is_out_of_memory(RuntimeError("CUDA error: out of memory"))
    assert not is_out_of_memory(RuntimeError("shapes do not match"))
