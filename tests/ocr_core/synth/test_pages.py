import numpy as np
import pytest

from ocr_core.synth.fonts import Face
from ocr_core.synth.layouts import LAYOUTS
from ocr_core.synth.pages import PageMaker, SynthPage
from ocr_core.synth.text import TextSource
from schemas import Quad


def _same(first: SynthPage, second: SynthPage) -> bool:
    return (
        first.pixels.shape == second.pixels.shape
        and bool((first.pixels == second.pixels).all())
        and first.page == second.page
        and first.ignored == second.ignored
    )


def test_a_page_depends_on_its_seed_alone(faces: list[Face], source: TextSource) -> None:
    first, second = (PageMaker(faces, source, (400, 600)) for _ in range(2))
    first.make(1)  # what was drawn before must not matter
    assert _same(first.make(7), second.make(7))
    assert not _same(first.make(7), first.make(8))


def test_the_page_fits_its_pixels_and_names_its_seed(maker: PageMaker) -> None:
    made = maker.make(5)
    assert made.pixels.dtype == np.uint8
    assert made.pixels.shape == (made.page.height_px, made.page.width_px)
    assert 390 <= max(made.pixels.shape) <= 610
    assert made.page.ref.uri == "synthetic:5"
    assert made.page.dpi > 0


@pytest.mark.parametrize("seed", range(40))
def test_every_line_lies_on_the_page_and_is_high_enough_to_read(
    maker: PageMaker, seed: int
) -> None:
    made = maker.make(seed)
    height, width = made.pixels.shape
    for line in made.page.lines:
        box = line.quad.box
        assert line.text == " ".join(word.text for word in line.words)
        assert line.quad.height >= 8
        assert box.left > -6
        assert box.right < width + 6
        assert box.top > -6
        assert box.bottom < height + 6
        assert abs(line.quad.angle_deg) < 115


@pytest.mark.parametrize("seed", range(20))
def test_words_lie_within_their_lines(maker: PageMaker, seed: int) -> None:
    for line in maker.make(seed).page.lines:
        slack = 0.8 * line.quad.height
        for word in line.words:
            assert word.box.left > line.quad.box.left - slack
            assert word.box.right < line.quad.box.right + slack


def _box_of(quad: Quad, margin: int) -> tuple[slice, slice]:
    box = quad.box
    return (
        slice(max(0, int(box.top) - margin), max(0, int(box.bottom) + margin + 1)),
        slice(max(0, int(box.left) - margin), max(0, int(box.right) + margin + 1)),
    )


def test_clean_pages_have_ink_in_every_line_and_little_beside(maker: PageMaker) -> None:
    book = LAYOUTS[0]
    for seed in range(10):
        made = maker.make_layout(seed, book)
        dark = made.pixels < 128
        assert all(dark[_box_of(line.quad, 2)].any() for line in made.page.lines)
        beside = dark.copy()
        for quad in [line.quad for line in made.page.lines] + list(made.ignored):
            beside[_box_of(quad, 2)] = False
        margin = made.pixels.shape[1] // 40
        inner = (slice(margin, -margin), slice(margin, -margin))
        if dark.mean() < 0.2:  # else there are dark surroundings
            assert beside[inner].sum() < 0.3 * dark[inner].sum() + 300


def test_strong_degradation_leaves_labels_only_on_what_can_be_seen(
    faces: list[Face], source: TextSource
) -> None:
    maker = PageMaker(faces, source, (400, 600), strength=1.0)
    for seed in range(25):
        made = maker.make(seed)
        for line in made.page.lines:
            part = made.pixels[_box_of(line.quad, 0)]
            assert np.ptp(part.astype(int)) > 10


def test_a_low_resolution_leaves_small_text_to_be_ignored(
    faces: list[Face], source: TextSource
) -> None:
    maker = PageMaker(faces, source, (200, 260), strength=0.0)
    made = [maker.make(seed) for seed in range(10)]
    assert sum(len(page.ignored) for page in made) > 0
