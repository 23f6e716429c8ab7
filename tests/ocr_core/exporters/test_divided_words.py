import pytest

from ocr_core.exporters.divided_words import divided_words
from ocr_core.exporters.structure import FilledBlock
from tests.exported_document import block_of, make_line


@pytest.mark.parametrize(
    ("lines", "text", "expected"),
    [
        (["the inter-", "national law"], "the international law", {0: "international"}),
        (["at Baden-", "Baden now"], "at Baden-Baden now", {0: "Baden-Baden"}),
        (["Vor-", "und Nachteile"], "Vor- und Nachteile", {}),
        (["a dash -", "and on"], "a dash - and on", {}),
        (["one", "two"], "one two", {}),
        (["a¬", "b c-", "d."], "ab cd.", {0: "ab", 1: "cd."}),
        (["end-", ""], "end-", {}),
    ],
)
def test_words_are_whole_where_the_block_joins_them(lines, text, expected):
    made = [make_line(line, 10, 30 * number, 0) for number, line in enumerate(lines)]
    filled = FilledBlock(block_of(0, "paragraph", made, text), tuple(made))
    assert divided_words(filled) == expected
