from collections.abc import Callable, Sequence

from ocr_core.tables.cell_lines import CellLines
from ocr_core.tables.chunks import Chunk
from ocr_core.tables.row_parting import part_rows

MakeChunk = Callable[[float, float, str], Chunk]
Cell = tuple[float, float, str]
SEPARATORS = [195.0, 495.0]
PROSE = ("some words of prose set", "in a column that is not", "wide enough for its text", "at all")


def texts_of(chunk: MakeChunk, cells: Sequence[Cell], cut_cost: float = 0.0) -> list[set[str]]:
    """What is in each row of one band."""
    chunks = sorted((chunk(*cell) for cell in cells), key=lambda chunk: chunk.middle)
    (rows,) = part_rows([chunks], CellLines(chunks, SEPARATORS), cut_cost)
    return [{chunk.text for chunk in row} for row in rows]


def beside_prose(top: float, name: str, number: str, n_lines: int, is_centred: bool) -> list[Cell]:
    """A row with some lines of prose, 24 apart, between a name and a number."""
    prose = [(200.0, top + 24 * n, f"{PROSE[n]}") for n in range(n_lines)]
    y = top + 12 * (n_lines - 1) if is_centred else top
    return [(0, y, name), *prose, (500, y, number)]


def test_cells_beside_the_middle_of_wrapped_text_are_in_its_row(chunk: MakeChunk) -> None:
    heights = ((0, 3), (80, 2), (136, 4), (240, 1))
    cells = [
        cell
        for number, (top, n_lines) in enumerate(heights)
        for cell in beside_prose(top, f"name{number}", f"{number}.50", n_lines, is_centred=True)
    ]
    rows = texts_of(chunk, cells)
    assert [{"name0", "0.50"} <= row for row in rows] == [True, False, False, False]
    assert [len(row) for row in rows] == [5, 4, 6, 3]


def test_cells_beside_the_first_line_of_wrapped_text_are_in_its_row(chunk: MakeChunk) -> None:
    cells = [
        cell
        for number, top in enumerate((0, 80, 160))
        for cell in beside_prose(top, f"name{number}", f"{number}.50", 3, is_centred=False)
    ]
    assert [len(row) for row in texts_of(chunk, cells)] == [5, 5, 5]


def test_rows_of_one_line_are_not_joined(chunk: MakeChunk) -> None:
    cells: list[Cell] = [
        (x, 24 * row, text)
        for row in range(5)
        for x, text in ((0, f"name{row}"), (200, f"word{row}"), (500, f"{row}.25"))
    ]
    assert [len(row) for row in texts_of(chunk, cells)] == [3] * 5


def test_lines_that_do_not_run_quite_level_are_one_row(chunk: MakeChunk) -> None:
    cells: list[Cell] = [
        (x, 30 * row + x / 80, text)
        for row in range(4)
        for x, text in ((0, f"name{row}"), (200, f"word{row}"), (500, f"{row}.25"))
    ]
    assert [len(row) for row in texts_of(chunk, cells)] == [3] * 4


def test_what_rulings_hold_together_is_parted_only_if_much_speaks_for_it(chunk: MakeChunk) -> None:
    names: list[Cell] = [(0, 0, "a long name of"), (0, 24, "many words"), (200, 0, "word")]
    numbers: list[Cell] = [(500, 0, "1.50"), (500, 24, "2.50")]
    assert len(texts_of(chunk, [*names, numbers[0]], cut_cost=1.5)) == 1
    assert len(texts_of(chunk, [*names, *numbers], cut_cost=1.5)) == 2


def test_bands_are_parted_apart_and_no_band_needs_text(chunk: MakeChunk) -> None:
    chunks = [chunk(0, 0, "name"), chunk(0, 24, "word")]
    rows = part_rows([chunks[:1], chunks[1:], []], CellLines(chunks, SEPARATORS))
    assert rows == [[chunks[:1]], [chunks[1:]], []]
