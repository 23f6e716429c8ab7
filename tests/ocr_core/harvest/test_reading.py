from unittest.mock import Mock

import numpy as np

from ocr_core import weights
from ocr_core.charset import Charset
from ocr_core.harvest.reading import CropReader, shipped_reader


def read_ink(crops, widths):
    """Reads `a` in crops with ink, and nothing in others."""
    answers = []
    for crop, width in zip(crops, widths, strict=True):
        steps = np.full((-(-int(width) // 4), 3), -9.0, np.float32)
        steps[:, 0] = 0
        if crop.min() < 128:
            steps[1] = (-9, -9, 0)
        answers.append(steps)
    return answers


def test_each_crop_has_its_text():
    blank, inked = np.full((40, 80), 255, np.uint8), np.zeros((40, 120), np.uint8)
    recogniser = Mock(side_effect=read_ink, charset=Charset(" a"), height=40)
    read = CropReader(recogniser)
    assert read([blank, inked, blank]) == ["", "a", ""]
    assert read([]) == []


def test_the_shipped_weights_read():
    reader = shipped_reader()
    assert reader is not None
    assert reader([np.full((40, 80), 255, np.uint8)]) == [""]


def test_without_weights_there_is_no_reader(monkeypatch, tmp_path):
    monkeypatch.setattr(weights, "find", lambda: (tmp_path / "a", tmp_path / "b"))
    assert shipped_reader() is None
