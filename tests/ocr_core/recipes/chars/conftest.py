import numpy as np
import pytest

from ocr_core import charset, devices
from ocr_core.recipes.chars.drawing import Drawn
from ocr_core.synth.fonts import find_faces


@pytest.fixture(autouse=True)
def _in_float32(monkeypatch):
    monkeypatch.setattr(devices, "_cpu_has_fast_bfloat16", lambda: False)


@pytest.fixture(scope="session")
def faces():
    return find_faces(charset.latin(), [])  # those that come with PyMuPDF


@pytest.fixture
def bars():
    """Pictures of three classes, 0 to 2: a bright bar that lies, stands, or lies low."""
    rng = np.random.default_rng(0)
    labels = np.arange(60) % 3
    colours = rng.integers(0, 60, (60, 28, 28, 3)).astype(np.uint8)
    colours[labels == 0, 5:10] = 220
    colours[labels == 1, :, 12:17] = 220
    colours[labels == 2, 19:24] = 220
    return Drawn(colours, labels)
