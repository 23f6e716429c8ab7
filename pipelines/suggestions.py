"""What somebody may have meant by a name that does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def suggest(name: str, known: Iterable[str]) -> str:
    """`; did you mean --dpi?`, or nothing if no known name is like it."""
    close = difflib.get_close_matches(name.partition("=")[0], list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""
