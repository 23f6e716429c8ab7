"""The processes that open sources again."""

import os
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing

import pytest

from ocr_core.errors import CrashedRendererError, EncryptedSourceError
from ocr_core.sources import hash_file
from pipelines import export_process
from pipelines.export_files import convert
from pipelines.export_process import ExportProcesses
from schemas import Document, Source
from tests import documents


def document_of(path):
    return Document(Source(hash_file(path)[0], str(path), 1, "application/pdf", 1), ())


def test_it_makes_what_is_made_here(tmp_path):
    document = document_of(documents.write_pdf(tmp_path / "a.pdf", ["ab"]))
    with closing(ExportProcesses()) as processes:
        assert processes.convert("pdf", document, ()) == convert("pdf", document, ())
        assert processes.convert("hocr", document, ()) == convert("hocr", document, ())


def test_formats_that_open_nothing_need_no_process(tmp_path):
    document = document_of(documents.write_pdf(tmp_path / "a.pdf", ["ab"]))
    with closing(ExportProcesses()) as processes:
        processes.convert("txt", document, ())
        assert processes._pool is None


def test_errors_and_passwords_go_through(tmp_path):
    path = documents.write_pdf(tmp_path / "a.pdf", ["ab"], password="secret")
    with closing(ExportProcesses()) as processes:
        with pytest.raises(EncryptedSourceError, match="needs a password") as caught:
            processes.convert("pdf", document_of(path), ())
        assert caught.value.code == "encrypted-source"
        assert processes.convert("pdf", document_of(path), ("secret",)).startswith(b"%PDF-")


def test_others_do_not_suffer_from_a_crash(tmp_path):
    document = document_of(documents.write_pdf(tmp_path / "a.pdf", ["ab"]))
    with closing(ExportProcesses()) as processes:
        expected = processes.convert("pdf", document, ())
        before = processes._pool
        with pytest.raises(BrokenProcessPool):
            before.submit(os._exit, 1).result()
        assert processes.convert("pdf", document, ()) == expected
        assert processes.convert("pdf", document, ()) == expected
        assert processes._pool is not before


def test_what_crashes_again_alone_is_at_fault(tmp_path, monkeypatch):
    document = document_of(documents.write_pdf(tmp_path / "a.pdf", ["ab"]))
    submit = export_process.ProcessPoolExecutor.submit
    monkeypatch.setattr(
        export_process.ProcessPoolExecutor, "submit", lambda pool, *_: submit(pool, os._exit, 1)
    )
    with closing(ExportProcesses()) as processes, pytest.raises(CrashedRendererError):
        processes.convert("pdf", document, ())


def test_a_run_has_them_once():
    assert export_process.shared() is export_process.shared()


ORPHAN = """
import multiprocessing, os, time
from concurrent.futures import ProcessPoolExecutor
from pipelines.export_process import _end_with_parent
if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, context, initializer=_end_with_parent)
    print(pool.submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""


def test_it_does_not_outlive_the_run(tmp_path):
    script = tmp_path / "run.py"
    script.write_text(ORPHAN)
    root = export_process.__file__.rsplit("/", 2)[0]
    run = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": root}
    )
    with run, run.stdout:
        helper = int(run.stdout.readline())
        run.kill()
    for _ in range(100):
        if not os.path.exists(f"/proc/{helper}"):  # noqa: PTH110
            return
        time.sleep(0.1)
    raise AssertionError("it is still there")
