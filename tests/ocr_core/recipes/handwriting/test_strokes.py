from dataclasses import replace

import numpy as np
import pytest

from ocr_core.recipes.handwriting.strokes import Hand, draw_hand, write
from ocr_core.synth.typeset import LineStyle, set_line

STILL = Hand(unevenness=0.0, slant=0.0, slope=0.0, pen=0.0, pressure=0.0, fading=0.0)


@pytest.fixture
def line(hands):
    return set_line("lllllll", LineStyle(hands[0], 48), np.random.default_rng(1))


def middles(ink, rows):
    """The mean column of the ink of some rows."""
    counts = ink[rows].astype(float).sum(axis=0)
    return (counts * np.arange(len(counts))).sum() / counts.sum()


def test_a_still_hand_writes_as_the_face_is(line):
    written = write(line, STILL, 48, np.random.default_rng(1))
    room = -written.ink_left + line.ink_left
    height, width = line.ink.shape
    inner = written.ink[room : room + height, room : room + width]
    assert np.abs(inner.astype(int) - line.ink).mean() < 25
    assert written.ink.astype(int).sum() == pytest.approx(inner.astype(int).sum(), rel=0.03)
    assert written.width == line.width


def test_hands_lean_to_the_right(line):
    written = write(line, replace(STILL, slant=0.5), 48, np.random.default_rng(1))
    rows = np.flatnonzero((written.ink > 128).any(axis=1))
    top, bottom = slice(rows[0], rows[0] + 5), slice(rows[-1] - 5, rows[-1])
    lean = middles(written.ink, top) - middles(written.ink, bottom)
    assert lean == pytest.approx(0.5 * (rows[-1] - rows[0] - 5), rel=0.15)


def test_lines_fall(line):
    written = write(line, replace(STILL, slope=0.1), 48, np.random.default_rng(1))
    columns = np.flatnonzero((written.ink > 128).any(axis=0))
    first, last = (
        np.flatnonzero((written.ink[:, part] > 128).any(axis=1))[-1]
        for part in (slice(columns[0], columns[0] + 6), slice(columns[-1] - 6, columns[-1]))
    )
    assert last - first == pytest.approx(0.1 * (columns[-1] - columns[0]), abs=2.5)


def test_letters_differ_in_size_width_and_ink(line):
    rng = np.random.default_rng(2)
    hand = Hand(unevenness=1.0, slant=0.0, slope=0.0, pen=0.03, pressure=1.0, fading=1.0)
    written = [write(line, hand, 48, rng) for _ in range(10)]
    assert len({one.ink.shape[1] for one in written}) > 5
    assert len({one.ink.tobytes() for one in written}) == 10
    for one in written:
        share = (one.ink > 100).sum() / (line.ink > 100).sum()
        assert 0.5 < share < 3
        tops = [rows[0] for column in one.ink.T if len(rows := np.flatnonzero(column > 100))]
        assert np.ptp(tops) >= 2


def test_a_broader_pen_draws_broader_strokes(line):
    thin, fat = (
        write(line, replace(STILL, pen=pen), 48, np.random.default_rng(1)).ink for pen in (0, 0.06)
    )
    assert (fat > 128).sum() > 1.2 * (thin > 128).sum()


def test_somebody_has_one_hand():
    first, again, other = (draw_hand(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first == again != other
    assert -0.4 <= first.slant <= 0.7
