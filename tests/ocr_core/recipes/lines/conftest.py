import cv2
import numpy as np
import pytest

from ocr_core import weights
from ocr_core.recogniser import Recogniser, RecogniserConfig
from tests import tiny_networks
from tests.stand_ins import blank_page, draw_text

SMALL = RecogniserConfig("ab ", 16, (8, 8, 16, 16, 16), (1, 1, 1, 1, 1), row=24, hidden=16)


@pytest.fixture
def start(tmp_path):
    """The weights of a small network that knows a, b and the space, and has learnt nothing."""
    folder = tmp_path / "start"
    folder.mkdir()
    return weights.load_file(tiny_networks.save(folder, Recogniser(SMALL)), "recogniser")


@pytest.fixture
def lines(tmp_path):
    """A folder of 60 labelled lines of a, b and c."""
    folder = tmp_path / "lines"
    folder.mkdir()
    rng = np.random.default_rng(1)
    for number in range(60):
        text = "".join(rng.choice(list("abc"), 3))
        pixels = blank_page(32, 110)
        draw_text(pixels, text, left=10, top=6)
        cv2.imwrite(str(folder / f"{number:02}.png"), pixels)
        (folder / f"{number:02}.gt.txt").write_text(text)
    return folder
