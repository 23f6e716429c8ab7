import pytest

from ocr_core.paragraphs import Row, may_go_on, split_stretch, usual_distance
from schemas import Box

FULL = "some running text that fills its column"  # 39 characters of 10 pixels
PITCH = 26


def row(place: float, text: str, left: float = 100, height: float = 20, gap: float = 0) -> Row:
    """A row of text, `place` lines down the page."""
    top = 100 + PITCH * place
    return Row((), Box(left, top, left + 10 * len(text), top + height), height, text, gap)


def rows(*texts: str, lefts: dict[int, float] | None = None) -> list[Row]:
    return [row(n, text, (lefts or {}).get(n, 100)) for n, text in enumerate(texts)]


def sizes(stretch: list[Row]) -> list[int]:
    return [len(paragraph.rows) for paragraph in split_stretch(stretch)]


def test_a_line_that_ends_early_ends_a_paragraph():
    assert sizes(rows(FULL, FULL, "An end.", "New " + FULL[4:], FULL, FULL)) == [3, 3]


def test_a_line_that_goes_on_in_small_letters_begins_none():
    assert sizes(rows(FULL, FULL, "x = y", FULL, FULL, FULL)) == [6]


def test_an_early_end_is_none_if_the_next_word_did_not_fit():
    long = "Donaudampfschifffahrtsgesellschaft is on"
    assert sizes(rows(FULL, "the ship of the company", long, FULL, FULL)) == [5]


def test_an_indent_begins_a_paragraph():
    stretch = rows(FULL, FULL, "New " + FULL[8:], FULL, FULL, lefts={2: 140})
    assert sizes(stretch) == [2, 3]


def test_lines_beside_a_picture_are_no_paragraphs_each():
    narrow = {2: 250, 3: 250, 4: 250}
    texts = [FULL, FULL, *["The text is narrow here"] * 3, FULL, FULL]
    assert sizes(rows(*texts, lefts=narrow))[-1] >= 4


def test_first_lines_may_hang():
    inner = dict.fromkeys((1, 2, 4, 5), 140)
    text = "Author, A. Title of a book, place"
    assert sizes(rows(text, text, text, text, text, text, lefts=inner)) == [3, 3]


def test_more_white_than_usual_begins_a_paragraph():
    places = (0, 1, 2, 3.3, 4.3, 5.3)
    assert sizes([row(place, FULL.capitalize()) for place in places]) == [3, 3]


@pytest.mark.parametrize("title", ["4.1 A title", "A.2 A title"])
def test_numbered_titles_stand_alone(title):
    text = "Some " + FULL[5:]
    assert sizes(rows(text, text, title, text, text)) == [2, 1, 2]
    assert sizes(rows("4 Whole", "4.1 A title", text, "An end.")) == [1, 1, 2]


def test_titles_stand_alone_where_there_is_no_text():
    assert sizes(rows("2.3 Definitions", "2.3.1 Titles")) == [1, 1]


def test_a_numbered_title_that_fills_its_column_goes_on():
    text = "Some " + FULL[5:]
    assert sizes(rows(text, text, "4.1 A title that fills its whole column", text, text)) == [5]


@pytest.mark.parametrize("mark", ["•", "1."])
@pytest.mark.parametrize("after", ["After " + FULL[6:], FULL])
def test_text_farther_out_than_the_lines_of_an_item_follows_it(mark, after):
    item = mark + " " + FULL[3:-4]
    stretch = rows(item, FULL[:-6], after, FULL, FULL, lefts={0: 140, 1: 170})
    assert sizes(stretch) == [2, 3]


def test_numbered_items_whose_lines_are_full_are_told_by_their_indents():
    item, inner = " " + FULL[3:], FULL[:-3]
    texts = ["1." + item, inner, "2." + item, inner, "After " + FULL[6:], FULL]
    assert sizes(rows(*texts, lefts={1: 130, 3: 130})) == [2, 2, 2]


def test_text_farther_out_than_short_items_follows_them():
    stretch = rows("• one", "• two", "After " + FULL[6:], FULL, lefts={0: 120, 1: 120})
    assert sizes(stretch) == [1, 1, 2]


def test_numbered_paragraphs_may_begin_farther_in_than_they_go_on():
    text = "3. The tenant pays the rent each month"
    assert sizes(rows(text, "Of " + FULL[3:], FULL, "the end", lefts={0: 140})) == [4]


def test_bullets_begin_items():
    stretch = rows("• " + FULL[2:], FULL, "• short one", "• " + FULL[2:])
    items = split_stretch(stretch)
    assert [len(item.rows) for item in items] == [2, 1, 1]
    assert all(item.is_item for item in items)


@pytest.mark.parametrize(
    "texts",
    [
        ("Miss Ada Byron", "12 St James's Square", "London"),
        ("Bread 2.50", "Milk 1 l 1.10", "Total 3.60", "Cash 5.00"),
    ],
)
def test_an_address_or_a_bill_does_not_flow(texts):
    (paragraph,) = split_stretch(rows(*texts))
    assert not paragraph.flows


def test_rows_of_cells_do_not_flow():
    stretch = [row(n, FULL, gap=200) for n in range(4)]
    (paragraph,) = split_stretch(stretch)
    assert not paragraph.flows


def test_centred_lines_do_not_flow():
    texts = ["A title of a book that has", "several lines of which the longest is", "the second"]
    stretch = rows(*texts, lefts={n: 500 - 5 * len(text) for n, text in enumerate(texts)})
    assert [paragraph.flows for paragraph in split_stretch(stretch)] == [False]


def test_a_paragraph_has_a_box_around_its_rows():
    (paragraph,) = split_stretch(rows(FULL, "and a little"))
    assert paragraph.box == Box(100, 100, 490, 146)


def test_rows_go_on_when_near_and_alike():
    assert may_go_on(row(0, FULL), row(1, FULL), usual=1.3)
    assert not may_go_on(row(0, FULL), row(2, FULL), usual=1.3)
    assert not may_go_on(row(0, FULL), row(1, FULL, left=600), usual=1.3)
    assert not may_go_on(row(0, FULL), row(1, FULL, height=27), usual=1.3)
    assert may_go_on(row(0, "mum"), row(1, "Fly", height=27), usual=1.3)


def test_the_usual_distance_is_in_line_heights():
    assert usual_distance([row(n, FULL) for n in (0, 1, 2, 9, 10)]) == pytest.approx(1.3)
    assert usual_distance([row(0, FULL)]) == 1.2
