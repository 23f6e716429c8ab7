from collections.abc import Callable

import pytest

from ocr_core.tables.chunks import Chunk, make_chunks, make_lines, split_at
from ocr_core.tables.model import Piece
from ocr_core.tables.tracks import Track

MakeChunk = Callable[[float, float, str], Chunk]
PieceOf = Callable[[float, float, str], Piece]


def texts(chunks: list[Chunk]) -> list[str]:
    return [chunk.text for chunk in chunks]


def joined(*pieces: Piece) -> Piece:
    """Pieces on one line as the detector may merge them."""
    words = tuple(word for piece in pieces for word in piece.words)
    return Piece(pieces[0].box.union(pieces[-1].box), words)


def test_a_piece_falls_apart_at_a_wide_gap(piece: PieceOf) -> None:
    both = joined(piece(0, 0, "two words"), piece(200, 0, "12.50"))
    assert texts(make_chunks([both], [])) == ["two words", "12.50"]


def test_a_piece_falls_apart_at_an_upright_ruling(piece: PieceOf) -> None:
    ruled = Track(22.5, ((-5, 60),))
    assert texts(make_chunks([piece(0, 0, "ab cd ef")], [ruled])) == ["ab", "cd ef"]
    assert texts(make_chunks([piece(0, 100, "ab cd ef")], [ruled])) == ["ab cd ef"]


def test_wide_spaces_of_a_typewriter_do_not_part_words(piece: PieceOf) -> None:
    typed = joined(*(piece(60 * number, 0, "abcd") for number in range(5)))
    assert texts(make_chunks([typed], [])) == ["abcd abcd abcd abcd abcd"]


def test_a_chunk_is_split_only_at_a_gap_wider_than_its_spaces(piece: PieceOf) -> None:
    [chunk] = make_chunks([joined(piece(0, 0, "one two"), piece(77, 0, "three"))], [])
    assert texts(split_at(chunk, [70])) == ["one two", "three"]
    assert texts(split_at(chunk, [32])) == ["one two three"]


@pytest.mark.parametrize(
    "text", ["12", "1,234.50", "(97.8)", "$2.03", "-3%", "12.05.1999", "–", "84 bp"]
)
def test_numbers(chunk: MakeChunk, text: str) -> None:
    assert chunk(0, 0, text).is_number


@pytest.mark.parametrize("text", ["a", "total 12", "3 apples and pears", "B12"])
def test_what_is_no_number(chunk: MakeChunk, text: str) -> None:
    assert not chunk(0, 0, text).is_number


def test_lines_run_from_top_to_bottom_and_from_left_to_right(chunk: MakeChunk) -> None:
    chunks = [chunk(200, 53, "d"), chunk(200, 2, "b"), chunk(0, 50, "c"), chunk(0, 0, "a")]
    assert [texts(line) for line in make_lines(chunks)] == [["a", "b"], ["c", "d"]]
    assert make_lines([]) == []


def test_a_currency_sign_behind_a_number_belongs_to_the_next(piece: PieceOf) -> None:
    both = joined(piece(0, 0, "48,677"), piece(68, 0, "$ 54,065"))
    assert texts(make_chunks([both], [])) == ["48,677", "$ 54,065"]
    assert texts(make_chunks([piece(0, 0, "$ 48,677 each")], [])) == ["$ 48,677 each"]


def test_numbers_are_parted_at_a_narrower_gap_than_words(piece: PieceOf) -> None:
    [numbers] = make_chunks([piece(0, 0, "260,871 15.03.1977")], [])
    assert texts(split_at(numbers, [72])) == ["260,871", "15.03.1977"]
    [words] = make_chunks([piece(0, 0, "several heads")], [])
    assert texts(split_at(words, [72])) == ["several heads"]
