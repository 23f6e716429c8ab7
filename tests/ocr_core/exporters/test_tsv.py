import csv
import io

import pandas

from ocr_core.exporters.structure import whole_pixels
from ocr_core.exporters.tsv import export_tsv
from schemas import Box
from tests import exported_document

# As `tesseract page.png - tsv` writes it.
HEADER = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


def read():
    content = export_tsv(exported_document.whole_document())
    stream = io.BytesIO(content)
    return pandas.read_csv(stream, sep="\t", quoting=csv.QUOTE_NONE, keep_default_na=False)


def test_columns_are_those_of_tesseract():
    assert export_tsv(exported_document.whole_document()).decode().split("\n")[0] == HEADER


def test_pandas_finds_every_word_at_its_place():
    words = read().query("level == 5")
    found = [
        (row.page_num, row.text, (row.left, row.top, row.left + row.width, row.top + row.height))
        for row in words.itertuples()
    ]
    document = exported_document.whole_document()
    assert found == [
        (number, word.text, whole_pixels(word.box))
        for number, word in exported_document.all_words(document)
    ]
    assert set(words.conf) == {90.0}


def test_pages_blocks_and_lines_hold_what_is_in_them():
    frame = read()
    assert frame.query("level == 1")[["page_num", "width", "height"]].values.tolist() == [
        [1, 800, 1000],
        [2, 0, 0],
        [3, 800, 1000],
    ]
    assert set(frame.query("level < 5").conf) == {-1.0}
    keys = ["page_num", "block_num", "par_num", "line_num"]
    for level in (2, 3, 4):
        shared = keys[:level]
        for _, row in frame[frame.level == level].iterrows():
            inner = frame[(frame[shared] == row[shared]).all(axis=1) & (frame.level == 5)]
            outer = Box(
                row.left - 1, row.top - 1, row.left + row.width + 1, row.top + row.height + 1
            )
            assert len(inner) > 0
            assert inner.left.min() >= outer.left
            assert inner.top.min() >= outer.top
            assert (inner.left + inner.width).max() <= outer.right
            assert (inner.top + inner.height).max() <= outer.bottom
