from __future__ import annotations

import pytest

from ocr_core.errors import OutOfMemoryError
from ocr_core.sandbox import pool as pools
from ocr_core.sandbox.helper import Terms

TERMS = Terms(1000, "mupdf")


def test_a_helper_is_used_again(pool):
    with pool.helper(TERMS) as first:
        pass
    with pool.helper(TERMS) as second:
        assert second is first
        with pool.helper(TERMS) as third:
            assert third is not first


def test_a_helper_on_other_terms_is_another(pool):
    with pool.helper(TERMS) as first:
        pass
    with pool.helper(Terms(2000, "mupdf")) as second:
        assert second is not first


def test_a_helper_that_has_done_much_is_replaced(pool):
    used = []
    for _ in range(4):
        with pool.helper(TERMS) as helper:
            helper.ask()
            used.append(helper)
    assert used[0] is used[1] is used[2] is not used[3]
    assert used[0].is_closed
    assert not used[3].is_closed


def test_a_helper_in_the_midst_of_something_is_not_used_again(pool):
    with pool.helper(TERMS) as helper:
        helper.is_idle = False
    assert helper.is_closed


def test_a_helper_is_put_back_after_an_error(pool):
    with pytest.raises(KeyError), pool.helper(TERMS) as helper:
        raise KeyError
    with pool.helper(TERMS) as again:
        assert again is helper


def test_a_helper_that_ran_out_of_memory_is_not_used_again(pool):
    with pytest.raises(OutOfMemoryError), pool.helper(TERMS) as helper:
        raise OutOfMemoryError
    assert helper.is_closed


def test_closing_ends_those_that_are_idle(pool):
    with pool.helper(TERMS) as helper:
        pass
    pool.close()
    assert helper.is_closed
    with pool.helper(TERMS) as another:
        assert another is not helper


def test_a_forked_process_leaves_its_parents_helpers_alone(pool, monkeypatch):
    with pool.helper(TERMS) as helper:
        pass
    monkeypatch.setattr(pools.os, "getpid", lambda: -1)
    with pool.helper(TERMS) as another:
        assert another is not helper
    assert not helper.is_closed
