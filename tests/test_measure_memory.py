"""What the memory of runs is measured on."""

import random

import pymupdf
from PIL import Image, ImageSequence

from tests import measure_memory


def count_pages(path):
    if path.suffix == ".pdf":
        with pymupdf.open(path) as document:
            return document.page_count
    with Image.open(path) as image:
        return sum(1 for _ in ImageSequence.Iterator(image))


def test_documents_have_as_many_pages_as_asked_for_and_no_two_are_alike(tmp_path, monkeypatch):
    monkeypatch.setattr(measure_memory, "LONG_PAGES", 20)
    monkeypatch.setattr(measure_memory, "LONG_FIRST", 3)
    measure_memory.write_documents(tmp_path, 60)
    counts = [count_pages(path) for path in tmp_path.iterdir()]
    assert (sum(counts), max(counts)) == (60, 20)
    assert {path.suffix for path in tmp_path.iterdir()} == {".pdf", ".tif", ".png"}
    sheets = random.Random(1)
    assert (measure_memory.draw_sheet(sheets) != measure_memory.draw_sheet(sheets)).any()
