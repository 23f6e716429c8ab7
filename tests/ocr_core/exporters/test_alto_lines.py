from xml.etree import ElementTree as ET

from ocr_core.exporters.alto_lines import Parts, add_line
from schemas import Box, Line, Quad, Word
from tests.exported_document import make_line


def made(line, parts=None):
    block = ET.Element("TextBlock")
    add_line(block, "line", line, parts or Parts())
    return [(child.tag, child.get("CONTENT")) for child in block[0]], block[0]


def test_spaces_stand_between_words_and_nowhere_else():
    tags, _ = made(make_line("ab cd ef", 0, 0, 0))
    assert [tag for tag, _ in tags] == ["Shape", "String", "SP", "String", "SP", "String"]


def test_words_that_overlap_have_a_space_without_width():
    words = tuple(Word("a", "a", box, 1.0) for box in (Box(0, 0, 10, 9), Box(8, 0, 20, 9)))
    line = Line("a a", "a a", 1.0, Quad.from_box(Box(0, 0, 20, 9)), words)
    _, element = made(line)
    assert element.find("SP").get("WIDTH") == "0"


def test_a_hyphen_takes_its_share_of_the_words_place():
    tags, element = made(make_line("a inter-", 0, 0, 0), Parts(first="international"))
    assert tags[-2:] == [("String", "inter"), ("HYP", "-")]
    assert element.find("HYP").attrib == {
        "CONTENT": "-",
        "HPOS": "70",
        "VPOS": "0",
        "WIDTH": "10",
        "HEIGHT": "20",
    }


def test_a_word_that_goes_on_and_on_is_a_first_part():
    _, element = made(make_line("na-", 0, 0, 0), Parts(first="national", second="international"))
    [string] = element.findall("String")
    assert (string.get("SUBS_TYPE"), string.get("SUBS_CONTENT")) == ("HypPart1", "national")


def test_a_hyphen_that_was_corrected_keeps_what_was_read():
    word = Word("inter-", "1nter-", Box(0, 0, 60, 9), 1.0)
    line = Line("inter-", "1nter-", 1.0, Quad.from_box(word.box), (word,))
    _, element = made(line, Parts(first="international"))
    assert element.find("String/ALTERNATIVE").text == "1nter"
