from collections.abc import Callable

import numpy as np
import pytest

from ocr_core.synth.cell_plans import RULINGS
from ocr_core.synth.celled_tables import TableMaker, draw_tables
from ocr_core.synth.fonts import Face
from ocr_core.synth.sheet import Sheet
from ocr_core.synth.text import TextSource
from ocr_core.tables.adjacency import neighbours


@pytest.fixture
def tables(faces: list[Face], source: TextSource) -> TableMaker:
    return TableMaker(faces, source, long_side=(900, 1000), strength=0.0)


def test_a_page_depends_on_its_seed_alone(tables: TableMaker) -> None:
    first, again, other = tables.make(3), tables.make(3), tables.make(4)
    assert np.array_equal(first.pixels, again.pixels)
    assert first.tables == again.tables
    assert not np.array_equal(first.pixels[:800, :600], other.pixels[:800, :600])


def test_every_word_of_a_cell_is_ink_on_the_page(tables: TableMaker) -> None:
    made = tables.make(0)
    words = [word for table in made.tables for cell in table for word in cell.words]
    assert len(words) > 10
    for word in words:
        left, top, right, bottom = (
            round(v) for v in (word.box.left, word.box.top, word.box.right, word.box.bottom)
        )
        assert made.pixels[top:bottom, left : right + 1].min() < 128
    placed = {word for line in made.lines for word in line}
    assert set(words) <= placed


def test_each_manner_of_ruling_has_its_turn(tables: TableMaker) -> None:
    made = [tables.make(seed) for seed in range(len(RULINGS))]
    assert [page.rulings[0] for page in made] == list(RULINGS)
    assert all(neighbours(page.tables[0]) for page in made)


@pytest.mark.parametrize("number", range(len(RULINGS)))
def test_cells_do_not_cover_each_other(draw: Callable[..., Sheet], number: int) -> None:
    sheet = draw(lambda sheet: draw_tables(sheet, RULINGS[number]) and None, seed=number)
    assert len(sheet.canvas.segments) > 10
