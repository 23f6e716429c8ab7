from collections.abc import Callable

import numpy as np

from ocr_core.synth.sheet import Column, Sheet
from ocr_core.synth.wear import wear_sheet


def _page(new_sheet: Callable[..., Sheet], seed: int) -> Sheet:
    sheet = new_sheet(seed)
    sheet.paragraph("the paper of the house " * 20, sheet.pen(11), Column(150, 700), 200)
    return sheet


def test_no_wear_leaves_the_sheet_as_it_was(new_sheet: Callable[..., Sheet]) -> None:
    sheet = _page(new_sheet, 0)
    before = sheet.canvas.ink.copy()
    wear_sheet(sheet, 0.0)
    np.testing.assert_array_equal(sheet.canvas.ink, before)
    assert not sheet.canvas.tone.any()


def test_wear_adds_ink_and_takes_no_line_away(new_sheet: Callable[..., Sheet]) -> None:
    for seed in range(10):
        sheet = _page(new_sheet, seed)
        before = sheet.canvas.ink.copy()
        texts = [segment.text for segment in sheet.canvas.segments]
        wear_sheet(sheet, 12.0)  # all of it
        assert (sheet.canvas.ink >= before).all()
        assert (sheet.canvas.ink > before).any()
        assert [segment.text for segment in sheet.canvas.segments][: len(texts)] == texts


def test_a_neighbouring_page_is_ignored_and_clear_of_the_text(
    new_sheet: Callable[..., Sheet],
) -> None:
    sheet = _page(new_sheet, 3)
    n = len(sheet.canvas.segments)
    wear_sheet(sheet, 20.0)
    slivers = [s for s in sheet.canvas.segments[n:] if s.ignored and s.text]
    assert slivers
    for segment in slivers:
        assert segment.corners[1, 0] < 150 or segment.corners[0, 0] > 700
