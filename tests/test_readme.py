"""The README's Python is run as a reader would."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pymupdf
import pytest

from ocr_core import weights

ROOT = Path(__file__).parents[1]
SCAN = ROOT / "samples" / "letter-scanned.pdf"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where a reader has a scan, a picture of it, and a run over it."""
    if not all(path.exists() for path in weights.find()):
        pytest.skip("no weights have been trained yet")
    folder = tmp_path_factory.mktemp("reader")
    shutil.copy(SCAN, folder / "scan.pdf")
    with pymupdf.open(SCAN) as scan:
        scan[0].get_pixmap(dpi=200, colorspace=pymupdf.csGRAY).save(folder / "letter.png")
    command = [sys.executable, "-m", "pipelines.cli", "run", "scan.pdf", "--output", "out"]
    subprocess.run([*command, "--quiet"], cwd=folder, env={"PYTHONPATH": str(ROOT)}, check=True)
    return folder


def examples():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    ("example", "said"),
    list(zip(examples(), ["Dear Miss Thornbury,", "scan.pdf 1\n"], strict=True)),
    ids=["a page", "documents"],
)
def test_examples_run(folder, example, said):
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", example],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said in told.stdout
