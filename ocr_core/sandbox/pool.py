"""The helper processes of this process: one for each thread that draws at the time."""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ocr_core.errors import ConfigError, OutOfMemoryError
from ocr_core.sandbox.helper import Helper, Terms


class Pool:
    """Helpers that are kept for whoever draws next.

    Attributes:
        requests_per_helper: so much work may one do before another takes its place. Starting it
            takes half a second, drawing so many ranges of pages a minute or more; what libraries
            leak in that time is megabytes.
    """

    def __init__(self, requests_per_helper: int = 200) -> None:
        self.requests_per_helper = requests_per_helper
        self._idle: list[Helper] = []
        self._lock = threading.Lock()
        self._owner = os.getpid()
        atexit.register(self.close)

    @contextmanager
    def helper(self, terms: Terms) -> Iterator[Helper]:
        """A helper on these terms, for one request; it is started if none is idle.

        Raises:
            ConfigError: it cannot be started.
        """
        helper = self._take(terms) or _start(terms)
        try:
            yield helper
        except OutOfMemoryError:
            helper.is_idle = False  # who knows what it still holds
            raise
        finally:
            if helper.is_idle and helper.requests < self.requests_per_helper:
                with self._lock:
                    self._idle.append(helper)
            else:
                helper.close()

    def close(self) -> None:
        """Ends the helpers that are idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        if self._owner == os.getpid():
            for helper in idle:
                helper.close()

    def _take(self, terms: Terms) -> Helper | None:
        with self._lock:
            if self._owner != os.getpid():  # forked: they are still the other process's
                self._idle, self._owner = [], os.getpid()
            for helper in self._idle:
                if helper.terms == terms:
                    self._idle.remove(helper)
                    return helper
        return None


def _start(terms: Terms) -> Helper:
    """A new helper; one that does not come up is tried once more, as machines stall at times."""
    try:
        return Helper(terms)
    except ConfigError:
        return Helper(terms)
