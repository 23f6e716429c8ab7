"""How much memory a process takes together with all that it has started.

Of Linux: reads `/proc` (proc(5)). Pages that several programs share are counted for each of them,
so that what is told is never too little. But a process that was forked and has not started its
program yet still shows all that its parent has, and is not counted.
"""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class _Process(NamedTuple):
    """A line of `/proc/PID/stat`.

    Attributes:
        stack: where its stack starts: chosen by chance whenever a program starts; 0 if not told.
    """

    pid: int
    parent: int
    size_bytes: int
    stack: int


def resident_bytes(pid: int) -> int:
    """Memory of a process and of all below it; 0 if it is gone."""
    processes = {process.pid: process for process in _processes()}
    children: dict[int, list[_Process]] = defaultdict(list)
    for process in processes.values():
        children[process.parent].append(process)
    total, left = 0, [processes[pid]] if pid in processes else []
    while left:
        one = left.pop()
        total += one.size_bytes
        left += [child for child in children[one.pid] if child.stack != one.stack or not one.stack]
    return total


def _processes() -> Iterator[_Process]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):  # it has ended since
                # After the name, which may have blanks, comes the third field.
                rest = (folder / "stat").read_bytes().rpartition(b")")[2]
                fields = [b"", b"", b"", *rest.split()]
                size_bytes = int(fields[24]) * _PAGE_BYTES
                yield _Process(int(folder.name), int(fields[4]), size_bytes, int(fields[28]))


class PeakMemory:
    """Looks at a process and all below it, many times a second, while it is entered.

    Attributes:
        peak_bytes: the most that was seen.
        seen: what was seen, in order, one of every `keep_every`.
    """

    def __init__(self, pid: int, every_s: float = 0.05, keep_every: int = 20) -> None:
        self.peak_bytes = 0
        self.seen: list[int] = []
        self._pid = pid
        self._every_s = every_s
        self._keep_every = keep_every
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        count = 0
        while not self._done.wait(self._every_s):
            now = resident_bytes(self._pid)
            self.peak_bytes = max(self.peak_bytes, now)
            if count % self._keep_every == 0:
                self.seen.append(now)
            count += 1
