"""Documents in formats for people and archives."""

from collections.abc import Callable, Mapping

from ocr_core.exporters.text import export_text
from schemas import Document

EXPORTERS: Mapping[str, Callable[[Document], bytes]] = {"txt": export_text}
