from ocr_core.exporters import formats
from schemas import Document
from tests import exported_document


def names(split, document=None):
    return [name for name, _ in split(document or exported_document.whole_document())]


def test_a_document_is_one_file_unless_told():
    document = exported_document.whole_document()
    assert list(formats.whole(document)) == [("", document)]


def test_a_file_a_page_keeps_failed_pages_and_counts_from_1():
    document = exported_document.whole_document()
    parts = dict(formats.by_page(document))
    assert list(parts) == ["-0001", "-0002", "-0003"]
    assert [part.pages for part in parts.values()] == [(page,) for page in document.pages]


def test_a_file_a_table_holds_nothing_but_the_table():
    document = exported_document.whole_document()
    [(name, part)] = formats.by_table(document)
    assert name == "-0001-table-1"
    [page] = part.pages
    assert [block.kind for block in page.blocks] == ["table"]
    assert {line.block_id for line in page.lines} == {4}


def test_documents_without_tables_have_no_files_of_tables():
    without = Document(exported_document.SOURCE, (exported_document.last_page(),))
    assert names(formats.if_tables) == [""]
    assert names(formats.if_tables, without) == names(formats.by_table, without) == []


def test_only_formats_that_read_the_source_get_passwords():
    document = exported_document.whole_document()
    reading = formats.Format("a", lambda part, passwords: b",".join(passwords), reads_source=True)
    assert reading.convert(document, (b"one", b"two")) == b"one,two"
    assert formats.Format("a", lambda part: b"pure").convert(document, (b"one",)) == b"pure"
