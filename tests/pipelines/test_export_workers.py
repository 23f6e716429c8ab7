import os

import pytest

from ocr_core.errors import OcrError
from pipelines import export_workers
from pipelines.export_files import ExportOptions
from pipelines.export_workers import export_all
from tests import exported_document


def documents(names):
    return [(name, exported_document.whole_document()) for name in names]


@pytest.mark.parametrize("n_workers", [1, 2])
def test_every_document_is_exported_whatever_the_number_of_workers(tmp_path, n_workers):
    names = ["a", "b", "c", "d", "e", "f"]
    options = ExportOptions(("txt", "hocr"), str(tmp_path))
    results = list(export_all(documents(names), options, n_workers))
    assert [result.n_files for result in results] == [2] * 6
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(written) == {f"{name}.{suffix}" for name in names for suffix in ("txt", "hocr")}
    assert len({content for name, content in written.items() if name.endswith("hocr")}) == 1


def test_documents_are_read_as_workers_want_them(tmp_path):
    read = []

    def reading():
        for name, document in documents("abcdefghij"):
            read.append(name)
            yield name, document

    results = export_all(reading(), ExportOptions(("txt",), str(tmp_path)), 1)
    next(results)
    assert read == ["a"]
    results.close()


def die(document, name, options):
    os._exit(1)


def test_a_worker_that_dies_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(export_workers, "export_document", die)
    with pytest.raises(OcrError, match="a worker died"):
        list(export_all(documents("abc"), ExportOptions(("txt",), str(tmp_path)), 2))
