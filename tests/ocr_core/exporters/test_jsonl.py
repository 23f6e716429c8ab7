import dataclasses
import io
import json

import pandas
import pytest

from ocr_core.exporters.jsonl import export_jsonl
from schemas import Document, rows
from tests import exported_document


def test_pandas_finds_every_word_at_its_place():
    document = exported_document.whole_document()
    frame = pandas.read_json(io.BytesIO(export_jsonl(document)), lines=True)
    found = [
        (page.page_index + 1, word["text"], word["raw_text"], word["box"], word["confidence"])
        for page in frame.itertuples()
        for line in page.lines
        for word in line["words"]
    ]
    assert found == [
        (number, word.text, word.raw_text, rows._box_row(word.box), word.confidence)
        for number, word in exported_document.all_words(document)
    ]


def test_names_are_those_of_the_tables():
    first, failed, _ = map(
        json.loads, export_jsonl(exported_document.whole_document()).splitlines()
    )
    for page in (first, failed):
        assert list(page) == [*rows.PAGES.names, "lines"]
    assert list(first["lines"][0]) == rows.LINES.names
    assert (failed["status"], failed["error_code"]) == ("failed", "corrupt-source")
    assert rows.page_from_rows(first, first["lines"]) == exported_document.first_page()


@pytest.mark.parametrize(("value", "told"), [(0.1 + 0.2, 0.3), (float("nan"), None), (1e-9, 1e-9)])
def test_numbers_are_as_precise_as_the_tables(value, told):
    page = exported_document.last_page()
    page = dataclasses.replace(page, skew_deg=value)
    document = Document(exported_document.SOURCE, (page,))
    assert json.loads(export_jsonl(document))["skew_deg"] == told
