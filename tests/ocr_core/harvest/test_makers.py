import numpy as np
import pytest

from ocr_core.harvest.folders import read_harvest
from ocr_core.harvest.makers import (
    HarvestedLines,
    HarvestedLineSettings,
    HarvestedPages,
    parted,
)
from ocr_core.harvest.pages import Use
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.text import TextSource


@pytest.fixture
def harvest(folder, charset, tmp_path):
    return read_harvest([folder], tmp_path / "kept", charset)


@pytest.fixture
def new_pages(harvest, charset):
    source = TextSource([Corpus("en", (), ("the", "house", "of", "paper"))], charset)
    return lambda **more: HarvestedPages(harvest, find_faces(charset, folders=()), source, **more)


def lines_of(harvest):
    return {text for page in harvest.pages for text in page.texts}


def test_lines_are_lines_of_the_pages(harvest):
    maker = HarvestedLines(harvest)
    samples = [sample for seed in range(0, 60, 5) for sample in maker.make(seed)]
    assert len(samples) > 60
    assert {sample.text for sample in samples} <= lines_of(harvest)
    assert len({sample.text for sample in samples}) > 15
    for sample in samples:
        assert sample.pixels.dtype == np.uint8
        assert sample.pixels.shape[0] == 40


def test_a_seed_gives_the_same_lines_in_any_order(harvest):
    first, second = HarvestedLines(harvest), HarvestedLines(harvest)
    forwards = {seed: first.make(seed) for seed in range(0, 16, 3)}
    for seed in reversed(range(0, 16, 3)):
        for one, other in zip(forwards[seed], second.make(seed), strict=True):
            assert one.text == other.text
            np.testing.assert_array_equal(one.pixels, other.pixels)


def test_without_wear_every_crop_holds_its_line_whole(harvest):
    maker = HarvestedLines(harvest, HarvestedLineSettings(worn=0.0))
    samples = [sample for seed in range(6) for sample in maker.make(seed, strength=0.0)]
    for sample in samples:
        dark = sample.pixels if np.median(sample.pixels) > 127 else 255 - sample.pixels
        rows, columns = np.nonzero(dark < 110)
        assert columns.min() < 25
        assert sample.pixels.shape[1] - columns.max() < 25
        assert 12 < np.ptp(rows) < 40


def test_wide_lines_are_left_out(harvest):
    maker = HarvestedLines(harvest, HarvestedLineSettings(max_width=8))
    assert all(maker.make(seed) == [] for seed in range(6))


def test_rows_of_dots_are_not_read(pdf, charset, tmp_path):
    for row in range(8):
        pdf.write(f"Paper {row} " + ". " * 25 + str(row), 40, 40 + 20 * row)
        pdf.write(f"account number {row}", 220, 40 + 20 * row)
    (tmp_path / "pdfs").mkdir()
    pdf.save(tmp_path / "pdfs" / "contents.pdf")
    harvest = read_harvest([tmp_path / "pdfs"], tmp_path / "kept", charset)
    samples = HarvestedLines(harvest).make(0)
    assert samples
    assert all(sample.text.startswith("account") for sample in samples)


def test_pages_show_the_lines_where_they_say(new_pages, harvest):
    maker = new_pages(strength=0.0)
    for seed in range(6):
        made = maker.make(seed)
        assert {line.text for line in made.page.lines} <= lines_of(harvest)
        assert len(made.page.lines) + len(made.ignored) >= 8
        for line in made.page.lines:
            box = line.quad.box
            part = made.pixels[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
            assert np.ptp(part) > 60
        assert 890 <= max(made.pixels.shape) <= 2010


def test_a_seed_gives_the_same_page(new_pages):
    one, other = new_pages().make(5), new_pages().make(5)
    np.testing.assert_array_equal(one.pixels, other.pixels)
    assert one.page == other.page


def test_what_is_ignored_on_a_page_stays_ignored(new_pages, harvest):
    for page in harvest.pages:
        page.uses[0] = Use.IGNORED
    made = new_pages(strength=0.0).make(1)
    assert len(made.ignored) >= 1


def test_ink_is_worn_but_panels_and_pale_letters_are_not():
    ink = np.zeros((200, 300), np.uint8)
    ink[:60] = 90  # a panel
    ink[20:40, 20:24] = 255  # a stroke on it
    ink[100:120, 20:24] = 255
    ink[100:120, 200:204] = 60  # a pale one
    letters, rest = parted(ink, em_px=30)
    np.testing.assert_array_equal(np.maximum(letters, rest), ink)
    assert (letters[20:40, 20:24] == 255).all()
    assert (letters[100:120, 20:24] == 255).all()
    assert not letters[:, 200:204].any()
    assert not letters[:15].any()
    assert (rest[:15] == 90).all()
