"""What the pages of a report have in common."""

from __future__ import annotations

from html import escape

from pipelines.evaluation.sheets import Sheet


def head_html(title: str, root: str) -> str:
    """The beginning of a page.

    Args:
        root: of the report, as seen from the page.
    """
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        f'<link rel="stylesheet" href="{root}report.css">\n</head><body>\n'
    )


def name_of(sheet: Sheet) -> str:
    """What a page is called in the list."""
    return str(sheet.path) if sheet.is_alone else f"{sheet.path}, page {sheet.page_index + 1}"


def rates_of(sheet: Sheet) -> dict[str, float]:
    """The measures of a page by their names; only recall where ground truth is partial."""
    counts = sheet.counts
    if sheet.is_partial:
        return {"recall": counts.recall}
    return {"F1": counts.f1, "CER": counts.cer, "WER": counts.wer}
