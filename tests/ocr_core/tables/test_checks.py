from collections.abc import Callable, Sequence

import pytest

from ocr_core.tables.checks import is_table
from ocr_core.tables.chunks import around, make_chunks
from ocr_core.tables.grid import Region, make_grid
from ocr_core.tables.model import Piece
from ocr_core.tables.tracks import make_tracks
from schemas import Ruling

Table = Callable[..., list[Piece]]
Rule = Callable[[float, float, float], Ruling]
Judge = Callable[..., bool]


@pytest.fixture
def judge(table: Table) -> Judge:
    """Whether rows of texts are a table."""

    def check(
        lefts: Sequence[float], rows: Sequence[Sequence[str]], rulings: Sequence[Ruling] = ()
    ) -> bool:
        pieces = table(lefts, *rows)
        tracks = make_tracks(rulings, pieces, 20)
        chunks = make_chunks(pieces, tracks.uprights)
        return is_table(make_grid(Region(around(chunks), chunks, tracks, 20)))

    return check


FRUIT = [["apple", "12", "1.50"], ["pear", "7", "2.25"], ["plum", "140", "9.00"]]


def test_names_and_numbers_are_a_table(judge: Judge) -> None:
    assert judge((100, 300, 500), FRUIT)


def test_two_rows_are_none(judge: Judge) -> None:
    assert not judge((100, 300, 500), FRUIT[:2])


def test_pairs_need_numbers_and_no_colons(judge: Judge) -> None:
    pairs = [[row[0], row[1]] for row in [*FRUIT, *FRUIT]]
    assert judge((100, 300), pairs)
    assert not judge((100, 300), [[f"{name}:", number] for name, number in pairs])
    assert not judge((100, 300), [[name, "word"] for name, _ in pairs])


def test_two_columns_of_prose_are_none(judge: Judge) -> None:
    line = "five words of running text"
    assert not judge((100, 500), [[line, line]] * 8)


@pytest.mark.parametrize("marks", ["•", "1.", "(a)", "–"])
def test_a_list_is_none(judge: Judge, marks: str) -> None:
    assert not judge((100, 150), [[marks, "2024"]] * 6)


def test_contents_are_none(judge: Judge) -> None:
    rising = [["chapter", str(7 + 9 * number)] for number in range(8)]
    assert not judge((100, 500), rising)
    dotted = [["chapter ........", str(number)] for number in (7, 3, 9, 1, 5)]
    assert not judge((100, 500), dotted)


def test_two_rows_between_rulings_are_a_table(judge: Judge, level: Rule) -> None:
    rulings = [level(y, 90, 560) for y in (95, 125, 155)]
    assert judge((100, 300, 500), FRUIT[:2], rulings)


def test_a_form_whose_rulings_change_from_row_to_row_is_none(
    judge: Judge, level: Rule, upright: Rule
) -> None:
    rows = [["name", "", "born"], ["", "street", ""], ["town", "", "country"], ["", "phone", ""]]
    rulings = [level(y, 90, 590) for y in (95, 125, 155, 185, 215)]
    places = ((200, 95), (400, 95), (250, 125), (330, 155), (450, 185), (150, 185))
    uprights = [upright(x, top, top + 30) for x, top in places]
    assert not judge((100, 300, 500), rows, [*rulings, *uprights])


def test_lines_that_are_counted_are_none(judge: Judge) -> None:
    texts = [
        "That was the basement.",
        "Yeah.",
        "I see.",
        "No, I do not think so.",
        "You do?",
        "Yes.",
    ]
    counted = [[str(number + 1), text] for number, text in enumerate(texts)]
    others = [[number, text] for number, text in zip("582946", texts, strict=True)]
    rule = [Ruling((200, 90), (200, 280), 2)]
    assert not judge((100, 300), counted, rule)
    assert judge((100, 300), others, rule)


def test_text_that_runs_across_the_columns_makes_no_table(judge: Judge) -> None:
    rules = [Ruling((90, y), (700, y), 2) for y in (90, 125)]
    lefts = (100, 300, 500, 700)
    goods = [["goods", "12", "1.50", "2"], ["sugar", "7", "2.25", "4"]] * 4
    heads = [["the goods that were sold first", "", "", ""]] * 2
    totals = [["the total of all goods here", "", "3.75 with the tax on it", ""]] * 2
    assert judge(lefts, [*goods, *heads], rules)
    assert not judge(lefts, [*goods, *totals], rules)


def test_a_word_before_a_colon_here_and_there_makes_no_form(judge: Judge) -> None:
    fruit = [[*row, "word", "12"] for row in [*FRUIT, *FRUIT]]
    fruit[1][0], fruit[4][3] = "pear:", "as follows:"
    assert judge((100, 300, 500, 700, 900), fruit)


def test_a_bill_whose_values_follow_their_names_is_none_between_rulings(
    judge: Judge, level: Rule
) -> None:
    rulings = [level(y, 90, 560) for y in (95, 125, 215)]
    bill = [["Staff: Siti", "Trans: 160"], ["Item No.: 7", "2.25"], ["rose", "9.00"]]
    assert not judge((100, 400), bill, rulings)
    assert judge((100, 400), [["rose", "9.00"], ["tulip", "2.25"], ["daisy", "1.10"]], rulings)


def test_two_columns_of_prose_among_more_of_numbers_are_a_table(judge: Judge) -> None:
    row = ["a few more words here", "12", "1.50", "some words of running text", "7.2"]
    assert judge((100, 400, 500, 600, 950), [row] * 5)


def test_a_table_whose_rulings_were_found_in_pieces_is_one_by_its_text(
    judge: Judge, level: Rule, upright: Rule
) -> None:
    rulings = [*(level(y, 90, 590) for y in (95, 125, 155, 185)), upright(250, 95, 115)]
    assert judge((100, 300, 500), FRUIT, rulings)
