import pytest
from lxml import etree

from ocr_core.exporters.formats import by_page
from ocr_core.exporters.page_xml import export_page_xml
from schemas import Document, Page, PageRef, Quad
from tests import exported_document
from tests.exported_document import SOURCE, all_words
from tests.xml_schemas import load_schema

NAMES = {"p": "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"}
TIMES = ("Created", "LastChange")


def read(number=1):
    parts = [part for _, part in by_page(exported_document.whole_document())]
    return etree.fromstring(export_page_xml(parts[number - 1]))


def find(root, path):
    return root.xpath(path, namespaces=NAMES)


def points_of(element):
    [points] = find(element, "p:Coords/@points")
    return [tuple(map(int, point.split(","))) for point in points.split()]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_it_is_valid_by_the_schema(number):
    load_schema("page-2019-07-15.xsd").assertValid(read(number))


def test_a_page_with_nothing_on_it_is_valid_too():
    page = Page(PageRef(SOURCE.doc_id, SOURCE.uri, 0), 10, 20, 72, (), language="tlh")
    root = etree.fromstring(export_page_xml(Document(SOURCE, (page,))))
    load_schema("page-2019-07-15.xsd").assertValid(root)
    assert find(root, "p:Page/@primaryLanguage") == ["other"]


def test_it_was_made_when_the_document_was_read():
    [created], [changed] = (find(read(), f"p:Metadata/p:{name}") for name in TIMES)
    assert created.text == changed.text == "2026-11-20T09:05:03Z"


def test_a_document_that_no_run_has_read_has_a_time_that_nobody_takes_for_one():
    page = Page(PageRef(SOURCE.doc_id, SOURCE.uri, 0), 10, 20, 72, ())
    root = etree.fromstring(export_page_xml(Document(SOURCE, (page,))))
    assert {find(root, f"p:Metadata/p:{name}")[0].text for name in TIMES} == {
        "1970-01-01T00:00:00Z"
    }


def test_several_pages_are_a_mistake():
    with pytest.raises(ValueError, match="one page, and not 3"):
        export_page_xml(exported_document.whole_document())


def test_every_word_is_at_its_place():
    found = [
        (number, find(word, "p:TextEquiv[@index=0]/p:Unicode")[0].text, points_of(word))
        for number in (1, 3)
        for word in find(read(number), "//p:Word")
    ]
    assert found == [
        (number, word.text, [tuple(corner) for corner in Quad.from_box(word.box).corners])
        for number, word in all_words(exported_document.whole_document())
    ]


def test_the_page_tells_its_image_language_and_skew():
    [page] = find(read(), "p:Page")
    assert dict(page.attrib) == {
        "imageFilename": 'a;b "& c".pdf',
        "imageWidth": "800",
        "imageHeight": "1000",
        "imageXResolution": "150",
        "imageYResolution": "150",
        "imageResolutionUnit": "PPI",
        "orientation": "-0.5",
        "conf": "0.9000",
        "primaryLanguage": "English",
    }
    assert find(read(3), "p:Page/@primaryLanguage") == ["German"]


def test_a_page_that_failed_is_empty_and_says_why():
    root = read(2)
    assert len(find(root, "p:Page/*")) == 0
    [comment] = find(root, "p:Metadata/p:Comments")
    assert comment.text == "page 2 of 3 failed: corrupt-source: render: no such -- font"


def test_regions_are_in_reading_order_and_tell_their_kinds():
    root = read()
    regions = find(root, "p:Page/*[p:Coords]")
    assert [region.get("id") for region in regions] == find(root, "//p:RegionRefIndexed/@regionRef")
    assert [(etree.QName(region).localname, region.get("type")) for region in regions] == [
        ("TextRegion", "header"),
        ("TextRegion", "heading"),
        ("TextRegion", "paragraph"),
        ("TextRegion", "other"),
        ("TableRegion", None),
        ("ImageRegion", None),
        ("TextRegion", "caption"),
        ("TextRegion", "footnote"),
        ("TextRegion", "page-number"),
    ]
    assert regions[3].get("custom") == "structure {type:list;}"


def test_raw_text_is_the_second_text_where_it_differs():
    raw = find(read(), "//p:TextEquiv[@index=1]/p:Unicode")
    assert [element.text for element in raw] == ["Vnder", "Vnder * the *old* inter-"]
    [word] = find(read(), "//p:Word[p:TextEquiv[@index=1]]")
    assert find(word, "p:TextEquiv/@conf") == ["0.9000", "0.9000"]


def test_cells_tell_their_rows_and_columns():
    [table] = find(read(), "//p:TableRegion")
    assert (table.get("rows"), table.get("columns")) == ("3", "3")
    roles = [tuple(role.attrib.values()) for role in find(table, ".//p:TableCellRole")]
    assert roles[:3] == [("0", "0", "1", "2"), ("0", "2", "1", "1"), ("1", "0", "1", "1")]
    texts = [element.text for element in find(table, "p:TextRegion/p:TextEquiv/p:Unicode")]
    assert texts == ["Cargo", "Tons", "=Tea", "a|b, c", "12.50", "Rum", "d", None]


def test_outlines_and_baselines_follow_a_tilted_line():
    line = find(read(), "//p:TextLine[@id='region_3_line_2']")[0]
    assert points_of(line) == [(100, 150), (430, 162), (430, 182), (100, 170)]
    assert find(line, "p:Baseline/@points") == ["100,165 430,177"]
