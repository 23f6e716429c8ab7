"""Documents, page by page."""

from pathlib import PurePosixPath

import pytest

from pipelines.evaluation.pairing import Pair, Prediction
from pipelines.evaluation.sheets import part
from pipelines.ground_truth import Truth
from schemas import Page, PageRef
from tests.synthetic_run import line_of


def parted(truth, texts, partial=False):
    """The sheets of a document whose pages say `texts`; None for a page that could not be read."""
    pages = [
        Page(PageRef("0", "in/a.pdf", at), 200, 300, 200, (line_of(text, 0, 0),), language="en")
        for at, text in enumerate(texts)
        if text is not None
    ]
    read = Prediction(PurePosixPath("in/a"), "\f".join(filter(None, texts)), tuple(pages), "u")
    return list(part(Pair(Truth(PurePosixPath("a"), truth, (), partial), read)))


def test_one_page_is_compared_whole():
    [sheet] = parted("a tall\nship", ["a tall ship!"])
    assert (sheet.truth, sheet.read, sheet.uri) == (("a tall", "ship"), ("a tall ship!",), "u")
    assert (sheet.counts.words, sheet.counts.word_edits) == (3, 1)
    assert (sheet.language, sheet.is_alone) == ("en", True)
    assert sheet.found == sheet.counts.f1
    assert [step.kind for step in sheet.steps()] == ["same", "same", "changed"]


def test_form_feeds_part_pages_and_pages_that_failed_keep_their_place():
    sheets = parted("one\ftwo\fthree\ffour\f", ["one", None, "threw"])
    assert [(sheet.page_index, *sheet.truth, *sheet.read) for sheet in sheets] == [
        (0, "one", "one"), (1, "two"), (2, "three", "threw"), (3, "four"),
    ]  # fmt: skip
    assert not any(sheet.is_alone for sheet in sheets)


def test_without_form_feeds_words_belong_to_the_page_on_which_they_were_read():
    first, second = parted("a b lost\nc d\ne", ["a b", "c d e"])
    assert (first.truth, second.truth) == (("a b lost",), ("c d", "e"))
    assert first.counts.word_edits == 1
    assert second.counts.word_edits == 0


def test_a_word_at_the_beginning_that_was_not_read_belongs_to_the_first_page():
    first, _ = parted("lost a b c d", ["a b", "c d"])
    assert first.truth == ("lost a b",)


def test_texts_without_a_run_may_have_form_feeds_too():
    read = Prediction(PurePosixPath("a"), "one\n\ftwo\n\f")
    truth = Truth(PurePosixPath("a"), "one\ftwo", (), is_partial=False)
    assert [sheet.counts.cer for sheet in part(Pair(truth, read))] == [0, 0]


def test_what_was_not_read_at_all_is_missing():
    truth = Truth(PurePosixPath("a"), "one two", (), is_partial=False)
    [sheet] = part(Pair(truth, None))
    assert (sheet.counts.word_edits, sheet.uri, sheet.found) == (2, "", 0)


@pytest.mark.parametrize(("partial", "found"), [(False, 2 / 3), (True, 1)])
def test_where_ground_truth_is_partial_only_recall_counts(partial, found):
    [sheet] = parted("stamp", ["stamp more"], partial)
    assert sheet.found == pytest.approx(found)
