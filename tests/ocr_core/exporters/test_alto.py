import pytest
from lxml import etree

from ocr_core.exporters.alto import export_alto
from ocr_core.exporters.formats import by_page
from schemas import Box, Document, Page, PageRef
from tests import exported_document
from tests.exported_document import SOURCE, all_words
from tests.xml_schemas import load_schema

NAMES = {"a": "http://www.loc.gov/standards/alto/ns-v4#"}


def read(document=None):
    return etree.fromstring(export_alto(document or exported_document.whole_document()))


def find(root, path):
    return root.xpath(path, namespaces=NAMES)


def box_of(element):
    left, top, width, height = (
        float(element.get(name)) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")
    )
    return Box(left, top, left + width, top + height)


def empty_page():
    return Document(SOURCE, (Page(PageRef(SOURCE.doc_id, SOURCE.uri, 0), 10, 20, 72, ()),))


@pytest.mark.parametrize("document", [exported_document.whole_document(), empty_page()])
def test_it_is_valid_by_the_schema(document):
    load_schema("alto-4-4.xsd").assertValid(read(document))


def test_pages_alone_are_valid_too():
    schema = load_schema("alto-4-4.xsd")
    for _, part in by_page(exported_document.whole_document()):
        schema.assertValid(read(part))


def test_every_word_is_at_its_place():
    document = exported_document.whole_document()
    found = []
    for page in find(read(document), "//a:Page"):
        for string in find(page, ".//a:String"):
            text, box = string.get("CONTENT"), box_of(string)
            hyphen = string.getnext()
            if hyphen is not None and hyphen.tag.endswith("HYP"):
                text, box = text + hyphen.get("CONTENT"), box.union(box_of(hyphen))
            found.append((int(page.get("PHYSICAL_IMG_NR")), text, box, float(string.get("WC"))))
    assert found == [(number, word.text, word.box, 0.9) for number, word in all_words(document)]


def test_pages_tell_size_language_and_rotation():
    first, failed, last = find(read(), "//a:Page")
    assert [first.get(name) for name in ("WIDTH", "HEIGHT", "LANG", "ROTATION")] == [
        "800",
        "1000",
        "en",
        "-0.5",
    ]
    assert last.get("LANG") == "de"
    assert failed.get("QUALITY_DETAIL") == "corrupt-source: render: no such -- font"
    assert len(failed) == 0


def test_the_processing_has_the_time_when_the_document_was_read():
    [time] = find(read(), "//a:Processing/a:processingDateTime")
    assert time.text == "2026-11-20T09:05:03Z"
    assert not find(read(empty_page()), "//a:processingDateTime")


def test_the_processing_tells_who_did_it_and_how_pages_were_drawn():
    [step] = find(read(), "//a:Processing")
    assert [text.strip() for text in step.itertext() if text.strip()][-3:] == [
        "page 1: 150 dpi, turned clockwise by 90 degrees, ocr; page 3: 150 dpi, ocr",
        "beam-ocr",
        find(step, ".//a:softwareVersion")[0].text,
    ]


def test_blocks_are_in_reading_order_and_tell_their_kinds():
    root = read()
    tags = {tag.get("ID"): tag.get("LABEL") for tag in find(root, "//a:StructureTag")}
    order = find(root, "//a:ReadingOrder/a:OrderedGroup/a:OrderedGroup[1]/a:ElementRef/@REF")
    blocks = find(root, "//a:Page[1]/a:PrintSpace/*")
    assert [block.get("ID") for block in blocks] == order
    assert [tags[block.get("TAGREFS")] for block in blocks] == [
        block.kind for block in exported_document.first_page().blocks
    ]
    assert [etree.QName(block).localname for block in blocks[4:6]] == [
        "ComposedBlock",
        "Illustration",
    ]


def test_a_divided_word_is_whole_in_both_parts():
    parts = find(read(), "//a:String[@SUBS_TYPE]")
    assert [
        tuple(part.get(name) for name in ("CONTENT", "SUBS_TYPE", "SUBS_CONTENT")) for part in parts
    ] == [
        ("inter", "HypPart1", "international"),
        ("national", "HypPart2", "international"),
    ]
    assert find(read(), "//a:HYP/@CONTENT") == ["-"]


def test_what_was_read_before_correction_is_an_alternative():
    [alternative] = find(read(), "//a:ALTERNATIVE")
    assert alternative.text == "Vnder"
    assert alternative.getparent().get("CONTENT") == "Under"


def test_cells_are_blocks_of_the_table():
    cells = find(read(), "//a:ComposedBlock[@TYPE='table']/a:TextBlock")
    said = {
        cell.get("ID").removeprefix("block_1_5_"): find(cell, ".//a:String/@CONTENT")
        for cell in cells
    }
    assert said["row_1_column_1"] == ["Cargo"]
    assert said["row_2_column_2"] == ["a|b,", "c"]
    assert said["row_3_column_3"] == []


def test_polygons_and_baselines_follow_a_tilted_line():
    [line] = [
        string.getparent()
        for string in find(read(), "//a:String")
        if string.get("CONTENT") == "law"
    ]
    assert find(line, "a:Shape/a:Polygon/@POINTS") == ["100,150 430,162 430,182 100,170"]
    assert line.get("BASELINE") == "100,165 430,177"
