from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from ocr_core.synth import marks
from ocr_core.synth.photos import PhotoAlbum
from ocr_core.synth.sheet import Sheet


@pytest.mark.parametrize("seed", range(8))
def test_a_picture_stays_within_its_area(new_sheet: Callable[..., Sheet], seed: int) -> None:
    sheet = new_sheet(seed, width=300, height=200)
    marks.draw_picture(sheet, (50, 40, 150, 140))
    seen = np.maximum(sheet.canvas.ink, sheet.canvas.tone)
    assert seen[40:140, 50:150].std() > 3
    seen[36:148, 46:158] = 0
    assert seen.max() == 0


def test_photographs_of_an_album_are_printed(
    new_sheet: Callable[..., Sheet], tmp_path: Path
) -> None:
    photo = np.tile(np.array([[200, 90]], np.uint8).repeat(20, 1), (200, 10))
    cv2.imwrite(str(tmp_path / "stripes.png"), photo)
    album = PhotoAlbum([tmp_path / "stripes.png"])
    printed = 0
    for seed in range(30):
        sheet = new_sheet(seed, width=300, height=200)
        sheet.album = album
        marks.draw_picture(sheet, (50, 40, 150, 140))
        greys = np.unique(sheet.canvas.tone[60:120, 70:130])
        printed += {55, 165} <= set(greys.tolist()) and len(greys) < 120
    assert 5 <= printed <= 25


def test_a_picture_partly_off_the_sheet_is_cut(sheet: Sheet) -> None:
    marks.draw_picture(sheet, (-100, -50, 200, 100))
    assert sheet.canvas.tone[:100, :200].any()


@pytest.mark.parametrize("draw", [marks.draw_logo, marks.draw_scribble, marks.draw_bar_code])
def test_logos_signatures_and_bar_codes_are_ink_without_text(
    new_sheet: Callable[..., Sheet], draw: Callable[[Sheet, marks.Area], None]
) -> None:
    for seed in range(6):
        sheet = new_sheet(seed)
        draw(sheet, (200, 300, 360, 380))
        assert sheet.canvas.ink[290:480, 190:370].any()
        assert not sheet.canvas.segments


def test_stamps_read_as_lines_unless_they_are_round(new_sheet: Callable[..., Sheet]) -> None:
    round_ones = 0
    for seed in range(20):
        sheet = new_sheet(seed)
        marks.draw_stamp(sheet, (400, 600))
        assert sheet.canvas.ink.any()
        segments = sheet.canvas.segments
        if all(segment.ignored for segment in segments):
            round_ones += 1
            assert len(segments) == 1
        else:
            assert all(segment.text for segment in segments)
    assert 2 <= round_ones <= 15
