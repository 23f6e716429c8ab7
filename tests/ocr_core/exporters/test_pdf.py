"""Searchable PDFs, as other readers see them."""

import io
import shutil
import subprocess

import numpy as np
import pikepdf
import pymupdf
import pytest
from PIL import Image

from ocr_core.errors import CorruptSourceError, EncryptedSourceError, MissingSourceError
from ocr_core.exporters.pdf import export_pdf
from ocr_core.sources import hash_file
from schemas import Box, Document, Failure, Line, Page, PageRef, Quad, Source, Word
from tests import heic_picture, hostile

DPI = 100
# Pixels of the upright page.
PLACES = {"Grüße": Box(100, 120, 190, 145), "aus": Box(210, 120, 250, 145)}


def line_of(places):
    boxes = list(places.values())
    words = tuple(Word(text, text, box, 0.9) for text, box in places.items())
    text = " ".join(places)
    return Line(text, text, 0.9, Quad.from_box(Box.around(boxes)), words)


def document_of(path, media_type, *pages):
    source = Source(hash_file(path)[0], str(path), path.stat().st_size, media_type, len(pages))
    return Document(source, pages)


def page_of(path, index=0, size=(500, 800), **more):
    ref = PageRef("0" * 64, str(path), index)
    return Page(ref, *size, DPI, (line_of(PLACES),), **more)


def write_pdf(path, rotation=0, draw=lambda page: None, size=(360, 576)):
    document = pymupdf.open()
    page = document.new_page(width=size[0], height=size[1])
    draw(page)
    page.set_rotation(rotation)
    document.set_toc([[1, "Chapter", 1]])
    document.set_metadata({"title": "The title"})
    document.save(path)
    document.close()
    return path


def words_of(data, page_index=0):
    """The words of a page, and their boxes in pixels of the page as it is shown."""
    with pymupdf.open("pdf", data) as document:
        page = document[page_index]
        boxes = {
            word[4]: pymupdf.Rect(word[:4]) * page.rotation_matrix
            for word in page.get_text("words")
        }
    return {text: [edge * DPI / 72 for edge in box] for text, box in boxes.items()}


def check_places(data, page_index=0):
    found = words_of(data, page_index)
    assert found.keys() == PLACES.keys()
    for text, box in PLACES.items():
        assert found[text] == pytest.approx([box.left, box.top, box.right, box.bottom], abs=1)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("orientation", [0, 90, 180, 270])
def test_words_stand_on_their_ink_however_the_page_is_turned(tmp_path, rotation, orientation):
    turns = (rotation + orientation) // 90
    size = (576, 360) if turns % 2 else (360, 576)  # upright it is 360 by 576 points
    path = write_pdf(tmp_path / "a.pdf", rotation, size=size)
    page = page_of(path, orientation_deg=orientation)
    data = export_pdf(document_of(path, "application/pdf", page))
    with pymupdf.open("pdf", data) as document:
        assert document[0].rotation == turns * 90 % 360  # it is shown upright
    check_places(data)


def test_a_page_whose_corner_is_not_the_origin(tmp_path):
    def crop(page):
        page.set_mediabox(pymupdf.Rect(-50, 30, 450, 730))
        page.set_cropbox(pymupdf.Rect(20, 40, 380, 616))

    path = write_pdf(tmp_path / "a.pdf", draw=crop)
    check_places(export_pdf(document_of(path, "application/pdf", page_of(path))))


def test_nothing_that_is_painted_changes(tmp_path):
    path = write_pdf(
        tmp_path / "a.pdf", draw=lambda page: page.draw_rect((50, 50, 200, 90), fill=(1, 0, 0))
    )
    data = export_pdf(document_of(path, "application/pdf", page_of(path)))
    with pymupdf.open(path) as before, pymupdf.open("pdf", data) as after:
        assert before[0].get_pixmap().samples == after[0].get_pixmap().samples
        assert after.get_toc() == [[1, "Chapter", 1]]
        assert after.metadata["title"] == "The title"
    assert data.startswith(path.read_bytes())  # only added to


def test_the_words_of_a_trusted_layer_are_not_doubled(tmp_path):
    path = write_pdf(
        tmp_path / "a.pdf", draw=lambda page: page.insert_text((72, 104), "Grüße", fontsize=18)
    )
    layer = export_pdf(document_of(path, "application/pdf", page_of(path, source="text-layer")))
    assert list(words_of(layer)) == ["Grüße"]


def test_of_a_mixed_page_only_what_was_read_from_pictures_is_added(tmp_path):
    path = write_pdf(
        tmp_path / "a.pdf", draw=lambda page: page.insert_text((72, 104), "Grüße aus", fontsize=18)
    )
    page = page_of(path, source="mixed")
    picture = line_of({"stamp": Box(300, 600, 380, 620)})
    page = Page(page.ref, 500, 800, DPI, (*page.lines, picture), source="mixed")
    found = words_of(export_pdf(document_of(path, "application/pdf", page)))
    assert list(found) == ["Grüße", "aus", "stamp"]


@pytest.mark.parametrize("reason", ["invisible-text", "damaged-picture", "ignored"])
def test_what_an_earlier_reading_left_is_replaced(tmp_path, reason):
    path = write_pdf(
        tmp_path / "a.pdf", draw=lambda page: page.insert_text((72, 200), "G ruBe", render_mode=3)
    )
    page = page_of(path, source_reason=reason)
    data = export_pdf(document_of(path, "application/pdf", page))
    check_places(data)
    assert b"ruBe" not in data


def test_text_that_is_shown_but_says_something_else_is_muted(tmp_path):
    path = write_pdf(tmp_path / "a.pdf", draw=lambda page: page.insert_text((72, 200), "Hsvcf"))
    page = page_of(path, source_reason="garbage-mapping")
    check_places(export_pdf(document_of(path, "application/pdf", page)))


def test_an_encrypted_source_stays_encrypted(tmp_path):
    path = tmp_path / "a.pdf"
    document = pymupdf.open()
    document.new_page(width=360, height=576)
    document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="open", owner_pw="own")
    whole = document_of(path, "application/pdf", page_of(path))
    with pytest.raises(EncryptedSourceError):
        export_pdf(whole)
    with pymupdf.open("pdf", export_pdf(whole, ["open"])) as exported:
        assert exported.needs_pass
        assert exported.authenticate("open")
        assert "Grüße" in exported[0].get_text()


def test_a_source_that_has_changed_is_not_written_on(tmp_path):
    path = write_pdf(tmp_path / "a.pdf")
    document = document_of(path, "application/pdf", page_of(path))
    write_pdf(path, draw=lambda page: page.insert_text((72, 200), "another"))
    with pytest.raises(MissingSourceError, match="has changed since it was read"):
        export_pdf(document)


def test_a_page_that_failed_stays_without_text(tmp_path):
    path = tmp_path / "a.pdf"
    document = pymupdf.open()
    for _ in range(2):
        document.new_page(width=360, height=576)
    document.save(path)
    failed = Failure("0" * 64, str(path), 0, "render", "corrupt-source", "broken")
    data = export_pdf(document_of(path, "application/pdf", failed, page_of(path, 1)))
    assert words_of(data) == {}
    check_places(data, 1)


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not installed")
def test_poppler_finds_the_same_text(tmp_path):
    path = write_pdf(tmp_path / "a.pdf")
    (tmp_path / "b.pdf").write_bytes(
        export_pdf(document_of(path, "application/pdf", page_of(path)))
    )
    told = subprocess.run(
        ["pdftotext", tmp_path / "b.pdf", "-"], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == list(PLACES)


def picture(mode="L", size=(500, 800)):
    noise = np.random.default_rng(0).integers(0, 255, (size[1], size[0], 4), np.uint8)
    return Image.fromarray(noise).convert(mode)


@pytest.mark.parametrize(
    ("name", "media_type", "mode", "options"),
    [
        ("a.jpg", "image/jpeg", "RGB", {"dpi": (96, 96)}),
        ("a.png", "image/png", "L", {}),
        ("a.png", "image/png", "RGBA", {}),
        ("a.tif", "image/tiff", "1", {"compression": "group4"}),
        ("a.webp", "image/webp", "RGB", {}),
        ("a.gif", "image/gif", "P", {}),
        ("a.bmp", "image/bmp", "RGB", {}),
        ("a.jp2", "image/jp2", "RGB", {}),
        ("a.jp2", "image/jp2", "RGBA", {}),
        ("a.j2k", "image/j2c", "L", {}),
        ("a.avif", "image/avif", "RGB", {}),
    ],
)
def test_an_image_becomes_a_pdf(tmp_path, name, media_type, mode, options):
    path = tmp_path / name
    picture(mode).save(path, **options)
    data = export_pdf(document_of(path, media_type, page_of(path)))
    check_places(data)
    with pymupdf.open("pdf", data) as document:
        assert document[0].rect.width == pytest.approx(360, abs=1)


def test_a_picture_of_a_phone_becomes_a_pdf(tmp_path):
    path = tmp_path / "a.heic"
    path.write_bytes(heic_picture.CONTENT)
    data = export_pdf(document_of(path, "image/heic", page_of(path)))
    with pymupdf.open("pdf", data) as document:
        [image] = document[0].get_images()
        assert image[2:4] == (64, 48)


def test_a_jpeg_is_not_compressed_again(tmp_path):
    path = tmp_path / "a.jpg"
    picture("RGB").save(path)
    data = export_pdf(document_of(path, "image/jpeg", page_of(path)))
    with pymupdf.open("pdf", data) as document:
        [image] = document[0].get_images()
        assert document.extract_image(image[0])["image"] == path.read_bytes()


def test_a_photo_is_turned_as_its_camera_says(tmp_path):
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[274] = 6  # to be turned clockwise
    picture("RGB", (800, 500)).save(path, exif=exif)
    check_places(export_pdf(document_of(path, "image/jpeg", page_of(path))))


def test_every_page_of_a_tiff_becomes_one(tmp_path):
    path = tmp_path / "a.tif"
    picture("1").save(path, save_all=True, append_images=[picture("1", (800, 500))])
    pages = page_of(path), page_of(path, 1, (800, 500))
    data = export_pdf(document_of(path, "image/tiff", *pages))
    check_places(data, 0)
    check_places(data, 1)


def test_frames_that_are_no_pages_are_left_out(tmp_path):
    path = tmp_path / "a.gif"
    picture("P").save(path, save_all=True, append_images=[picture("L").convert("P")])
    data = export_pdf(document_of(path, "image/gif", page_of(path)))
    with pymupdf.open("pdf", data) as document:
        assert document.page_count == 1
    assert io.BytesIO(data).read(4) == b"%PDF"


def lost_page(path, index):
    return Failure("0" * 64, str(path), index, "render", "corrupt-source", "it is missing")


@pytest.mark.parametrize("missing", [(1, 2), (0,), (0, 1, 2)])
def test_a_blank_page_stands_for_one_that_is_missing(tmp_path, missing):
    path = tmp_path / "a.pdf"
    whole = hostile.write_pages(path, [hostile.stream(b"100 100 50 50 re f")] * 3).read_bytes()
    for index in missing:
        whole = whole.replace(
            b"%d 0 obj\n<</Type/Page/" % (4 + 2 * index), b"99 0 obj\n<</Type/Gone/"
        )
    path.write_bytes(whole)
    pages = [
        lost_page(path, at) if at in missing else page_of(path, at, (826, 1169)) for at in range(3)
    ]
    data = export_pdf(document_of(path, "application/pdf", *pages))
    with pikepdf.open(io.BytesIO(data)) as opened:
        assert len(opened.pages) == 3
    for index in range(3):
        if index in missing:
            assert words_of(data, index) == {}
        else:
            check_places(data, index)


def test_a_page_whose_crop_box_leaves_nothing_is_whole(tmp_path):
    def crop(page):
        page.parent.xref_set_key(page.xref, "CropBox", "[0 0 0 0]")

    path = write_pdf(tmp_path / "a.pdf", draw=crop)
    check_places(export_pdf(document_of(path, "application/pdf", page_of(path))))


def test_a_pdf_too_damaged_to_be_written_again_is_corrupt(tmp_path):
    path = tmp_path / "a.pdf"
    whole = hostile.write_pages(path, [hostile.stream(b"")] * 2).read_bytes()
    path.write_bytes(whole.replace(b"6 0 obj\n<</Type/Page/", b"99 0 obj\n<</Type/Page/Gone/"))
    document = document_of(path, "application/pdf", page_of(path), lost_page(path, 1))
    with pytest.raises(CorruptSourceError, match="damaged: it cannot be written again"):
        export_pdf(document)
