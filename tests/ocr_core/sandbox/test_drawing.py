from __future__ import annotations

import csv
import shutil
import threading
import time

import numpy as np
import pymupdf
import pytest

from ocr_core import sources
from ocr_core.errors import (
    ConfigError,
    EncryptedSourceError,
    InputError,
    SourceTooLargeError,
    TookTooLongError,
)
from ocr_core.limits import Limits
from ocr_core.sandbox import drawing
from ocr_core.sources import RenderOptions
from schemas import Failure, Page, PageImage, PageRange
from tests import documents, hostile

RENDERERS = [
    "mupdf",
    pytest.param(
        "poppler",
        marks=pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="no poppler here"),
    ),
]
HASTY = RenderOptions(limits=Limits(page_timeout_s=1.0))


def all_pages(source):
    return PageRange(source, tuple(range(source.page_count)))


def read(sandbox, path, options=HASTY, uri="u"):
    source = sandbox.inspect(path, uri, options)
    return list(sandbox.render_pages(path, all_pages(source), options))


def codes(drawn):
    return [one.code if isinstance(one, Failure) else type(one).__name__ for one in drawn]


@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize("suffix", [".pdf", ".tif"])
def test_pages_are_the_same_as_without_a_helper(sandbox, tmp_path, renderer, suffix):
    write = {".pdf": documents.write_pdf, ".tif": documents.write_tiff}[suffix]
    path = write(tmp_path / f"a{suffix}", ["a", "b c", "d"])
    options = RenderOptions(renderer=renderer)
    source = sources.inspect(path, "u")
    assert sandbox.inspect(path, "u", options) == source
    drawn = list(sandbox.render_pages(path, all_pages(source), options))
    expected = list(sources.render_pages(path, all_pages(source), options))
    assert [page.ref for page in drawn] == [page.ref for page in expected]
    assert all(
        np.array_equal(page.pixels, same.pixels) for page, same in zip(drawn, expected, strict=True)
    )


def test_text_layers_come_along(tmp_path):
    with pymupdf.open() as document:
        document.new_page(width=300, height=100).insert_text((20, 60), "the letter")
        document.save(tmp_path / "a.pdf")
    options = RenderOptions(text_layer="auto")
    source = drawing.inspect(tmp_path / "a.pdf", "u", options)
    [page] = drawing.render_pages(tmp_path / "a.pdf", all_pages(source), options)
    assert isinstance(page, Page)
    assert page.text == "the letter"


def test_a_page_that_takes_too_long_fails_alone(sandbox, tmp_path):
    path = hostile.write_endless(tmp_path / "a.pdf", [False, True, False])
    drawn = read(sandbox, path)
    assert codes(drawn) == ["PageImage", "timeout", "PageImage"]
    assert drawn[2].pixels.min() == 0


def test_a_document_of_pages_that_take_too_long_is_given_up(sandbox, tmp_path):
    path = hostile.write_endless(tmp_path / "a.pdf", [True] * 50)
    drawn = read(sandbox, path, RenderOptions(limits=Limits(page_timeout_s=0.4)))
    assert codes(drawn) == ["timeout"] * 50
    assert "given up" in drawn[-1].message
    assert "given up" not in drawn[1].message


def test_a_page_that_needs_too_much_memory_fails_with_a_code(sandbox, tmp_path):
    path = hostile.write_greedy(tmp_path / "a.pdf")
    limits = Limits(max_memory_bytes=400_000_000)
    [failure] = read(sandbox, path, RenderOptions(limits=limits))
    assert (failure.code, failure.stage) == ("out-of-memory", "render")


def test_an_image_that_needs_too_much_memory_fails_with_a_code(sandbox, tmp_path):
    header = b"P6 9000 9000 255\n"
    (tmp_path / "a.ppm").write_bytes(header + bytes(3 * 9000 * 9000))
    limits = Limits(max_memory_bytes=500_000_000)
    [failure] = read(sandbox, tmp_path / "a.ppm", RenderOptions(limits=limits))
    assert failure.code == "out-of-memory"


def test_a_crash_is_a_code_and_takes_no_other_page_along(sandbox, misbehaving, tmp_path):
    misbehaving("os.kill(os.getpid(), signal.SIGSEGV)")
    path = documents.write_tiff(tmp_path / "a.tif", ["a", "b", "c", "d"])
    drawn = read(sandbox, path, uri="pages 1 and 3")
    assert codes(drawn) == ["PageImage", "crashed-renderer", "PageImage", "crashed-renderer"]
    assert "SIGSEGV" in drawn[1].message
    assert [drawn[0].ref.page_index, drawn[2].ref.page_index] == [0, 2]


def test_a_crash_that_a_new_helper_does_not_repeat_is_none(sandbox, misbehaving, tmp_path):
    misbehaving("is_second or os.kill(os.getpid(), signal.SIGABRT)")
    path = documents.write_tiff(tmp_path / "a.tif", ["a", "b", "c"])
    assert codes(read(sandbox, path, uri="page 1")) == ["PageImage"] * 3


@pytest.mark.parametrize("deed", ["raise KeyError('x')", "os.write(4, b'nonsense' * 9)"])
def test_a_bug_is_a_code(sandbox, misbehaving, tmp_path, deed):
    misbehaving(deed)
    path = documents.write_tiff(tmp_path / "a.tif", ["a", "b"])
    failed, good = read(sandbox, path, uri="page 0")
    assert failed.code in {"internal-error", "crashed-renderer"}
    assert isinstance(good, PageImage)


@pytest.mark.parametrize("is_right", [True, False])
@pytest.mark.parametrize("renderer", RENDERERS)
def test_passwords_are_tried_one_after_the_other(sandbox, tmp_path, renderer, is_right):
    path = documents.write_pdf(tmp_path / "a.pdf", ["a"], password="secret")
    passwords = ("guess", "secret" if is_right else "hint")
    options = RenderOptions(renderer=renderer, passwords=passwords)
    if is_right:
        assert codes(read(sandbox, path, options)) == ["PageImage"]
    else:
        with pytest.raises(EncryptedSourceError, match="none of the passwords") as caught:
            sandbox.inspect(path, "u", options)
        assert "hint" not in str(caught.value)


def test_a_file_of_too_many_bytes_is_not_opened(sandbox, tmp_path):
    path = documents.write_png(tmp_path / "a.png", "a")
    size = path.stat().st_size
    fits = RenderOptions(limits=Limits(max_bytes=size))
    assert sandbox.inspect(path, "u", fits).size_bytes == size
    with pytest.raises(SourceTooLargeError, match="bytes"):
        sandbox.inspect(path, "u", RenderOptions(limits=Limits(max_bytes=size - 1)))


def test_options_that_cannot_be_followed_stop_the_run(sandbox, tmp_path, monkeypatch):
    path = documents.write_pdf(tmp_path / "a.pdf", ["a"])
    source = sources.inspect(path, "u")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="poppler"):
        list(sandbox.render_pages(path, all_pages(source), RenderOptions(renderer="poppler")))


def test_one_who_takes_the_first_page_only_leaves_no_trouble(sandbox, tmp_path):
    path = documents.write_tiff(tmp_path / "a.tif", ["a", "b", "c"])
    source = sandbox.inspect(path, "u", HASTY)
    pages = sandbox.render_pages(path, all_pages(source), HASTY)
    next(pages)
    pages.close()
    assert codes(read(sandbox, path)) == ["PageImage"] * 3


def test_threads_draw_what_one_draws(sandbox, tmp_path):
    path = documents.write_pdf(tmp_path / "a.pdf", ["a", "b c", "d"])
    drawn = {}
    threads = [
        threading.Thread(target=lambda key=key: drawn.update({key: read(sandbox, path)}))
        for key in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for pages in drawn.values():
        assert [page.pixels.tobytes() for page in pages] == [
            page.pixels.tobytes() for page in drawn[0]
        ]
    assert len(drawn) == 3


SHOWN = {"PageImage", "Page"}
DAMAGED = {"corrupt-source", "empty-source", "unsupported-format", "page-too-large"}
ALLOWED = {
    "encrypted": SHOWN,
    "malformed_pdf": SHOWN | DAMAGED,
    "malformed_image": SHOWN | DAMAGED,
    "resource_pdf": SHOWN | {"page-too-large"},
    "trick_pdf": SHOWN,
    "valid_odd_image": SHOWN,
}


def ends_of(sandbox, path, options):
    """What becomes of a source: types of what is drawn, and codes of what is not."""
    try:
        return set(codes(read(sandbox, path, options)))
    except InputError as error:
        return {error.code}


def test_every_hostile_file_ends_as_it_should(sandbox, evaluation_pages):
    folder = evaluation_pages / "hostile"
    with (folder / "manifest.tsv").open(encoding="utf-8") as file:
        files = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(files) > 50
    for row in files:
        path = folder / row["category"] / row["file"]
        began = time.monotonic()
        if row["password"]:
            with pytest.raises(EncryptedSourceError):
                sandbox.inspect(path, "u", RenderOptions())
        options = RenderOptions(text_layer="auto", passwords=("x", row["password"] or "y"))
        ends = ends_of(sandbox, path, options)
        assert ends <= ALLOWED[row["category"]], row["file"]
        assert time.monotonic() - began < 30, row["file"]


def test_opening_that_takes_too_long_ends_with_a_code(sandbox, monkeypatch, tmp_path):
    path = documents.write_pdf(tmp_path / "a.pdf", ["a"])
    with pytest.raises(TookTooLongError):
        sandbox.inspect(path, "u", RenderOptions(limits=Limits(page_timeout_s=0.0001)))
