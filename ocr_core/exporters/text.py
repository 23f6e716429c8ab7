"""Document -> plain text."""

from __future__ import annotations

from schemas import Document, Page


def export_text(document: Document) -> bytes:
    """The blocks in reading order, an empty line between blocks and a form feed between pages.

    A page that could not be read is empty, so that the n-th page stays the n-th. UTF-8.
    """
    texts = [page.text if isinstance(page, Page) else "" for page in document.pages]
    return "\f".join(f"{text}\n" if text else "" for text in texts).encode()
