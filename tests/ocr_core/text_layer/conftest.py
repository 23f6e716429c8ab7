"""What the tests of text layers share with those of harvests: small PDFs."""

from tests.ocr_core.harvest.conftest import charset, pdf

__all__ = ["charset", "pdf"]
