"""How long to bear with a document."""

from __future__ import annotations

import threading
from collections import OrderedDict

# Shares of the time that a page may take: what is left to the pages of a document that has used it
# up, and what all of its pages that fail may take together.
_LEAST = 0.05
_MOST = 1.2


class Patience:
    """Seconds that the pages of documents have cost without being drawn.

    A page may take its whole time. When a document has spent as much on pages that failed, each of
    those that are left gets a twentieth of it, which is enough for most; and when these have failed
    for some time, too, the document is given up. So it costs at most one and a quarter of what one
    page may, however many pages it has. Pages that can be drawn cost nothing.
    """

    def __init__(self, max_documents: int = 1000) -> None:
        self._max_documents = max_documents
        self._lost_s: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def timeout_s(self, doc_id: str, page_timeout_s: float) -> float:
        """What the next page of a document may take; 0 when the document is given up."""
        with self._lock:
            lost_s = self._lost_s.get(doc_id, 0.0)
        return 0.0 if lost_s >= _MOST * page_timeout_s else rest_of(page_timeout_s, lost_s)

    def begin(self, doc_id: str) -> None:
        """Bears with a document as if it had never been met."""
        with self._lock:
            self._lost_s.pop(doc_id, None)

    def lose(self, doc_id: str, seconds: float) -> None:
        """Counts what a page took that failed."""
        with self._lock:
            self._lost_s[doc_id] = self._lost_s.pop(doc_id, 0.0) + seconds
            if len(self._lost_s) > self._max_documents:
                self._lost_s.popitem(last=False)


def rest_of(page_timeout_s: float, lost_s: float) -> float:
    """What is left of the time of a page when others before it have failed for so long."""
    return max(page_timeout_s - lost_s, _LEAST * page_timeout_s)
