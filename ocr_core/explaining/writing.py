"""Chapters to files: a numbered picture for each, and one page that holds them all."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from pathlib import Path

from ocr_core.errors import ConfigError
from ocr_core.explaining import drawing
from ocr_core.explaining.chapters import Chapter

INDEX = "index.html"
_STYLE = """
body { font: 17px/1.5 Georgia, serif; max-width: 940px; margin: 2em auto; color: #222 }
h1, h2 { font-weight: normal }
h2 { margin-top: 2em; border-top: 1px solid #ddd; padding-top: .6em }
img { max-width: 100% }
table { border-collapse: collapse; font-size: 15px }
td { padding: 1px 1em 1px 0; vertical-align: top }
td:first-child { color: #777; white-space: nowrap }
"""


def write(folder: Path, title: str, chapters: Sequence[Chapter]) -> list[Path]:
    """Writes `NAME.png` of each chapter, and `index.html`, which needs nothing else.

    Raises:
        ConfigError: the folder cannot be written to.
    """
    pictures = [drawing.to_png(chapter.picture) for chapter in chapters]
    page = page_of(title, chapters, pictures)
    files = [(f"{one.name}.png", png) for one, png in zip(chapters, pictures, strict=True)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in [*files, (INDEX, page.encode())]:
            (folder / name).write_bytes(data)
    except OSError as error:
        raise ConfigError(f"cannot write to {folder}: {error}") from error
    return [folder / name for name in (*(name for name, _ in files), INDEX)]


def page_of(title: str, chapters: Sequence[Chapter], pictures: Sequence[bytes]) -> str:
    """All chapters as one page of HTML, pictures included."""
    parts = [_section(one, png) for one, png in zip(chapters, pictures, strict=True)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body>\n"
        f"<h1>{html.escape(title)}</h1>\n{''.join(parts)}</body></html>\n"
    )


def _section(chapter: Chapter, png: bytes) -> str:
    rows = "".join(
        f"<tr><td>{html.escape(name)}</td><td>{html.escape(value)}</td></tr>"
        for name, value in chapter.facts
    )
    picture = base64.b64encode(png).decode()
    return (
        f'<h2 id="{chapter.name}">{html.escape(chapter.title)}</h2>\n'
        f"<p>{html.escape(chapter.text)}</p>\n"
        f'<img alt="{html.escape(chapter.title)}" src="data:image/png;base64,{picture}">\n'
        f"<table>{rows}</table>\n"
    )
