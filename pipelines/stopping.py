"""What stops a command from outside: SIGTERM, by which schedulers and containers end a process."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn


@contextmanager
def as_by_ctrl_c() -> Iterator[None]:
    """Lets SIGTERM end what is done within as Ctrl-C does: unlocked, and with its metrics."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt
