"""Pages as they are read: told to whoever shows progress here, and to Beam's metrics."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from weakref import WeakValueDictionary

import apache_beam as beam
from apache_beam.metrics.metric import Metrics

from schemas import Failure, Page

Listener = Callable[[Page | Failure], None]


class PageListener:
    """Hears of every page that is read in the process where it was made.

    Beam pickles what it runs, even to run it here: unpickled in the same process this is the
    same object again, and in any other it hears and tells nothing.
    """

    def __init__(self, tell: Listener | None = None, token: str = "") -> None:
        self._tell = tell
        self._token = token or secrets.token_hex(8)
        self._lock = threading.Lock()
        _HERE[self._token] = self

    def hear(self, result: Page | Failure) -> None:
        """Tells of a page; pages of several threads are told of one after another."""
        if self._tell is not None:
            with self._lock:
                self._tell(result)

    def __reduce__(self) -> tuple[Callable[[str], PageListener], tuple[str]]:
        return _revive, (self._token,)


_HERE: WeakValueDictionary[str, PageListener] = WeakValueDictionary()


def _revive(token: str) -> PageListener:
    return _HERE.get(token) or PageListener(token=token)


class CountPages(beam.DoFn):
    """Lets pages through and counts them."""

    def __init__(self, listener: PageListener) -> None:
        self._listener = listener

    def process(self, result: Page | Failure) -> Iterator[Page | Failure]:
        if isinstance(result, Failure):
            Metrics.counter("ocr", f"failed.{result.code}").inc()
        else:
            Metrics.counter("ocr", f"pages.{result.status}").inc()
            Metrics.counter("ocr", "lines").inc(len(result.lines))
            for stage, seconds in result.seconds.items():
                Metrics.distribution("ocr", f"{stage}_ms").update(round(1000 * seconds))
        self._listener.hear(result)
        yield result
