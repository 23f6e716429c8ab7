"""What the tests of harvests share: small PDFs, honest ones and others."""

from pathlib import Path

import numpy as np
import pymupdf
import pytest

from ocr_core.charset import Charset, latin

WORDS = "the of and to in is was for with that letter account number paper house quill".split()


def draw_text(n: int, seed: int = 0) -> str:
    """`n` words."""
    rng = np.random.default_rng(seed)
    return " ".join(WORDS[int(at)] for at in rng.integers(len(WORDS), size=n))


class PdfWriter:
    """Writes PDFs of one or more pages; `font` is one of MuPDF's own."""

    def __init__(self) -> None:
        self.document = pymupdf.open()
        self.new_page()

    def new_page(self, width: float = 400, height: float = 300) -> None:
        self.page = self.document.new_page(width=width, height=height)

    def write(self, text: str, x: float, baseline: float, **style) -> None:
        style = {"font": "tiro", "fontsize": 12, **style}
        writer = pymupdf.TextWriter(self.page.rect)
        writer.append(
            (x, baseline), text, font=pymupdf.Font(style["font"]), fontsize=style["fontsize"]
        )
        kinds = {key: style[key] for key in ("render_mode", "color") if key in style}
        writer.write_text(self.page, **kinds)

    def paragraph(self, x: float = 40, top: float = 50, lines: int = 8, words: int = 6) -> None:
        """Lines of running text, 15 points apart."""
        for row in range(lines):
            self.write(draw_text(words, seed=row), x, top + 15 * row)

    def picture(self, box: tuple[float, float, float, float]) -> None:
        pixels = np.random.default_rng(1).integers(0, 255, (60, 60), dtype=np.uint8)
        pixmap = pymupdf.Pixmap(pymupdf.csGRAY, 60, 60, pixels.tobytes(), False)
        self.page.insert_image(pymupdf.Rect(box), pixmap=pixmap, keep_proportion=False)

    def mistake_letters(self) -> None:
        """Makes the text layer say each small letter's successor."""
        fonts = self.document[0].get_fonts()
        tables = {self.document.xref_get_key(font[0], "ToUnicode")[1] for font in fonts}
        for table in tables:
            number = int(table.split()[0])
            mapped = self.document.xref_stream(number).decode()
            shifted = mapped.replace("<0061>", "<0062>")
            assert shifted != mapped
            self.document.update_stream(number, shifted.encode())

    def save(self, path: Path) -> Path:
        self.document.save(path)
        return path


@pytest.fixture
def pdf() -> PdfWriter:
    return PdfWriter()


@pytest.fixture(scope="session")
def charset() -> Charset:
    return latin()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two PDFs with running text, one of them with two pages."""
    home = tmp_path / "pdfs"
    home.mkdir()
    first = PdfWriter()
    first.paragraph()
    first.save(home / "first.pdf")
    second = PdfWriter()
    for row in range(10):
        second.write(draw_text(6, seed=100 + row), 40, 40 + 20 * row, font="helv")
    second.new_page()
    for row in range(10):
        second.write(draw_text(5, seed=200 + row), 40, 40 + 20 * row, font="cour")
    second.save(home / "second.PDF")
    return home
