from __future__ import annotations

import hashlib
import os
import pickle
import shutil
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from PIL import Image

from ocr_core import pdf, sources
from ocr_core.errors import (
    ConfigError,
    CorruptSourceError,
    EmptySourceError,
    EncryptedSourceError,
    InputError,
    MissingSourceError,
    TooManyPagesError,
    UnsupportedFormatError,
)
from ocr_core.limits import Limits
from ocr_core.sources import PageSelection, RenderOptions
from schemas import Failure, Page, PageImage, PageRange, PageRef, Source
from tests import documents, heic_picture, hostile


def make_pdf(path: Path, pages: int = 1, password: str = "") -> Path:
    document = pymupdf.open()
    for index in range(pages):
        page = document.new_page(width=72, height=72 + index)
        page.draw_rect(pymupdf.Rect(0, 0, 36, 36), color=None, fill=(0, 0, 0))
    kind = pymupdf.PDF_ENCRYPT_AES_256 if password else pymupdf.PDF_ENCRYPT_NONE
    document.save(path, encryption=kind, user_pw=password or None)
    document.close()
    return path


def make_tiff(path: Path, pages: int = 3) -> Path:
    frames = [Image.new("L", (20, 30), 40 * index) for index in range(pages)]
    frames[0].save(path, format="TIFF", save_all=True, append_images=frames[1:])
    return path


def all_pages(source: Source) -> PageRange:
    return PageRange(source, tuple(range(source.page_count)))


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        (".png", "image/png"),
        (".jpg", "image/jpeg"),
        (".tiff", "image/tiff"),
        (".webp", "image/webp"),
        (".jp2", "image/jp2"),
        (".jpx", "image/jp2"),
        (".j2k", "image/j2c"),
        (".avif", "image/avif"),
        (".bmp", "image/bmp"),
        (".gif", "image/gif"),
        (".pbm", "image/x-portable-bitmap"),
        (".pgm", "image/x-portable-graymap"),
        (".ppm", "image/x-portable-pixmap"),
    ],
)
def test_an_image_is_known_by_its_bytes_whatever_its_name(tmp_path, suffix, media_type):
    mode = {".pbm": "1", ".ppm": "RGB"}.get(suffix, "L")
    original = tmp_path / f"a{suffix}"
    Image.new(mode, (20, 10), "white").save(original)
    path = original.rename(tmp_path / "a.pdf")
    source = sources.inspect(path, "gs://bucket/a.pdf")
    content = path.read_bytes()
    doc_id = hashlib.sha256(content).hexdigest()
    assert source == Source(doc_id, "gs://bucket/a.pdf", len(content), media_type, 1)
    [page] = sources.render_pages(path, all_pages(source))
    assert isinstance(page, PageImage)
    assert np.array_equal(page.pixels, np.full((10, 20), 255))
    assert suffix in sources.SUFFIXES


def test_a_picture_of_a_phone_is_known_by_its_bytes(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(heic_picture.CONTENT)
    assert sources.inspect(path, "a.jpg").media_type == "image/heic"


def test_a_pdf_is_known_by_its_bytes_whatever_its_name(tmp_path):
    path = make_pdf(tmp_path / "a.png", pages=2)
    source = sources.inspect(path, "a.png")
    assert (source.media_type, source.page_count) == ("application/pdf", 2)


def test_a_pdf_may_begin_with_something_else(tmp_path):
    path = make_pdf(tmp_path / "a.pdf")
    path.write_bytes(b"\n" * 1000 + path.read_bytes())
    assert sources.inspect(path, "a.pdf").page_count == 1


def test_a_big_tiff_is_a_tiff(tmp_path):
    path = tmp_path / "a.tif"
    Image.new("L", (20, 10)).save(path, big_tiff=True)
    assert sources.inspect(path, "a.tif").media_type == "image/tiff"


def test_a_multi_page_tiff_has_pages(tmp_path):
    path = make_tiff(tmp_path / "a.tif", pages=3)
    source = sources.inspect(path, "a.tif")
    assert source.page_count == 3
    pages = list(sources.render_pages(path, PageRange(source, (2, 0))))
    assert [page.ref.page_index for page in pages] == [2, 0]
    assert [page.pixels[0, 0] for page in pages if isinstance(page, PageImage)] == [80, 0]


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda folder: write(folder / "a.pdf", b"%PDF-1.7 but no more"), CorruptSourceError),
        (lambda folder: make_pdf(folder / "a.pdf", password="secret"), EncryptedSourceError),
        (lambda folder: write(folder / "a.pdf", b"Dear Sir, "), UnsupportedFormatError),
        (lambda folder: write(folder / "a.pdf", b"BMW and other cars"), UnsupportedFormatError),
        (lambda folder: write(folder / "a.pdf", b"\0" * 5000), UnsupportedFormatError),
        (lambda folder: write(folder / "a.pdf", b""), EmptySourceError),
        (lambda folder: write(folder / "a.ppm", b"P6 0 0 255\n"), EmptySourceError),
        (lambda folder: write(folder / "a.png", b"\x89PNG\r\n\x1a\n"), CorruptSourceError),
        (lambda folder: folder / "missing.pdf", MissingSourceError),
        (lambda folder: folder, MissingSourceError),
    ],
    ids="corrupt encrypted text BMW zeros empty area signature missing folder".split(),
)
def test_what_cannot_be_read_says_why(tmp_path, make, error, capfd):
    path = make(tmp_path)
    with pytest.raises(InputError) as caught:
        sources.inspect(path, str(path))
    assert type(caught.value) is error
    assert str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_pipe_is_not_waited_for(tmp_path):
    path = tmp_path / "a.pdf"
    os.mkfifo(path)
    with pytest.raises(MissingSourceError, match="not a file"):
        sources.inspect(path, "a.pdf")


def test_messages_quote_no_bytes_that_are_no_text():
    """As MuPDF does of names in damaged files, which no table of text can take."""
    failure = sources._failure(
        Source("d", "u", 1, "application/pdf", 1), 0, "render", CorruptSourceError("name \udca9")
    )
    assert failure.message == "name \\udca9"
    assert failure.message.encode()
    assert len(str(CorruptSourceError("x" * 100_000))) == 1000


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_missing(tmp_path):
    path = make_pdf(tmp_path / "a.pdf")
    path.chmod(0)
    with pytest.raises(MissingSourceError, match="Permission denied"):
        sources.inspect(path, "a.pdf")


@pytest.mark.parametrize("make", [make_pdf, make_tiff])
def test_a_source_with_too_many_pages_is_refused(tmp_path, make):
    path = make(tmp_path / "a", pages=3)
    assert sources.inspect(path, "a", RenderOptions(limits=Limits(max_pages=3))).page_count == 3
    with pytest.raises(TooManyPagesError, match="more than 2 pages"):
        sources.inspect(path, "a", RenderOptions(limits=Limits(max_pages=2)))


def test_a_large_file_is_hashed_piece_by_piece(tmp_path):
    path = write(tmp_path / "a", b"page" * 500_000)
    expected = hashlib.sha256(b"page" * 500_000).hexdigest()
    assert sources.hash_file(path) == (expected, 2_000_000)


@pytest.mark.parametrize(
    "renderer",
    [
        "mupdf",
        pytest.param(
            "poppler", marks=pytest.mark.skipif(not shutil.which("pdftoppm"), reason="no poppler")
        ),
    ],
)
def test_pages_come_in_the_order_that_was_asked_for(tmp_path, renderer):
    path = make_pdf(tmp_path / "a.pdf", pages=4)
    source = sources.inspect(path, "a.pdf")
    options = RenderOptions(dpi=72, renderer=renderer)
    pages = list(sources.render_pages(path, PageRange(source, (3, 1)), options))
    assert [page.ref for page in pages] == [
        PageRef(source.doc_id, "a.pdf", 3),
        PageRef(source.doc_id, "a.pdf", 1),
    ]
    for page, height in zip(pages, (75, 73), strict=True):
        assert isinstance(page, PageImage)
        assert page.pixels.shape == (height, 72)
        assert (page.pixels[:35, :35] == 0).all()
        assert (page.pixels[37:] == 255).all()
        assert page.dpi == 72
        assert page.orientation_deg == 0
        assert page.seconds["render"] > 0


def test_a_page_that_fails_takes_no_other_with_it(tmp_path):
    path = tmp_path / "a.pdf"
    with pymupdf.open() as document:
        for side in (72, 72 * 150, 72):
            document.new_page(width=side, height=side)
        document.save(path)
    source = sources.inspect(path, "a.pdf")
    first, second, third = sources.render_pages(path, all_pages(source))
    assert isinstance(first, PageImage)
    assert isinstance(third, PageImage)
    assert isinstance(second, Failure)
    assert (second.page_index, second.stage, second.code) == (1, "render", "page-too-large")
    assert (second.doc_id, second.uri) == (source.doc_id, "a.pdf")
    assert "150 by 150 inches" in second.message


@pytest.mark.parametrize("make", [make_pdf, make_tiff])
def test_every_page_fails_of_a_source_that_is_gone_by_now(tmp_path, make):
    path = make(tmp_path / "a", pages=3)
    source = sources.inspect(path, "a")
    path.unlink()
    failures = list(sources.render_pages(path, PageRange(source, (0, 2))))
    assert [failure.page_index for failure in failures if isinstance(failure, Failure)] == [0, 2]
    assert all(isinstance(failure, Failure) for failure in failures)


def test_what_is_given_and_taken_pickles(tmp_path):
    path = make_pdf(tmp_path / "a.pdf")
    asked = (path, all_pages(sources.inspect(path, "a.pdf")), RenderOptions(dpi=72))
    [page] = sources.render_pages(*pickle.loads(pickle.dumps(asked)))
    assert isinstance(page, PageImage)
    assert np.array_equal(pickle.loads(pickle.dumps(page)).pixels, page.pixels)


def test_the_file_is_closed_when_the_pages_are_not_wanted_any_more(tmp_path):
    path = make_pdf(tmp_path / "a.pdf", pages=3)
    pages = sources.render_pages(path, all_pages(sources.inspect(path, "a.pdf")))
    next(pages)
    assert str(path) in open_files()
    pages.close()  # type: ignore[attr-defined]
    assert str(path) not in open_files()


def open_files() -> set[str]:
    return {str(link.resolve()) for link in Path("/proc/self/fd").iterdir()}


def test_poppler_that_is_not_installed_stops_the_run_before_it_starts(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    RenderOptions(renderer="mupdf").check()
    with pytest.raises(ConfigError, match="poppler-utils"):
        RenderOptions(renderer="poppler").check()


@pytest.mark.parametrize(
    "options",
    [
        {"dpi": 0},
        {"dpi": 5000},
        {"renderer": "ghostscript"},
        {"text_layer": "always"},
    ],
)
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(ConfigError, match=next(iter(options))):
        RenderOptions(**options)


@pytest.mark.parametrize(
    ("text", "page_count", "expected"),
    [
        ("1-3,7", 10, (0, 1, 2, 6)),
        ("1-3,7", 5, (0, 1, 2)),
        ("7", 5, ()),
        ("3-", 5, (2, 3, 4)),
        (" 2 , 4 - 5 ", 5, (1, 3, 4)),
        ("5,1,1-2", 5, (0, 1, 4)),  # in the document's order, each once
        ("999999999", 3, ()),
    ],
)
def test_page_numbers_are_read_as_users_write_them(text, page_count, expected):
    assert sources.parse_page_numbers(text).indices(page_count) == expected


def test_all_pages_are_wanted_unless_told():
    assert sources.ALL_PAGES.indices(3) == (0, 1, 2)
    assert PageSelection().indices(0) == ()


@pytest.mark.parametrize("text", ["", "0", "-3", "3-1", "1,,2", "a", "1-2-3", "1.5", "²"])
def test_other_page_numbers_are_refused(text):
    with pytest.raises(ConfigError, match="page numbers"):
        sources.parse_page_numbers(text)


def write_text_pdf(path, *texts):
    """A page for each text; an empty one is a scan."""
    with pymupdf.open() as document:
        for text in texts:
            page = document.new_page(width=300, height=200)
            if text:
                for row in range(6):
                    page.insert_text((20, 40 + 20 * row), text)
            else:
                pixmap = pymupdf.Pixmap(pymupdf.csGRAY, (0, 0, 30, 20), 0)
                pixmap.clear_with(128)
                page.insert_image(page.rect, pixmap=pixmap)
        document.save(path)
    return path


needs_poppler = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="no poppler here")


@pytest.mark.parametrize("renderer", ["mupdf", pytest.param("poppler", marks=needs_poppler)])
def test_pages_whose_text_agrees_with_their_ink_are_not_drawn(tmp_path, renderer):
    path = write_text_pdf(tmp_path / "a.pdf", "the letter of the house", "")
    source = sources.inspect(path, "a.pdf")
    options = RenderOptions(dpi=100, renderer=renderer, text_layer="auto")
    first, second = sources.render_pages(path, all_pages(source), options)
    assert isinstance(first, Page)
    assert [line.text for line in first.lines] == ["the letter of the house"] * 6
    assert (first.ref.page_index, first.dpi, first.blocks) == (0, 100, ())
    assert (first.source, first.source_reason) == ("text-layer", "agrees")
    assert set(first.seconds) == {"render"}
    assert isinstance(second, PageImage)
    assert (second.source_reason, second.layer) == ("no-text-layer", ())
    drawn = list(sources.render_pages(path, all_pages(source), RenderOptions(dpi=100)))
    assert [page.source_reason for page in drawn] == ["ignored", "ignored"]
    assert (first.height_px, first.width_px) == drawn[0].pixels.shape


def test_images_have_no_reason(tmp_path):
    path = documents.write_png(tmp_path / "a.png", "a")
    [page] = sources.render_pages(
        path, all_pages(sources.inspect(path, "a")), RenderOptions(text_layer="auto")
    )
    assert page.source_reason is None


def test_a_page_whose_layer_is_damaged_is_drawn(tmp_path, monkeypatch):
    path = write_text_pdf(tmp_path / "a.pdf", "text")

    def fail(*_):
        raise CorruptSourceError("no such font")

    monkeypatch.setattr(pdf, "read_text_layer", fail)
    [page] = sources.render_pages(
        path, all_pages(sources.inspect(path, "a")), RenderOptions(text_layer="auto")
    )
    assert isinstance(page, PageImage)
    assert page.source_reason == "damaged-text-layer"


@pytest.mark.parametrize("text_layer", ["auto", "use", "ignore"])
def test_a_page_that_was_cut_off_fails_alone(tmp_path, text_layer):
    path = tmp_path / "a.pdf"
    square = hostile.stream(b"100 100 50 50 re f")
    whole = hostile.write_pages(path, [square] * 2).read_bytes()
    path.write_bytes(whole[: whole.index(b"6 0 obj")])
    first, second = sources.render_pages(
        path, all_pages(sources.inspect(path, "a")), RenderOptions(text_layer=text_layer)
    )
    assert isinstance(first, PageImage)
    assert (second.code, second.page_index) == ("corrupt-source", 1)
    assert second.message.endswith("page 2 is missing")


def test_a_page_too_large_to_draw_is_read_from_its_layer(tmp_path):
    path = write_text_pdf(tmp_path / "a.pdf", "the letter of the house")
    tight = {"dpi": 100, "limits": Limits(max_megapixels=0.01)}
    pages = all_pages(sources.inspect(path, "a"))
    [failure] = sources.render_pages(path, pages, RenderOptions(**tight))
    assert failure.code == "page-too-large"
    [page] = sources.render_pages(path, pages, RenderOptions(**tight, text_layer="auto"))
    assert page.source == "text-layer"


def test_a_file_that_has_changed_is_told_from_what_was_read(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"first")
    doc_id = sources.hash_file(path)[0]
    sources.check_same(path, doc_id)
    path.write_bytes(b"other")
    with pytest.raises(MissingSourceError, match="has changed"):
        sources.check_same(path, doc_id)
