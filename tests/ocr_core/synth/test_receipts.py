from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ocr_core.charset import latin
from ocr_core.synth.canvas import Canvas
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.receipts import draw_receipt
from ocr_core.synth.sheet import FaceShelf, Sheet
from ocr_core.synth.text import TextSource


@pytest.mark.parametrize("seed", range(12))
def test_a_receipt_has_lines(draw: Callable[..., Sheet], seed: int) -> None:
    assert len(draw(draw_receipt, seed, width=500, height=1200).canvas.join()) > 6


def test_lines_of_dashes_and_stars_are_no_text(draw: Callable[..., Sheet]) -> None:
    for seed in range(12):
        sheet = draw(draw_receipt, seed, width=500, height=1200)
        assert not [s.text for s in sheet.canvas.join() if set(s.text) <= set("-=*_.")]


def test_tills_set_some_lines_twice_as_high(
    tmp_path: Path, save_console_font: Callable[..., None], source: TextSource
) -> None:
    save_console_font(tmp_path / "till.psf.gz")
    shelf = FaceShelf(find_faces(latin(), [tmp_path]))
    heights: list[float] = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        sheet = Sheet(Canvas(500, 1200), rng, shelf, source, source.first, 150.0, 9.0)
        draw_receipt(sheet)
        found = [np.ptp(segment.corners[:, 1]) for segment in sheet.canvas.join()]
        assert len(found) > 6
        heights.append(max(found) / np.median(found))
    assert max(heights) > 1.7
