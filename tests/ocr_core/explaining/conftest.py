"""A page of stand-ins, read with doubt: each c may be an e."""

import pytest

from ocr_core.engine import Engine
from ocr_core.explaining import following
from ocr_core.reading import LineReader
from tests import stand_ins


@pytest.fixture(scope="session")
def engine():
    reader = LineReader(
        stand_ins.DoubtfulRecogniser(sureness=0.5), second=stand_ins.GreyRecogniser()
    )
    return Engine(stand_ins.InkDetector(), reader, None)


@pytest.fixture(scope="session")
def image():
    pixels = stand_ins.blank_page()
    stand_ins.draw_text(pixels, "abd deab abba", 40, 60)
    stand_ins.draw_text(pixels, "abc deab", 40, 120)
    return stand_ins.page_image(pixels)


@pytest.fixture(scope="session")
def followed(engine, image):
    return following.follow(engine, image)


@pytest.fixture(scope="session")
def line(followed):
    """The one with a c."""
    return following.choose_line(followed, words="c")
