"""What was read, in numbers."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipelines.tallies import Counts, add_counts, add_tallies, count_document, tally_page
from schemas import Failure, Line, Page, PageRef, Quad, Word
from schemas.rows import DocumentRecord

QUAD = Quad(0, 0, 1, 0, 1, 1, 0, 1)
RECORD = DocumentRecord(
    doc_id="d",
    uri="u",
    size_bytes=1,
    media_type="application/pdf",
    page_count=2,
    status="read",
    error_code=None,
    error_message=None,
    fingerprint="f",
    started_at=datetime(2025, 1, 1, tzinfo=UTC),
    seconds=1.0,
)


def page(*texts, confidence=1.0):
    words = (Word(text, text, QUAD.box, confidence) for text in texts)
    lines = tuple(Line(word.text, word.text, confidence, QUAD, (word,)) for word in words)
    return Page(PageRef("d", "u", 0), 9, 9, 100, lines=lines, seconds={"detect": 0.5})


def failure(index, code="out-of-memory"):
    return Failure("d", "u", index, "detect", code, "too large")


def test_counts_of_pages_add_up():
    tally = add_tallies(
        tally_page(result)
        for result in (page("a", confidence=0.5), page("bcd"), page(), failure(3), failure(1, "x"))
    )
    counts = tally.counts
    assert counts.pages == {"empty": 1, "failed": 2, "read": 2}
    assert (counts.page_total, counts.lines, counts.characters) == (5, 2, 4)
    assert counts.confidence == pytest.approx((0.5 + 3) / 4)
    assert counts.failures == {"out-of-memory": 1, "x": 1}
    assert counts.seconds == {"detect": 1.5}
    assert not counts.is_complete


def test_pages_with_damaged_pictures_are_counted():
    reasons = ("damaged-picture", "no-text-layer", None, "damaged-picture")
    pages = [replace(page("a"), source_reason=reason) for reason in reasons]
    assert add_tallies(map(tally_page, pages)).counts.damaged == 2


def test_of_many_failures_the_first_page_is_remembered():
    [first] = add_tallies(tally_page(failure(index)) for index in (4, 2, 7)).failures
    assert (first.page_index, first.message) == (2, "page 3: detect: too large")


def test_the_order_in_which_tallies_are_added_does_not_matter():
    tallies = [tally_page(result) for result in (page("a"), failure(1), failure(0), page())]
    sums = {
        str(add_tallies([add_tallies(order[:2]), add_tallies(order[2:])]))
        for order in itertools.permutations(tallies)
    }
    assert len(sums) == 1


def test_nothing_adds_up_to_zeros():
    assert add_counts([]) == Counts()
    assert add_tallies([]).failures == ()
    assert Counts().confidence == 0
    assert Counts().is_complete


def test_a_source_that_could_not_be_opened_is_a_failure_of_its_own():
    broken = replace(RECORD, status="failed", page_count=None, error_code="corrupt-source")
    assert count_document(broken).failures == {"corrupt-source": 1}
    # While the failures of pages are counted page by page.
    partly = replace(RECORD, status="partly", error_code="out-of-memory")
    assert count_document(partly) == Counts(documents={"partly": 1})


def test_counts_come_back_from_plain_values():
    counts = tally_page(page("a")).counts
    assert Counts(**counts.as_json()) == counts
