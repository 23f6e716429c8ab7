from __future__ import annotations

from pathlib import Path

from ocr_core.sandbox.messages import CountPages, Request
from ocr_core.sources import RenderOptions


def test_what_a_helper_is_asked_does_not_show_passwords():
    options = RenderOptions(passwords=("open sesame",))
    shown = repr(Request(CountPages(Path("a.pdf"), "application/pdf", options), 1.0))
    assert "a.pdf" in shown
    assert "sesame" not in shown
