"""Our engine inside the real OCRmyPDF."""

import shutil
from pathlib import Path

import pymupdf
import pytest

ocrmypdf = pytest.importorskip("ocrmypdf")

from ocr_core import ocrmypdf_plugin, weights  # noqa: E402

SAMPLES = Path(__file__).parents[2] / "samples"

pytestmark = [
    pytest.mark.skipif(not shutil.which("tesseract"), reason="OCRmyPDF asks for Tesseract anyway"),
    pytest.mark.skipif(not all(map(Path.exists, weights.find())), reason="no weights yet"),
]


def read(source, target, **options):
    """Runs OCRmyPDF as its command line does, in this process."""
    plugin = Path(ocrmypdf_plugin.__file__)
    code = ocrmypdf.ocr(
        source,
        target,
        plugins=[plugin],
        output_type="pdf",
        optimize=0,
        use_threads=True,
        jobs=1,
        progress_bar=False,
        **options,
    )
    assert code == 0
    return pymupdf.open(target)


def test_a_scan_becomes_searchable(tmp_path):
    sidecar = tmp_path / "text.txt"
    source = SAMPLES / "rechnung-gescannt.pdf"
    with read(source, tmp_path / "out.pdf", language=["deu"], sidecar=sidecar) as pdf:
        text = pdf[0].get_text()
    assert "Buchbinderei Öhlschläger GmbH" in text
    assert "Buchbinderei Öhlschläger GmbH" in sidecar.read_text()


@pytest.mark.parametrize("renderer", ["sandwich", "fpdf2"])
def test_words_stand_on_their_ink(tmp_path, renderer):
    source = SAMPLES / "letter-scanned.pdf"
    with read(source, tmp_path / "out.pdf", pdf_renderer=renderer) as pdf:
        [found] = [
            pymupdf.Rect(word[:4])
            for word in pdf[0].get_text("words")
            if word[4].startswith("photographs,")
        ]
        ink = pdf[0].get_pixmap(clip=found, dpi=72, colorspace=pymupdf.csGRAY)
    assert min(ink.samples) < 100  # there is something black under it
    with pymupdf.open(source) as scan:
        page = ocrmypdf_plugin.read_page(_drawn(scan[0], tmp_path / "page.png"))
    [word] = [word for line in page.lines for word in line.words if word.text == "photographs,"]
    points = 72 / page.dpi
    assert found.x0 == pytest.approx(word.box.left * points, abs=3)
    assert found.y1 == pytest.approx(word.box.bottom * points, abs=6)


def _drawn(page, path):
    page.get_pixmap(dpi=200, colorspace=pymupdf.csGRAY).save(path)
    return path


def test_a_page_on_its_side_is_turned(tmp_path):
    with pymupdf.open(SAMPLES / "letter-scanned.pdf") as scan:
        scan[0].set_rotation(90)
        scan.save(tmp_path / "turned.pdf")
    with read(tmp_path / "turned.pdf", tmp_path / "out.pdf", rotate_pages=True) as pdf:
        assert pdf[0].rotation == 0
        assert "photographs" in pdf[0].get_text()
