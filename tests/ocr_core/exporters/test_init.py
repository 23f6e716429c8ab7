import pytest

from ocr_core.exporters import EXPORTERS
from schemas import Document, Failure, Page, PageRef, Source
from tests import exported_document

SOURCE = Source("0" * 64, "blank.png", 1, "image/png", 1)
BLANK = Page(PageRef(SOURCE.doc_id, SOURCE.uri, 0), 10, 10, 72, ())
FAILED = Failure(SOURCE.doc_id, SOURCE.uri, 0, "render", "corrupt-source", "broken")
PURE = sorted(name for name, one in EXPORTERS.items() if not one.reads_source)


@pytest.mark.parametrize("page", [BLANK, FAILED], ids=["blank", "failed"])
@pytest.mark.parametrize("name", PURE)
def test_every_exporter_gives_bytes_for_a_document_without_text(name, page):
    assert isinstance(EXPORTERS[name].export(Document(SOURCE, (page,))), bytes)


@pytest.mark.parametrize("name", PURE)
def test_the_same_document_gives_the_same_bytes(name):
    document = exported_document.whole_document()
    once, again = (
        [
            (part, EXPORTERS[name].export(content))
            for part, content in EXPORTERS[name].split(document)
        ]
        for _ in range(2)
    )
    assert once == again


def test_no_two_formats_write_the_same_file():
    suffixes = [one.suffix for one in EXPORTERS.values()]
    assert len(set(suffixes)) == len(suffixes)
