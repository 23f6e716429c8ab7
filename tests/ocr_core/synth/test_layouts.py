import numpy as np

from ocr_core.synth.layouts import LAYOUTS, Paper, draw_layout


def test_layouts_are_drawn_by_weight() -> None:
    rng = np.random.default_rng(0)
    drawn = [draw_layout(rng).draw.__name__ for _ in range(4000)]
    total = sum(layout.weight for layout in LAYOUTS)
    for layout in LAYOUTS:
        share = drawn.count(layout.draw.__name__) / 4000
        assert abs(share - layout.weight / total) < 0.03


def test_about_one_page_in_twenty_five_has_no_text() -> None:
    total = sum(layout.weight for layout in LAYOUTS)
    wordless = next(layout for layout in LAYOUTS if layout.draw.__name__ == "draw_wordless")
    assert 0.03 < wordless.weight / total < 0.05


def test_paper_is_of_a_size_between_its_limits() -> None:
    wide, high = Paper((2, 3), (4, 5)).draw(np.random.default_rng(0))
    assert 2 <= wide <= 3
    assert 4 <= high <= 5
