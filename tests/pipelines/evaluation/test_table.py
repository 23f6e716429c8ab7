"""Rows of a page: a line of ground truth in each."""

from pipelines.evaluation.alignment import align, tokens_of
from pipelines.evaluation.table import make_rows


def rows_of(truth, read):
    """(line, what it says, what was read) of each row."""
    rows = make_rows(align(tokens_of(truth), tokens_of(read)))
    return [
        (
            row.line,
            " ".join(token.text for step in row.steps for token in step.truth),
            " ".join(token.text for step in row.steps for token in step.read),
        )
        for row in rows
    ]


def test_rows_follow_the_lines_of_ground_truth():
    assert rows_of(["a b", "c d"], ["a b c", "d"]) == [(0, "a b", "a b"), (1, "c d", "c d")]


def test_a_line_that_is_not_there_has_a_row_of_its_own():
    assert rows_of(["a b", "c d"], ["a b", "noise", "more noise", "c d"]) == [
        (0, "a b", "a b"),
        (None, "", "noise more noise"),
        (1, "c d", "c d"),
    ]


def test_a_word_that_is_not_there_stands_beside_its_neighbours():
    assert rows_of(["a b", "c d"], ["a b noise", "c d"]) == [
        (0, "a b", "a b noise"),
        (1, "c d", "c d"),
    ]


def test_a_word_before_a_line_stands_in_the_row_of_that_line():
    assert rows_of(["a b", "c d"], ["> a b", "* c d"]) == [
        (0, "a b", "> a b"),
        (1, "c d", "* c d"),
    ]


def test_lines_that_were_not_read_have_a_row_each():
    assert rows_of(["a b", "lost one", "lost two", "c"], ["a b", "c"])[1:3] == [
        (1, "lost one", ""),
        (2, "lost two", ""),
    ]


def test_long_paragraphs_are_broken_where_the_lines_that_were_read_end():
    words = [f"w{number}" for number in range(90)]
    rows = rows_of([" ".join(words)], [" ".join(words[at : at + 10]) for at in range(0, 90, 10)])
    assert [line for line, *_ in rows] == [0, None, None]
    assert [len(truth.split()) for _, truth, _ in rows] == [30, 30, 30]


def test_rows_know_whether_all_was_read_right():
    rows = make_rows(align(tokens_of(["a b", "c"]), tokens_of(["a b", "x"])))
    assert [row.is_same for row in rows] == [True, False]
