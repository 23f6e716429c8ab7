"""Processes of their own for exports that open sources again.

A PDF that crashes what opens it then takes no run with it. Nor do threads of a run get into each
other's way, of which only one at a time may use MuPDF.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache

from ocr_core.errors import CrashedRendererError
from ocr_core.exporters import EXPORTERS
from pipelines.export_files import convert
from schemas import Document


class ExportProcesses:
    """Makes what files hold, in other processes where that opens the source.

    They are started once they are needed, and stay until the run ends.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None

    def convert(self, format_name: str, part: Document, passwords: Sequence[str]) -> bytes:
        """What a file holds, as `export_files.convert` makes it; for any thread.

        Raises:
            InputError: the source cannot be opened again, or crashes what opens it.
        """
        if not EXPORTERS[format_name].reads_source:
            return convert(format_name, part, passwords)
        pool = self._acquire()
        try:
            return pool.submit(convert, format_name, part, passwords).result()
        except BrokenProcessPool:  # by this document, or by another that was in it
            self._forget(pool)
        return _convert_alone(format_name, part, passwords)

    def close(self) -> None:
        """Ends the processes."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown()

    def _acquire(self) -> ProcessPoolExecutor:
        with self._lock:
            if self._pool is None:
                self._pool = _start(os.cpu_count() or 1)
            return self._pool

    def _forget(self, pool: ProcessPoolExecutor) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None


@cache
def shared() -> ExportProcesses:
    """Those of this process, for all threads and chunks of a run: to start one takes seconds."""
    return ExportProcesses()


def _convert_alone(format_name: str, part: Document, passwords: Sequence[str]) -> bytes:
    with _start(1) as pool:
        try:
            return pool.submit(convert, format_name, part, passwords).result()
        except BrokenProcessPool as error:
            raise CrashedRendererError("what writes its pages again crashed over it") from error


def _start(n_processes: int) -> ProcessPoolExecutor:
    # A fork would copy threads' locks, but not the threads that hold them.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(n_processes, context, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Lets a process end even if the one that started it is killed, which cannot tell it."""
    threading.Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
