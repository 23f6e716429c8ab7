"""Documents are exported by several processes: making XML is work for Python alone."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from ocr_core.errors import OcrError
from pipelines.export_files import Exported, ExportOptions, export_document
from schemas import Document

# Documents that wait for a worker, for each of them: memory is that of so many documents.
_WAITING = 2

Named = tuple[str, Document]


def export_all(
    documents: Iterable[Named], options: ExportOptions, n_workers: int
) -> Iterator[Exported]:
    """What became of each document, in their order.

    Args:
        documents: with the names of their files; see `export_document`.
        n_workers: processes; 1 exports in this one.

    Raises:
        OcrError: the folder cannot be written to, or a worker died.
    """
    if n_workers == 1:
        for name, document in documents:
            yield export_document(document, name, options)
        return
    # A fork would copy threads' locks, but not the threads that hold them.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(n_workers, mp_context=context) as pool:
        try:
            yield from _in_turn(pool, documents, options, _WAITING * n_workers)
        except BrokenProcessPool as error:
            raise OcrError("a worker died, as of too little memory; try --workers 1") from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _in_turn(
    pool: ProcessPoolExecutor, documents: Iterable[Named], options: ExportOptions, most: int
) -> Iterator[Exported]:
    """Results in the order of the documents, of which `most` are with the pool at once."""
    pending: deque[Future[Exported]] = deque()
    for name, document in documents:
        pending.append(pool.submit(export_document, document, name, options))
        if len(pending) >= most:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()
