"""What a row shows."""

import pytest

from pipelines.evaluation.alignment import align, tokens_of
from pipelines.evaluation.table import Row, make_rows
from pipelines.evaluation.words import row_html


def cells(truth, read):
    [row] = make_rows(align(tokens_of([truth]), tokens_of([read])))
    html = row_html(row, 1)
    _, one, other = html.split('<td dir="auto">')
    return one.partition("</td>")[0], other.partition("</td>")[0]


@pytest.mark.parametrize(
    ("truth", "read", "one", "other"),
    [
        ("a cup", "a cup", "a cup", "a cup"),
        (
            "corner", "comer",
            '<span class="changed">co<mark title="read as m">rn</mark>er</span>',
            '<span class="changed">co<mark title="should be rn">m</mark>er</span>',
        ),
        ("a b c", "a c", "a <del>b</del> c", 'a <span class="gap" title="missing here">‸</span> c'),
        ("a c", "a b c", "a c", "a <ins>b</ins> c"),
        (
            "quick", "qu ick",
            '<span class="changed">quick</span>',
            '<span class="changed">qu<ins><span class="space">␣</span></ins>ick</span>',
        ),
    ],
)  # fmt: skip
def test_differences_are_marked_on_both_sides(truth, read, one, other):
    assert cells(truth, read) == (one, other)


def test_words_at_another_place_say_so():
    one, other = cells("one two three four red green blue", "red green blue one two three four")
    assert '<span class="moved" title="was read at another place">⇄ red green blue</span>' in one
    assert '<span class="moved" title="belongs at another place">⇄ red green blue' in other


@pytest.mark.parametrize(
    ("truth", "read"),
    [
        ("<script>", "<script>"),
        ("<script>", '<scr"pt>'),
        ("<b>", ""),
        ("", "<b>"),
        ("x<y", "x>y"),
        ('"', "<"),
    ],
)
def test_what_pages_say_is_never_markup(truth, read):
    html = "".join(cells(truth, read))
    for tag in ("<script", "<scr", "<b>", "x<y", 'read as "'):
        assert tag not in html


def test_a_row_that_begins_no_line_has_no_number():
    assert '<th scope="row"></th>' in row_html(Row(None, ()), None)
    assert '<tr class="same"><th scope="row">7</th>' in row_html(Row(6, ()), 7)
