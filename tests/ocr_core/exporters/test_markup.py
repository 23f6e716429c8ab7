from xml.etree import ElementTree as ET

import pytest
from lxml import etree

from ocr_core.exporters import markup
from schemas import Quad


def test_what_is_written_is_what_a_reader_finds():
    root = ET.Element("a")
    said = 'x < y & "z"\ud800\x00\ufffe ü\U0001f600'
    markup.add_text(root, "b", said, {"c": said})
    markup.add_comment(root, "-- -->\x01")
    read = etree.fromstring(markup.to_bytes(root))
    assert read[0].text == read[0].get("c") == 'x < y & "z" ü\U0001f600'
    assert read[1].text == " - - - -> "


def test_elements_without_content_have_two_tags_where_asked():
    root = ET.Element("a")
    assert markup.to_bytes(root).endswith(b"<a />\n")
    assert markup.to_bytes(root, shortens=False).endswith(b"<a></a>\n")


@pytest.mark.parametrize(
    ("value", "written"),
    [(2.0, "2"), (0.98765, "0.988"), (-0.0001, "0"), (-3.5, "-3.5"), (12345.678, "12345.678")],
)
def test_numbers_are_short(value, written):
    assert markup.number(value) == written


def test_confidences_stay_within_0_and_1():
    assert [markup.share(value) for value in (-0.1, 0.12345, 1.0000001)] == [
        "0.0000",
        "0.1235",
        "1.0000",
    ]


def test_points_are_the_corners_of_a_quad_clockwise():
    quad = Quad(-0.6, 1.4, 10.6, 1, 10, 5, 0, 5)
    assert markup.points(markup.corners(quad)) == "0,1 11,1 10,5 0,5"


def test_the_version_is_that_of_the_package():
    assert markup.version()[0].isdigit()
