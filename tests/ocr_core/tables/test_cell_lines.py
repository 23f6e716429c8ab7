from collections.abc import Callable

from ocr_core.tables.cell_lines import CellLines
from ocr_core.tables.chunks import Chunk

MakeChunk = Callable[[float, float, str], Chunk]


def test_the_pitch_is_that_of_the_closest_lines_of_a_column(chunk: MakeChunk) -> None:
    texts = [chunk(0, y, "word") for y in (0, 24, 80)] + [chunk(200, 12, "word")]
    lines = CellLines(texts, [100.0])
    assert (lines.pitch, lines.height) == (24, 20)
    assert CellLines(texts[-1:], [100.0]).pitch == 0


def test_a_number_is_one_only_where_numbers_stand(chunk: MakeChunk) -> None:
    year, *texts = [chunk(0, 0, "1999"), chunk(0, 30, "name"), chunk(0, 60, "word")]
    price = chunk(200, 0, "1.50")
    lines = CellLines([year, *texts, price], [100.0])
    assert lines.is_number(price)
    assert not lines.is_number(year)


def test_a_word_has_room_on_a_line_that_is_shorter_than_another(chunk: MakeChunk) -> None:
    widest, short = chunk(0, 0, "a rather long line"), chunk(0, 24, "short")
    below = chunk(0, 48, "word")
    lines = CellLines([widest, short, below], [])
    assert lines.had_room(short, below)
    assert not lines.had_room(widest, short)


def test_room_does_not_depend_on_where_a_centred_line_begins(chunk: MakeChunk) -> None:
    widest, centred = chunk(0, 0, "a rather long line"), chunk(60, 24, "short")
    below = chunk(60, 48, "word")
    assert CellLines([widest, centred, below], []).had_room(centred, below)


def test_chunks_on_one_line_are_level(chunk: MakeChunk) -> None:
    left, right, below = chunk(0, 0, "a"), chunk(200, 5, "b"), chunk(0, 12, "c")
    lines = CellLines([left, right, below], [100.0])
    assert lines.are_level(left, right)
    assert not lines.are_level(left, below)
    assert lines.columns(right) == range(1, 2)
