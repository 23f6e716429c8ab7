"""One page to the terminal."""

import argparse

import cv2
import numpy as np
import pymupdf
import pytest

import ocr_core
from ocr_core import profiles
from ocr_core.cleaning import steps
from ocr_core.errors import ConfigError
from pipelines import page
from schemas import Page, PageImage, PageRef
from tests import documents


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch, handle):
    """Stand-in models in place of weights."""
    monkeypatch.setattr(ocr_core, "load", lambda **_: handle.make_engine())


def run_command(*arguments):
    parser = argparse.ArgumentParser()
    page.add_arguments(parser)
    arguments = [*arguments, "--dpi", documents.DPI]
    return page.main(parser.parse_args([str(argument) for argument in arguments]))


def test_the_first_page_is_printed(tmp_path, capsys):
    assert run_command(documents.write_pdf(tmp_path / "a.pdf", ["ab cd", "e"])) == 0
    assert capsys.readouterr().out == "ab cd\n"


def test_another_page_is_printed(tmp_path, capsys):
    path = documents.write_pdf(tmp_path / "a.pdf", ["ab cd", "e"])
    assert run_command(path, "--page", 2) == 0
    assert capsys.readouterr().out == "e\n"


def test_a_page_is_read_as_the_flags_say(tmp_path, monkeypatch, handle):
    given = {}
    monkeypatch.setattr(ocr_core, "load", lambda **how: given.update(how) or handle.make_engine())
    path = documents.write_png(tmp_path / "a.png", "ab cd")
    flags = ("--quality", "fast", "--precision", "float32", "--no-language-model", "--no-correct")
    assert run_command(path, *flags) == 0
    assert given == {
        "weights": None,
        "device": "auto",
        "correct": False,
        "backend": "torch",
        "precision": "float32",
        "quality": profiles.choose("fast", language_model=False),
        "restore": False,
    }


def test_lines_are_restored_if_that_is_asked_for(tmp_path, monkeypatch, handle):
    given = {}
    monkeypatch.setattr(ocr_core, "load", lambda **how: given.update(how) or handle.make_engine())
    assert run_command(documents.write_png(tmp_path / "a.png", "ab cd"), "--restore") == 0
    assert given["restore"] is True


def test_what_was_found_is_drawn(tmp_path, capsys):
    boxes = tmp_path / "boxes.png"
    assert run_command(documents.write_png(tmp_path / "a.png", "ab cd"), "--boxes", boxes) == 0
    picture = cv2.imread(str(boxes))
    assert picture.shape == (200, 300, 3)
    coloured = np.argwhere(np.ptp(picture, axis=2) > 50)
    # Around the line, which is drawn from x = 40 and y = 60, 20 pixels high.
    top, left = coloured.min(axis=0)
    bottom = coloured[:, 0].max()
    assert (top, left, bottom) == pytest.approx((60, 40, 80), abs=6)


@pytest.fixture
def letter(tmp_path):
    """A PDF with text of its own."""
    with pymupdf.open() as document:
        document.new_page(width=300, height=200).insert_text((40, 100), "the letter")
        document.save(tmp_path / "letter.pdf")
    return tmp_path / "letter.pdf"


def test_the_text_that_a_pdf_brings_along_is_printed(letter, tmp_path, capsys):
    boxes = tmp_path / "boxes.png"
    assert run_command(letter, "--boxes", boxes) == 0
    assert capsys.readouterr().out == "the letter\n"
    picture = cv2.imread(str(boxes))
    top, left = np.argwhere(np.ptp(picture, axis=2) > 50).min(axis=0)
    assert (top, left) == pytest.approx((128, 56), abs=4)


def test_the_text_that_a_pdf_brings_along_can_be_ignored(letter, capsys):
    assert run_command(letter, "--text-layer", "ignore") == 0
    assert "letter" not in capsys.readouterr().out  # for the stand-ins cannot read it


def test_a_page_is_cleaned_as_the_flag_says(tmp_path, monkeypatch):
    taken = []
    monkeypatch.setattr(steps, "clean", lambda pixels, names: taken.append(names) or pixels)
    path = documents.write_png(tmp_path / "a.png", "ab")
    assert run_command(path, "--clean", "sharpen,borders") == 0
    assert run_command(path) == 0
    assert taken == [("borders", "sharpen"), ("auto",)]


def test_a_step_of_cleaning_that_does_not_exist_is_a_mistake(tmp_path):
    with pytest.raises(ConfigError, match="not 'scrub'"):
        run_command(documents.write_png(tmp_path / "a.png", "a"), "--clean", "scrub")


def test_boxes_are_drawn_on_the_page_turned_as_it_was_read(tmp_path):
    pixels = np.full((60, 100), 255, np.uint8)
    pixels[50:, :10] = 0  # at the bottom left; top left once the page is turned clockwise
    image = PageImage(PageRef("", "", 0), pixels, 100)
    page.write_boxes(tmp_path / "a.png", image, Page(image.ref, 60, 100, 100, (), (), 90))
    picture = cv2.imread(str(tmp_path / "a.png"), cv2.IMREAD_GRAYSCALE)
    assert picture.shape == (100, 60)
    assert picture[:10, :10].max() == 0


def test_boxes_need_a_name_that_says_their_format(tmp_path):
    path = documents.write_png(tmp_path / "a.png", "a")
    with pytest.raises(ConfigError, match=r"ends in \.png"):
        run_command(path, "--boxes", tmp_path / "boxes.doc")


def test_a_document_that_cannot_be_read_is_told_with_its_code(tmp_path, capsys):
    path = documents.write_pdf(tmp_path / "a.pdf", ["a"], password="secret")
    assert run_command(path) == 3
    assert f"{path}: encrypted-source: " in capsys.readouterr().err


def test_a_page_that_cannot_be_read_is_told_with_its_code(tmp_path, capsys):
    assert run_command(documents.write_png(tmp_path / "a.png", "poison")) == 3
    assert "internal-error: detect: " in capsys.readouterr().err


@pytest.mark.parametrize("number", [0, 3])
def test_a_page_that_does_not_exist_is_a_mistake(tmp_path, number):
    path = documents.write_tiff(tmp_path / "a.tif", ["a", "b"])
    with pytest.raises(ConfigError, match="page"):
        run_command(path, "--page", number)


def test_a_file_that_does_not_exist_is_a_mistake(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        run_command(tmp_path / "gone.pdf")


def test_a_folder_is_sent_to_the_command_that_reads_folders(tmp_path):
    with pytest.raises(ConfigError, match=r"is a folder, which `beam-ocr run .* reads"):
        run_command(tmp_path)


def test_pages_count_from_1(tmp_path):
    with pytest.raises(ConfigError, match="--page counts from 1, not 0"):
        run_command(tmp_path / "a.pdf", "--page", 0)
