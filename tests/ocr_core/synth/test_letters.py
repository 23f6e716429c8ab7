from collections.abc import Callable

import pytest

from ocr_core.synth.letters import draw_index, draw_letter, draw_list
from ocr_core.synth.sheet import Sheet


@pytest.mark.parametrize("layout", [draw_letter, draw_list, draw_index])
@pytest.mark.parametrize("seed", range(6))
def test_a_page_of_correspondence_has_lines(
    draw: Callable[..., Sheet], layout: Callable[[Sheet], None], seed: int
) -> None:
    assert len(draw(layout, seed).canvas.join()) >= 4


def test_dot_leaders_make_one_line_of_an_entry_and_its_number(draw: Callable[..., Sheet]) -> None:
    led = [
        segment.text
        for seed in range(8)
        for segment in draw(draw_index, seed).canvas.join()
        if "...." in segment.text.replace(" ", "")
    ]
    assert led
    assert all(text[0] != "." and text.split()[-1].isdigit() for text in led)
