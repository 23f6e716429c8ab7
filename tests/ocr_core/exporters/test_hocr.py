import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree, html

from ocr_core.exporters.formats import by_page
from ocr_core.exporters.hocr import export_hocr
from ocr_core.exporters.structure import baseline_of, whole_pixels
from schemas import Document, Page
from tests import exported_document
from tests.exported_document import SOURCE

XHTML = "{http://www.w3.org/1999/xhtml}"


def hocr_tool(name, path):
    command = [sys.executable, str(Path(sys.executable).with_name(name)), str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)


def read(document=None):
    return html.fromstring(export_hocr(document or exported_document.whole_document()))


def properties(element):
    return dict(part.strip().split(None, 1) for part in element.get("title").split(";"))


def box_of(element):
    return tuple(map(int, properties(element)["bbox"].split()))


def test_hocr_check_has_nothing_to_say(tmp_path):
    # A file a page: the tool would look for overlaps between boxes of different pages.
    for name, part in by_page(exported_document.whole_document()):
        path = tmp_path / f"page{name}.hocr"
        path.write_bytes(export_hocr(part))
        told = hocr_tool("hocr-check", path).stderr.splitlines()
        assert len(told) >= 6
        assert [line for line in told if not line.startswith("ok ")] == []


def test_hocr_lines_finds_every_line_in_reading_order(tmp_path):
    path = tmp_path / "a.hocr"
    path.write_bytes(export_hocr(exported_document.whole_document()))
    found = [" ".join(line.split()) for line in hocr_tool("hocr-lines", path).stdout.splitlines()]
    pages = [exported_document.first_page(), exported_document.last_page()]
    expected = [line.text for page in pages for line in page.lines]
    at = expected.index("Cargo Tons")  # in two cells
    expected[at : at + 1] = ["Cargo", "Tons"]
    assert [line for line in found if line] == expected


def test_it_is_well_formed_xhtml():
    root = etree.fromstring(export_hocr(exported_document.whole_document()))
    assert root.tag == f"{XHTML}html"
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids)) > 50


def test_every_word_is_at_its_place():
    document = exported_document.whole_document()
    found = [
        (page.get("id"), word.text_content(), box_of(word), properties(word)["x_wconf"])
        for page in read(document).xpath("//*[@class='ocr_page']")
        for word in page.xpath(".//*[@class='ocrx_word']")
    ]
    assert found == [
        (f"page_{number}", word.text, whole_pixels(word.box), "90")
        for number, word in exported_document.all_words(document)
    ]


def test_pages_tell_their_image_number_and_resolution():
    first, failed, last = read().xpath("//*[@class='ocr_page']")
    assert properties(first) == {
        "image": '"/in/box 7/a%3Bb %22& c%22.pdf"',
        "bbox": "0 0 800 1000",
        "ppageno": "0",
        "scan_res": "150 150",
    }
    assert (first.get("lang"), last.get("lang")) == ("en", "de")
    assert properties(failed)["ppageno"] == "1"
    assert "corrupt-source: render: no such - - font" in html.tostring(failed).decode()


def test_kinds_of_blocks_have_classes_of_the_specification():
    first, _, last = read().xpath("//*[@class='ocr_page']")
    assert [block.get("class") for block in first] == [
        "ocr_header",
        "ocr_chapter",
        "ocr_carea",
        "ocr_carea",
        "ocr_table",
        "ocr_photo",
        "ocr_caption",
        "ocr_textfloat",
        "ocr_pageno",
    ]
    assert [block.get("class") for block in last] == ["ocr_section", "ocr_carea"]
    announced = read().xpath("//meta[@name='ocr-capabilities']/@content")[0].split()
    assert set(read().xpath("//body//@class")) <= set(announced)


def test_tables_are_tables():
    [table] = read().xpath("//table")
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in table.xpath(".//tr")]
    assert rows == [["Cargo", "Tons"], ["=Tea", "a|b, c", "12.50"], ["Rum", "d", ""]]
    assert table.xpath(".//td[@colspan]/@colspan") == ["2"]
    assert box_of(table.xpath(".//td")[1]) == (310, 400, 420, 430)


@pytest.mark.parametrize("fall", [0.0, 12.0, -12.0])
def test_a_baseline_is_that_of_the_line(fall):
    page = exported_document.last_page()
    line = exported_document.tilted(page.lines[0], fall)
    document = Document(SOURCE, (Page(page.ref, 800, 1000, 150, (line,)),))
    [element] = read(document).xpath("//*[@class='ocr_line']")
    slope, offset = map(float, properties(element)["baseline"].split())
    left, _, _, bottom = box_of(element)
    for x, y in baseline_of(line):
        assert bottom + offset + slope * (x - left) == pytest.approx(y, abs=0.2)
    assert re.fullmatch(r"24(\.\d+)?", properties(element)["x_size"])


def test_a_baseline_that_was_seen_is_told_with_what_hangs_below_it():
    page = exported_document.last_page()
    seen = ((100.0, 78.0), (145.0, 79.0), (190.0, 78.0))
    line = dataclasses.replace(page.lines[0], baseline=seen)
    document = Document(SOURCE, (Page(page.ref, 800, 1000, 150, (line,)),))
    [element] = read(document).xpath("//*[@class='ocr_line']")
    bottom = box_of(element)[3]
    slope, offset = map(float, properties(element)["baseline"].split())
    assert (slope, bottom + offset) == pytest.approx((0, 78 + 1 / 3), abs=0.01)
    assert float(properties(element)["x_descenders"]) == pytest.approx(84 - 78 - 1 / 3, abs=0.01)


def test_a_line_that_runs_upwards_tells_its_angle():
    page = exported_document.last_page()
    line = page.lines[0]
    upwards = type(line.quad)(10, 200, 10, 50, 30, 50, 30, 200)
    line = type(line)(line.text, line.raw_text, 0.5, upwards, ())
    document = Document(SOURCE, (Page(page.ref, 800, 1000, 150, (line,)),))
    [element] = read(document).xpath("//*[@class='ocr_line']")
    assert properties(element)["textangle"] == "90"
    assert "baseline" not in properties(element)
