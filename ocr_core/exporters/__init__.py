"""Documents in formats for people and archives."""

from collections.abc import Mapping, Sequence

from ocr_core.exporters.alto import export_alto
from ocr_core.exporters.formats import Format, by_page, by_table, if_tables
from ocr_core.exporters.hocr import export_hocr
from ocr_core.exporters.jsonl import export_jsonl
from ocr_core.exporters.markdown import export_markdown
from ocr_core.exporters.page_xml import export_page_xml
from ocr_core.exporters.tables import export_csv
from ocr_core.exporters.text import export_text
from ocr_core.exporters.tsv import export_tsv
from ocr_core.exporters.xlsx import export_xlsx
from schemas import Document


def _export_pdf(document: Document, passwords: Sequence[str]) -> bytes:
    from ocr_core.exporters.pdf import export_pdf  # opens PDFs, which others need not load

    return export_pdf(document, passwords)


def _export_pdfa(document: Document, passwords: Sequence[str]) -> bytes:
    from ocr_core.exporters.pdfa import export_pdfa

    return export_pdfa(document, passwords)


EXPORTERS: Mapping[str, Format] = {
    "txt": Format("txt", export_text),
    "pdf": Format("pdf", _export_pdf, reads_source=True),
    "pdfa": Format("pdfa.pdf", _export_pdfa, reads_source=True),
    "markdown": Format("md", export_markdown),
    "hocr": Format("hocr", export_hocr),
    "alto": Format("alto.xml", export_alto),
    "page-xml": Format("page.xml", export_page_xml, split=by_page),
    "jsonl": Format("jsonl", export_jsonl),
    "tsv": Format("tsv", export_tsv),
    "csv": Format("csv", export_csv, split=by_table),
    "xlsx": Format("xlsx", export_xlsx, split=if_tables),
}
