import argparse

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr_core.errors import ConfigError, UnsupportedFormatError, WeightsError
from ocr_core.recipes.classic import command
from ocr_core.recipes.classic.reading import ClassicReader
from ocr_core.synth.fonts import open_font


def run(*words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.main(parser.parse_args(list(map(str, words))))


@pytest.mark.parametrize("method", ["svm", "nearest"])
def test_a_reader_is_taught_and_reads_pictures(tmp_path, capfd, faces, method):
    image = Image.new("L", (60, 60), 255)
    ImageDraw.Draw(image).text((30, 47), "K", font=open_font(faces[0], 48), anchor="ms")
    path = tmp_path / "K.png"
    cv2.imwrite(str(path), np.asarray(image))
    words = ["--to", tmp_path, "--method", method]
    assert run(*words, "--fonts", "--lines", 60) == 0
    assert "characters" in capfd.readouterr().out
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "one.png").write_bytes(path.read_bytes())
    (tmp_path / "pages" / "one.gt.txt").write_text("K")
    assert run(*words, "--read-folders", tmp_path / "pages", "--texts", tmp_path / "texts") == 0
    assert "1 pages" in capfd.readouterr().out
    [text] = (tmp_path / "texts" / "pages").iterdir()
    assert (text.name, text.read_text().upper()) == ("one.txt", "K")
    with pytest.raises(ConfigError, match="no pictures"):
        run(*words, "--read-folders", tmp_path / "texts")
    for what in ("character", "line", "page"):
        assert run(*words, f"--read-{what}", path) == 0
        read = capfd.readouterr().out.strip()
        assert read.upper() == "K"


def test_there_is_nothing_to_read_with_before_it_was_taught(tmp_path):
    path = tmp_path / "empty.png"
    cv2.imwrite(str(path), np.zeros((9, 9), np.uint8))
    with pytest.raises(WeightsError, match="train one"):
        run("--to", tmp_path, "--read-page", path)


def test_of_a_pdf_it_is_said_that_only_pictures_are_read(tmp_path, monkeypatch):
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7\n")
    monkeypatch.setattr(command, "load", lambda path: ClassicReader(None, None))
    with pytest.raises(UnsupportedFormatError, match=r"x\.pdf is a PDF, and only pictures"):
        run("--to", tmp_path, "--read-page", tmp_path / "x.pdf")


def test_a_folder_of_fonts_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"no folder of fonts .*nowhere"):
        run("--to", tmp_path, "--fonts", tmp_path / "nowhere")
