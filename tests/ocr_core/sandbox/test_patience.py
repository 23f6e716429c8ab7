from __future__ import annotations

import pytest

from ocr_core.sandbox.patience import Patience


def test_a_page_may_take_its_whole_time_when_none_has_failed():
    assert Patience().timeout_s("a", 10) == 10


def test_pages_that_fail_leave_less_to_the_others_of_their_document_alone():
    patience = Patience()
    patience.lose("a", 4)
    assert patience.timeout_s("a", 10) == 6
    assert patience.timeout_s("b", 10) == 10


def test_when_the_time_is_used_up_others_still_get_a_little():
    patience = Patience()
    patience.lose("a", 10)
    assert patience.timeout_s("a", 10) == 0.5


def test_a_document_costs_little_more_than_a_page_however_many_it_has():
    patience = Patience()
    total = 0.0
    for _ in range(1000):
        taken = patience.timeout_s("a", 10)
        patience.lose("a", taken)
        total += taken
    assert total == pytest.approx(12, abs=0.5)
    assert patience.timeout_s("a", 10) == 0


def test_a_document_that_is_met_again_begins_anew():
    patience = Patience()
    patience.lose("a", 100)
    patience.begin("a")
    assert patience.timeout_s("a", 10) == 10
    patience.begin("never met")


def test_documents_of_long_ago_are_forgotten():
    patience = Patience(max_documents=2)
    for doc_id in "abc":
        patience.lose(doc_id, 100)
    assert [patience.timeout_s(doc_id, 10) for doc_id in "abc"] == [10, 0, 0]
