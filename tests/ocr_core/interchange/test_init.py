"""The example of the package's README, run as a reader would."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from ocr_core import weights
from ocr_core.interchange import writing

README = Path(__file__).parents[3] / "ocr_core" / "interchange" / "README.md"


def example():
    [code] = re.findall(r"^```python\n(.*?)^```", README.read_text("utf-8"), re.DOTALL | re.M)
    return code


def test_a_line_is_read_with_onnx_runtime_alone(tmp_path):
    pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    path = weights.find()[1]
    if not path.exists():
        pytest.skip("no weights have been trained yet")
    file = weights.load_file(path, "recogniser")
    writing.write(file, tmp_path / "models" / "recogniser.onnx", writing.FORMATS["onnx"])
    picture = Image.new("L", (700, 56), 255)
    font = ImageFont.load_default(36)
    ImageDraw.Draw(picture).text((8, 4), "Forty boxes of good oranges", fill=0, font=font)
    picture.save(tmp_path / "line.png")
    command = [sys.executable, "-c", example()]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "Forty boxes of good oranges"


def test_the_example_is_short_and_needs_none_of_our_code():
    assert len(example().splitlines()) <= 14
    assert "ocr_core" not in example()
