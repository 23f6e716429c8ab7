import pytest

from ocr_core.exporters import EXPORTERS
from schemas import Document, Page, PageRef, Source


@pytest.mark.parametrize("name", sorted(EXPORTERS))
def test_every_exporter_gives_bytes_for_a_document_without_text(name):
    source = Source("0" * 64, "blank.png", 1, "image/png", 1)
    page = Page(PageRef(source.doc_id, source.uri, 0), 10, 10, 72, ())
    assert isinstance(EXPORTERS[name](Document(source, (page,))), bytes)
