"""Pages in words for the search of tables: a character is 10 wide, a line 20 high, a space 5."""

from collections.abc import Callable, Sequence

import pytest

from ocr_core.tables.chunks import Chunk, make_chunk
from ocr_core.tables.model import Piece, PlacedWord
from schemas import Box, Ruling

Text = tuple[float, float, str]


def place(x: float, y: float, text: str) -> Piece:
    """A piece whose first word has its left top corner at a point."""
    words = []
    for word in text.split():
        words.append(PlacedWord(Box(x, y, x + 10 * len(word), y + 20), word))
        x += 10 * len(word) + 5
    return Piece(Box.around(word.box for word in words), tuple(words))


@pytest.fixture
def piece() -> Callable[[float, float, str], Piece]:
    return place


@pytest.fixture
def pieces() -> Callable[..., list[Piece]]:
    """Makes a piece of each text at x and y."""
    return lambda *texts: [place(*text) for text in texts]


@pytest.fixture
def chunk() -> Callable[[float, float, str], Chunk]:
    return lambda x, y, text: make_chunk(0, place(x, y, text).words)


@pytest.fixture
def table() -> Callable[..., list[Piece]]:
    """Makes the pieces of rows of texts at columns' left edges, 30 from row to row; "" is none."""

    def make(lefts: Sequence[float], *rows: Sequence[str], top: float = 100) -> list[Piece]:
        return [
            place(left, top + 30 * number, text)
            for number, row in enumerate(rows)
            for left, text in zip(lefts, row, strict=False)
            if text
        ]

    return make


@pytest.fixture
def level() -> Callable[[float, float, float], Ruling]:
    """A level ruling at y from x to x."""
    return lambda y, left, right: Ruling((left, y), (right, y), 2)


@pytest.fixture
def upright() -> Callable[[float, float, float], Ruling]:
    """An upright ruling at x from y to y."""
    return lambda x, top, bottom: Ruling((x, top), (x, bottom), 2)
