from __future__ import annotations

import shutil
import threading
from pathlib import Path

import numpy as np
import pymupdf
import pytest

from ocr_core import pdf
from ocr_core.errors import (
    ConfigError,
    CorruptSourceError,
    EmptySourceError,
    EncryptedSourceError,
    PageTooLargeError,
    TookTooLongError,
)
from tests import hostile

needs_poppler = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="no poppler here")
BOTH_RENDERERS = [
    pdf.draw_with_mupdf,
    pytest.param(pdf.draw_with_poppler, marks=needs_poppler),
]


def make_pdf(path: Path, pages: int = 1, rotation: int = 0) -> Path:
    """Pages of 2 by 1 inches with a black square of half an inch in the top left corner."""
    document = pymupdf.open()
    for _ in range(pages):
        page = document.new_page(width=144, height=72)
        page.draw_rect(pymupdf.Rect(0, 0, 36, 36), color=None, fill=(0, 0, 0))
        page.set_rotation(rotation)
    document.save(path)
    document.close()
    return path


@pytest.mark.parametrize("draw", BOTH_RENDERERS)
def test_a_page_is_drawn_at_its_resolution(tmp_path, draw):
    with pdf.open_pdf(make_pdf(tmp_path / "a.pdf")) as document:
        pixels = draw(document, 0, 100, 100.0).pixels
    assert pixels.dtype == np.uint8
    assert pixels.shape == (100, 200)
    assert (pixels[:48, :48] == 0).all()
    assert (pixels[52:] == 255).all()
    assert (pixels[:, 52:] == 255).all()


@pytest.mark.parametrize("draw", BOTH_RENDERERS)
def test_a_page_is_turned_as_it_says(tmp_path, draw):
    with pdf.open_pdf(make_pdf(tmp_path / "a.pdf", rotation=90)) as document:
        pixels = draw(document, 0, 72, 100.0).pixels
    assert pixels.shape == (144, 72)
    assert (pixels[2:34, 38:70] == 0).all()  # top left has become top right
    assert (pixels[38:] == 255).all()


@pytest.mark.parametrize("draw", BOTH_RENDERERS)
def test_only_what_the_crop_box_shows_is_drawn(tmp_path, draw):
    path = make_pdf(tmp_path / "a.pdf")
    with pymupdf.open(path) as document:
        document[0].set_cropbox(pymupdf.Rect(18, 0, 144, 72))
        document.save(tmp_path / "cropped.pdf")
    with pdf.open_pdf(tmp_path / "cropped.pdf") as document:
        pixels = draw(document, 0, 72, 100.0).pixels
    assert pixels.shape == (72, 126)
    assert (pixels[:34, :17] == 0).all()
    assert (pixels[:, 19:] == 255).all()


def test_colours_become_their_luminance(tmp_path):
    with pymupdf.open() as document:
        page = document.new_page(width=30, height=10)
        for left, colour in enumerate([(1, 0, 0), (0, 1, 0), (0, 0, 1)]):
            rect = pymupdf.Rect(10 * left, 0, 10 * left + 10, 10)
            page.draw_rect(rect, color=None, fill=colour)
        document.save(tmp_path / "a.pdf")
    with pdf.open_pdf(tmp_path / "a.pdf") as document:
        pixels = pdf.draw_with_mupdf(document, 0, 72, 100.0).pixels
    assert np.abs(pixels[5, [5, 15, 25]].astype(int) - [76, 150, 28]).max() <= 2


def test_annotations_and_form_fields_are_drawn(tmp_path):
    with pymupdf.open() as document:
        page = document.new_page(width=200, height=100)
        field = pymupdf.Widget()
        field.field_type = pymupdf.PDF_WIDGET_TYPE_TEXT
        field.field_name = "name"
        field.field_value = "MMMM"
        field.rect = pymupdf.Rect(10, 10, 190, 40)
        page.add_widget(field)
        document.save(tmp_path / "form.pdf")
    with pdf.open_pdf(tmp_path / "form.pdf") as document:
        pixels = pdf.draw_with_mupdf(document, 0, 72, 100.0).pixels
    assert pixels[10:40, 10:190].min() < 100


def test_pages_are_counted(tmp_path):
    assert pdf.count_pages(make_pdf(tmp_path / "a.pdf", pages=3)) == 3


@pytest.mark.parametrize("draw", BOTH_RENDERERS)
def test_a_page_of_absurd_size_is_refused_before_it_is_drawn(tmp_path, draw):
    with pymupdf.open() as document:
        document.new_page(width=72 * 200, height=72 * 200)
        document.save(tmp_path / "huge.pdf")
    with (
        pdf.open_pdf(tmp_path / "huge.pdf") as document,
        pytest.raises(PageTooLargeError, match=r"200 by 200 inches.*1600 megapixels at 200 dpi"),
    ):
        draw(document, 0, 200, 100.0)


def test_a_pdf_that_needs_a_password_is_refused(tmp_path):
    with pymupdf.open() as document:
        document.new_page()
        path = tmp_path / "locked.pdf"
        document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret")
    with pytest.raises(EncryptedSourceError, match="password"):
        pdf.count_pages(path)


def test_a_pdf_encrypted_by_what_is_not_known_names_it(tmp_path):
    with pymupdf.open() as document:
        document.new_page()
        whole = document.tobytes(encryption=pymupdf.PDF_ENCRYPT_RC4_128, user_pw="secret")
    assert b"/Standard" in whole
    (tmp_path / "a.pdf").write_bytes(whole.replace(b"/Standard", b"/Adobe.PS"))
    with pytest.raises(EncryptedSourceError, match=r"security handler .* Adobe\.PS: decrypt"):
        pdf.count_pages(tmp_path / "a.pdf")


def test_a_pdf_that_only_its_owner_may_change_is_read(tmp_path):
    with pymupdf.open() as document:
        document.new_page()
        path = tmp_path / "owned.pdf"
        document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="secret", user_pw="")
    assert pdf.count_pages(path) == 1


def test_garbage_is_corrupt_and_its_message_names_no_path(tmp_path, capfd):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    with pytest.raises(CorruptSourceError, match="damaged") as caught:
        pdf.count_pages(path)
    assert str(tmp_path) not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_pdf_without_pages_is_empty(tmp_path):
    head = b"%PDF-1.4\n"
    catalogue = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    pages = b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    offsets = (len(head), len(head + catalogue), len(head + catalogue + pages))
    table = b"xref\n0 3\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n" % offsets[:2]
    end = b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % offsets[2]
    path = tmp_path / "a.pdf"
    path.write_bytes(head + catalogue + pages + table + end)
    with pytest.raises(EmptySourceError, match="no pages"):
        pdf.count_pages(path)


def test_a_pdf_cut_short_before_its_pages_is_corrupt(tmp_path):
    with pymupdf.open() as document:
        document.new_page()
        whole = document.tobytes()
    path = tmp_path / "a.pdf"
    path.write_bytes(whole[: len(whole) // 8])
    with pytest.raises(CorruptSourceError):
        pdf.count_pages(path)


def test_a_page_without_anything_that_can_be_drawn_is_corrupt_and_not_blank(tmp_path, capfd):
    with pymupdf.open() as document:
        document.new_page()  # truly blank
        page = document.new_page()
        page.draw_rect(pymupdf.Rect(0, 0, 90, 90), fill=(0, 0, 0))
        document.update_stream(page.get_contents()[0], b"1 0 0 ] 1 q <<< (", compress=False)
        document.save(tmp_path / "a.pdf")
    with pdf.open_pdf(tmp_path / "a.pdf") as document:
        assert pdf.draw_with_mupdf(document, 0, 72, 100.0).pixels.min() == 255
        with pytest.raises(CorruptSourceError, match="nothing of page 2 can be drawn"):
            pdf.draw_with_mupdf(document, 1, 72, 100.0)
    assert capfd.readouterr() == ("", "")


def write_picture(path, entries=b"/Filter/FlateDecode", samples=b"garbage", more=b""):
    """A page with a large picture of 10 by 10 pixels, which cannot be decoded."""
    entries += b"/Type/XObject/Subtype/Image/Width 10/Height 10/BitsPerComponent 8"
    picture = hostile.stream(samples, entries + b"/ColorSpace/DeviceGray")
    content = [hostile.stream(b"q 400 0 0 400 100 100 cm /F Do Q" + more)]
    return hostile.write_pages(path, content, hostile.ONE_FORM, [picture])


@pytest.mark.parametrize("draw", BOTH_RENDERERS)
@pytest.mark.parametrize(
    ("entries", "samples"),
    [(b"", b""), (b"/Filter/FooDecode", b""), (b"/Filter/FlateDecode", b"garbage")],
)
def test_a_page_whose_only_picture_is_lost_is_corrupt(tmp_path, draw, entries, samples):
    with (
        pdf.open_pdf(write_picture(tmp_path / "a.pdf", entries, samples)) as document,
        pytest.raises(CorruptSourceError, match="nothing of page 1 can be drawn"),
    ):
        draw(document, 0, 72, 100.0)


def test_a_lost_picture_is_told_of_a_page_that_was_looked_at_before(tmp_path):
    """MuPDF keeps what it made of the picture, and complains no more."""
    with pdf.open_pdf(write_picture(tmp_path / "a.pdf")) as document:
        document[0].get_pixmap(dpi=72, colorspace=pymupdf.csGRAY)
        with pytest.raises(CorruptSourceError, match="nothing of page 1"):
            pdf.draw_with_mupdf(document, 0, 72, 100.0)


def test_an_even_page_that_was_made_so_is_drawn(tmp_path):
    path = hostile.write_pages(tmp_path / "a.pdf", [hostile.stream(b"0 0 595 842 re f")])
    with pdf.open_pdf(path) as document:
        assert pdf.draw_with_mupdf(document, 0, 72, 100.0).pixels.max() == 0


def test_what_is_beside_a_lost_picture_is_drawn(tmp_path):
    path = write_picture(tmp_path / "a.pdf", more=b" 100 700 50 9 re f")
    with pdf.open_pdf(path) as document:
        assert pdf.draw_with_mupdf(document, 0, 72, 100.0).pixels[137, 125] == 0


def write_cut_short(path: Path) -> Path:
    """Three pages, of which the file has but the first."""
    whole = hostile.write_pages(path, [hostile.stream(b"100 100 50 50 re f")] * 3).read_bytes()
    path.write_bytes(whole[: whole.index(b"6 0 obj")])
    return path


@pytest.mark.parametrize("draw", BOTH_RENDERERS)
def test_a_page_that_was_cut_off_is_corrupt_and_not_blank(tmp_path, draw):
    with pdf.open_pdf(write_cut_short(tmp_path / "a.pdf")) as document:
        assert document.page_count == 3
        for index in (1, 2):
            with pytest.raises(CorruptSourceError, match=f"page {index + 1} is missing"):
                draw(document, index, 72, 100.0)
        assert pdf.draw_with_mupdf(document, 0, 72, 100.0).pixels.min() == 0
        assert pdf.list_missing_pages(document) == [1, 2]


@pytest.mark.parametrize("draw", BOTH_RENDERERS)
@pytest.mark.parametrize("box", ["[0 0 0 0]", "[1000 1000 2000 2000]"])
def test_a_crop_box_that_leaves_nothing_is_none(tmp_path, draw, box):
    with pymupdf.open(make_pdf(tmp_path / "a.pdf")) as document:
        page = document[0]
        document.xref_set_key(page.xref, "MediaBox", "[-10 -10 134 62]")
        document.xref_set_key(page.xref, "CropBox", box)
        document.save(tmp_path / "cropped.pdf")
    with pdf.open_pdf(tmp_path / "cropped.pdf") as document:
        assert draw(document, 0, 72, 100.0).pixels.shape == (72, 144)


@pytest.mark.parametrize("draw", BOTH_RENDERERS)
def test_a_page_that_is_not_there_is_an_input_error(tmp_path, draw):
    with (
        pdf.open_pdf(make_pdf(tmp_path / "a.pdf")) as document,
        pytest.raises(CorruptSourceError, match="page 8"),
    ):
        draw(document, 7, 72, 100.0)


def test_errors_of_the_caller_pass_through(tmp_path):
    with pytest.raises(KeyError), pdf.open_pdf(make_pdf(tmp_path / "a.pdf")):
        raise KeyError


def test_poppler_that_is_not_installed_is_asked_for_by_its_package(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="poppler-utils"):
        pdf.check_poppler()


def test_poppler_that_hangs_is_given_up(tmp_path, monkeypatch):
    programs = tmp_path / "programs"
    programs.mkdir()
    for name, script in (("pdfinfo", "echo Pages: 1"), ("pdftoppm", "[ $1 = -v ] || exec sleep 9")):
        (programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setattr(pdf, "POPPLER_TIMEOUT_S", 0.2)
    with (
        pdf.open_pdf(make_pdf(tmp_path / "a.pdf")) as document,
        pytest.raises(TookTooLongError, match=r"page 1 within 0\.2 s"),
    ):
        pdf.draw_with_poppler(document, 0, 72, 100.0)


@needs_poppler
def test_a_name_that_looks_like_an_option_is_a_name(tmp_path, monkeypatch):
    make_pdf(tmp_path / "-v.pdf")
    monkeypatch.chdir(tmp_path)
    with pdf.open_pdf(Path("-v.pdf")) as document:
        assert pdf.draw_with_poppler(document, 0, 72, 100.0).pixels.shape == (72, 144)


def test_threads_draw_what_one_draws(tmp_path):
    path = make_pdf(tmp_path / "a.pdf", pages=6)
    drawn: list[np.ndarray] = []

    def draw_all() -> None:
        with pdf.open_pdf(path) as document:
            drawn.extend(pdf.draw_with_mupdf(document, at, 72, 100.0).pixels for at in range(6))

    threads = [threading.Thread(target=draw_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 24
    assert all(np.array_equal(pixels, drawn[0]) for pixels in drawn)


def test_the_text_of_a_page_is_read_in_pixels(tmp_path):
    document = pymupdf.open()
    document.new_page(width=300, height=100).insert_text((20, 60), "the letter")
    document.save(tmp_path / "a.pdf")
    with pdf.open_pdf(tmp_path / "a.pdf") as opened:
        layer = pdf.read_text_layer(opened, 0, 144, "auto")
        with pytest.raises(CorruptSourceError, match="the text of page 8 cannot be read"):
            pdf.read_text_layer(opened, 7, 144, "auto")
    assert (layer.width_px, layer.height_px) == (600, 200)
    [line] = layer.lines
    assert line.text == "the letter"
    assert line.quad.box.left == pytest.approx(40, abs=2)


def test_a_password_opens_an_encrypted_pdf(tmp_path):
    make_pdf(tmp_path / "open.pdf")
    path = tmp_path / "a.pdf"
    with pymupdf.open(tmp_path / "open.pdf") as document:
        document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret")
    with pytest.raises(EncryptedSourceError, match="none of the passwords"):
        pdf.count_pages(path, ["guess"])
    assert pdf.count_pages(path, ["guess", "secret"]) == 1


def test_scripts_are_off(tmp_path):
    script = b"/OpenAction<</S/JavaScript/JS(this.getField\\('a'\\).value = 'run')>>"
    path = hostile.write_pages(tmp_path / "a.pdf", [hostile.stream(b"")], catalog=script)
    with pdf.open_pdf(path) as document:
        inside = pymupdf.mupdf.pdf_document_from_fz_document(document.this)
        assert not pymupdf.mupdf.pdf_js_supported(inside)


@pytest.mark.parametrize("draw", BOTH_RENDERERS)
@pytest.mark.parametrize("prefix", [b"", b"file://"])
def test_a_file_that_a_pdf_names_is_not_read(tmp_path, draw, prefix):
    """A picture whose samples are in another file (PDF 1.7, 7.3.8.2) is not shown."""
    grey = bytes([128] * 100)
    outside = tmp_path / "outside"
    outside.write_bytes(grey)
    picture = b"/Type/XObject/Subtype/Image/Width 10/Height 10/BitsPerComponent 8"
    picture += b"/ColorSpace/DeviceGray"
    named = picture + b"/F(%b%b)" % (prefix, str(outside).encode())
    content = [hostile.stream(b"300 0 0 300 0 0 cm /F Do")]
    for samples, entries, is_shown in ((grey, picture, True), (b"", named, False)):
        path = tmp_path / "a.pdf"
        hostile.write_pages(path, content, hostile.ONE_FORM, [hostile.stream(samples, entries)])
        assert (128 in shades_of(path, draw)) == is_shown


def shades_of(path, draw):
    with pdf.open_pdf(path) as document:
        try:
            return np.unique(draw(document, 0, 72, 100.0).pixels)
        except CorruptSourceError:  # nothing can be drawn
            return []


def test_something_else_that_begins_like_a_pdf_is_none(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"<html><!-- %PDF-1.7 --><p>a letter</p></html>")
    with pytest.raises(CorruptSourceError):
        pdf.count_pages(tmp_path / "a.pdf")


def test_pages_that_go_round_in_a_circle(tmp_path):
    tree = b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>"
    path = hostile.write_raw_pdf(tmp_path / "a.pdf", [b"<</Type/Catalog/Pages 2 0 R>>", tree])
    with pytest.raises(CorruptSourceError):
        pdf.count_pages(path)


def test_a_page_of_two_billion_points(tmp_path):
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 2000000000 2000000000]>>",
    ]
    path = hostile.write_raw_pdf(tmp_path / "a.pdf", objects)
    with pdf.open_pdf(path) as document, pytest.raises(PageTooLargeError):
        pdf.draw_with_mupdf(document, 0, 200, 100.0)
