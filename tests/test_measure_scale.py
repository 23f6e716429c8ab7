"""What the time and memory of many pages are measured on, and with what verdict."""

import json

import cv2
import numpy as np
import pyarrow.parquet as pq
import pymupdf
import pytest

from tests import block_pdfs, measure_scale, stand_in_pages
from tests.measure_scale import Cost, Verdict
from tests.stand_ins import GREY_OF


def blocks_of(page):
    """The grey levels of the blocks on a page, line by line."""
    drawn = page.get_pixmap(colorspace=pymupdf.csGRAY)
    pixels = np.frombuffer(drawn.samples, np.uint8).reshape(drawn.height, drawn.stride)
    count, _, places, _ = cv2.connectedComponentsWithStats((pixels < 150).astype(np.uint8))
    lines = {}
    for left, top, width, height, _ in sorted(places[1:count].tolist()):
        lines.setdefault(top, []).append(pixels[top + height // 2, left + width // 2])
    return [lines[top] for top in sorted(lines)]


def letter_of(grey):
    """The letter whose grey is nearest: drawing may round."""
    return min(GREY_OF, key=lambda letter: abs(GREY_OF[letter] - int(grey)))


def test_pages_of_blocks_say_what_they_should_and_no_two_files_are_alike():
    data = block_pdfs.make_pdf(7, "one")
    with pymupdf.open(stream=data) as document:
        assert document.page_count == 7
        assert not document.is_repaired
        for number, page in enumerate(document):
            text = ["".join(map(letter_of, line)) for line in blocks_of(page)]
            assert "\n".join(text) == block_pdfs.page_text(number)
    assert data == block_pdfs.make_pdf(7, "one") != block_pdfs.make_pdf(7, "two")


def test_documents_have_as_many_pages_as_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr(measure_scale, "DOCUMENT_PAGES", 4)
    measure_scale.write_documents(tmp_path / "inbox", 10)
    files = sorted((tmp_path / "inbox").iterdir())
    counts = []
    for path in files:
        with pymupdf.open(path) as document:
            counts.append(document.page_count)
    assert counts == [4, 4, 2]
    assert len({path.read_bytes() for path in files}) == 3


def test_a_run_over_stand_in_pages_reads_every_page(tmp_path, monkeypatch):
    monkeypatch.setattr(measure_scale, "DOCUMENT_PAGES", 8)
    cost = measure_scale.measure(tmp_path, 20, False, ["--workers", "1"])
    assert cost.pages == 20
    assert cost.cpu_s > 0.5
    assert cost.memory_bytes > 100 << 20
    read = {}
    for path in (tmp_path / "out" / "pages").rglob("*.parquet"):
        for row in pq.read_table(path).to_pylist():
            read.setdefault(row["uri"], {})[row["page_index"]] = row["text"]
    assert sorted(len(pages) for pages in read.values()) == [4, 8, 8]
    for pages in read.values():
        assert pages == {index: stand_in_pages.page_text(index) for index in pages}


def test_a_run_that_leaves_pages_out_is_no_measure(tmp_path, monkeypatch):
    monkeypatch.setattr(measure_scale, "STAND_INS", {False: "tests.block_pdfs"})
    with pytest.raises(SystemExit, match="ended with 0 after 0 of 3 pages"):
        measure_scale.measure(tmp_path, 3, False, [])


def test_pages_that_are_read_are_counted_by_the_files_of_runs(tmp_path):
    assert measure_scale.count_read(tmp_path) == 0
    runs = tmp_path / "_runs"
    runs.mkdir()
    for number, pages in enumerate([{"read": 3, "failed": 1}, {"empty": 2}, {"read": 4}]):
        (runs / f"{number}.json").write_text(json.dumps({"counts": {"pages": pages}}))
    assert measure_scale.count_read(tmp_path) == 7


@pytest.mark.parametrize(
    ("cpu_s", "memory", "expected"),
    [
        ((10, 12, 32), (9, 10, 13), (1.0, 1.3, True)),
        ((10, 12, 35), (9, 10, 10), (1.15, 1.0, True)),
        ((10, 12, 36), (9, 10, 10), (1.2, 1.0, False)),
        ((10, 12, 32), (9, 10, 14), (1.0, 1.4, False)),
    ],
)
def test_what_it_takes_to_start_is_held_against_nobody(cpu_s, memory, expected):
    pages = (100, 200, 1200)
    costs = [Cost(*cost) for cost in zip(pages, (1, 1, 1), cpu_s, memory, strict=True)]
    verdict = Verdict.of(*costs)
    assert (verdict.time, verdict.memory) == pytest.approx(expected[:2])
    assert verdict.is_kept == expected[2]
