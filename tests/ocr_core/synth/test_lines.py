import numpy as np
import pytest

from ocr_core.charset import latin
from ocr_core.cropping import crop_quad
from ocr_core.synth import lines
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.lines import LineMaker, LineSettings
from ocr_core.synth.typeset import LineStyle, set_line

SEEDS = range(30)


@pytest.fixture(scope="module")
def maker(faces, source):
    return LineMaker(faces, source, LineSettings(no_text=0.0))


@pytest.fixture(scope="module")
def worn(maker):
    return [sample for seed in SEEDS for sample in maker.make(seed)]


@pytest.fixture(scope="module")
def clean(maker):
    return [sample for seed in SEEDS for sample in maker.make(seed, strength=0.0)]


def dark_on_light(pixels):
    """The crop as ink, 0 to 1, whichever way round it was printed."""
    ink = 1 - pixels / 255
    return 1 - ink if np.median(ink) > 0.5 else ink


def test_a_seed_gives_the_same_lines_anywhere(maker, faces, source):
    maker.make(99)
    other = LineMaker(faces, source, LineSettings(no_text=0.0))
    for one, again in zip(maker.make(4), other.make(4), strict=True):
        assert one.text == again.text
        np.testing.assert_array_equal(one.pixels, again.pixels)
    assert [s.text for s in maker.make(4)] != [s.text for s in maker.make(5)]


def test_crops_are_bytes_of_the_height_of_the_recogniser(worn):
    for sample in worn:
        assert sample.pixels.dtype == np.uint8
        assert sample.pixels.shape[0] == 40
        assert 8 <= sample.pixels.shape[1] <= 1540


def test_a_block_has_about_ten_lines(worn):
    assert 5 <= len(worn) / len(SEEDS) <= 12


def test_texts_can_be_written_with_the_charset(worn):
    for sample in worn:
        assert sample.text
        assert latin().holds(sample.text)
        assert sample.text == " ".join(sample.text.split())


def test_short_and_long_lines_are_made(worn):
    lengths = [len(sample.text) for sample in worn]
    assert min(lengths) <= 4
    assert max(lengths) >= 40


def test_other_heights_can_be_asked_for(faces, source):
    maker = LineMaker(faces, source, LineSettings(height=24, max_width=300))
    for seed in range(5):
        for sample in maker.make(seed):
            assert sample.pixels.shape[0] == 24
            assert sample.pixels.shape[1] <= 330


def test_clean_crops_show_all_of_their_ink_and_little_else(clean):
    """From edge to edge the paper that is left is less than half a line high."""
    starts, ends, inks = [], [], []
    for sample in clean:
        columns = np.flatnonzero(dark_on_light(sample.pixels).max(axis=0) > 0.35)
        assert len(columns)
        starts.append(columns[0])
        ends.append(sample.pixels.shape[1] - columns[-1])
        inks.append(dark_on_light(sample.pixels).mean())
    assert np.percentile(starts, 95) <= 26
    assert np.percentile(ends, 95) <= 26
    assert 0.08 < np.mean(inks) < 0.35


def test_worn_crops_differ_from_clean_ones(worn, clean):
    assert np.mean([s.pixels.std() for s in worn]) < np.mean([s.pixels.std() for s in clean])


def test_quads_of_a_block_fit_the_ink(faces):
    style = LineStyle(faces[0], 40)
    texts = ["High words", "a", "gypsy", "12,345.67 %"]
    for seed in range(20):
        rng = np.random.default_rng(seed)
        set_lines = [set_line(text, style, rng) for text in texts]
        ink, quads = lines._block(set_lines, 60.0, rng)
        assert len(quads) == len(texts)
        for line, quad in zip(set_lines, quads, strict=True):
            found = 255 - crop_quad(255 - ink, quad, height=48).astype(int)
            rows, columns = np.where(found > 90)
            assert columns.min() <= 12
            assert columns.max() >= found.shape[1] - 13
            expected = (line.ink > 90).sum() * (48 / 1.2 / quad.height) ** 2
            assert len(rows) > 0.8 * expected


def test_squeezing_moves_ink_and_quads_alike(faces):
    rng = np.random.default_rng(0)
    line = set_line("squeezed", LineStyle(faces[0], 40), rng)
    ink, quads = lines._block([line], 60.0, np.random.default_rng(1))
    block = lines.Block(ink, quads, ["squeezed"], 40.0)
    narrow = lines._squeezed(block, 0.5)
    assert narrow.ink.shape == (ink.shape[0], round(ink.shape[1] * 0.5))
    assert narrow.quads[0].width == pytest.approx(quads[0].width / 2, rel=0.01)
    assert narrow.quads[0].height == pytest.approx(quads[0].height, rel=0.05)
    assert narrow.ink.mean() == pytest.approx(ink.mean(), rel=0.02)


def test_common_faces_come_more_often_and_large_families_do_not_crowd_others_out(faces):
    choice = lines._Choice(faces)
    rng = np.random.default_rng(0)
    drawn = [choice.draw(rng).family for _ in range(2000)]
    for face in faces:
        assert drawn.count(face.family) == pytest.approx(400, abs=80)


def test_blocks_without_text_give_crops_that_say_nothing(faces, source):
    maker = LineMaker(faces, source, LineSettings(no_text=1.0))
    samples = [sample for seed in range(8) for sample in maker.make(seed)]
    assert len(samples) >= 24
    assert {sample.text for sample in samples} == {""}
    assert np.mean([np.ptp(sample.pixels) > 60 for sample in samples]) > 0.6


def test_a_third_of_the_typescript_is_set_by_tills(tmp_path, save_console_font, faces, source):
    save_console_font(tmp_path / "till.psf.gz")
    (till,) = find_faces(latin(), [tmp_path])
    maker = LineMaker([*faces, till], source, LineSettings(no_text=0.0, typescript=0.75))
    blocks = [maker._tills is not None and maker.make(seed) for seed in range(24)]
    texts = [sample.text for block in blocks for sample in block]
    assert all(len(block) >= 1 for block in blocks)
    assert sum(any(sign in text for sign in "%@#*") for text in texts) > len(texts) // 20
    tills_alone = LineMaker([till], source, LineSettings(no_text=0.0, typescript=3.0))
    for sample in tills_alone.make(1, strength=0.0):
        assert np.ptp(sample.pixels) > 100
        assert till.holds(sample.text)


def test_ink_of_tills_is_never_worn_to_nothing(tmp_path, save_console_font, source):
    save_console_font(tmp_path / "till.psf.gz")
    (till,) = find_faces(latin(), [tmp_path])
    maker = LineMaker([till], source, LineSettings(no_text=0.0, typescript=3.0))
    samples = [sample for seed in range(20) for sample in maker.make(seed)]
    assert np.mean([np.ptp(sample.pixels) > 40 for sample in samples]) > 0.97
