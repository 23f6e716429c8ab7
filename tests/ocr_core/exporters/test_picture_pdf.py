import pikepdf
import pytest
from PIL import Image

from ocr_core.errors import CorruptSourceError
from ocr_core.exporters.picture_pdf import picture_pdf
from schemas import Document, Failure, Page, PageRef, Source


def document_of(path, *pages):
    source = Source("0" * 64, str(path), 1, "image/tiff", len(pages))
    return Document(source, pages)


def page_of(index=0, size=(400, 600), dpi=100):
    return Page(PageRef("0" * 64, "", index), *size, dpi, ())


def sizes(data, tmp_path):
    path = tmp_path / "out.pdf"
    path.write_bytes(data)
    with pikepdf.open(path) as pdf:
        return [tuple(round(float(edge)) for edge in page.mediabox[2:]) for page in pdf.pages]


def test_pages_are_as_large_as_they_were_read_to_be(tmp_path):
    path = tmp_path / "a.png"
    Image.new("L", (800, 1200)).save(path, dpi=(72, 72))  # which nobody believes
    assert sizes(picture_pdf(document_of(path, page_of()), path), tmp_path) == [(288, 432)]


def test_a_page_that_was_not_read_has_a_size_all_the_same(tmp_path):
    path = tmp_path / "a.tif"
    frame = Image.new("1", (300, 150))
    frame.save(path, save_all=True, append_images=[Image.new("1", (400, 600))])
    failed = Failure("0" * 64, str(path), 0, "render", "page-too-large", "too large")
    made = picture_pdf(document_of(path, failed, page_of(1)), path)
    assert sizes(made, tmp_path) == [(144, 72), (288, 432)]


def test_the_same_image_makes_the_same_file(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGBA", (40, 60), (0, 0, 0, 0)).save(path)
    document = document_of(path, page_of(size=(40, 60)))
    assert picture_pdf(document, path) == picture_pdf(document, path)


def test_what_is_no_image_is_an_error(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"nothing")
    with pytest.raises(CorruptSourceError):
        picture_pdf(document_of(path, page_of()), path)
