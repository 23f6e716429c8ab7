"""A file, read whole: for notebooks and programs of few documents; runs are for many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from ocr_core.cleaning import steps
from ocr_core.errors import MissingSourceError
from ocr_core.isolation import alone, failure_of
from ocr_core.sandbox import drawing
from ocr_core.sources import ALL_PAGES, DEFAULT_OPTIONS, RenderOptions, parse_page_numbers
from schemas import Document, Failure, Page, PageImage, PageRange

# Pages whose tiles and crops go through the networks together.
BATCH_PAGES = 4

ReadPages = Callable[[Sequence[PageImage | Page]], list[Page | Failure]]


def read_document(
    path: str | Path,
    read_pages: ReadPages,
    pages: str = "",
    options: RenderOptions = DEFAULT_OPTIONS,
) -> Document:
    """All that a PDF or an image file says, or some of its pages.

    It is drawn by a helper process with limits of its own, as runs do. A page that cannot be read
    is a `Failure` among the pages.

    Args:
        read_pages: of an engine.
        pages: which ones, from 1, such as `1-3,7`; all if empty.
        options: how pages are drawn.

    Raises:
        InputError: it cannot be opened.
        ConfigError: `pages` is not of this form.
    """
    path = Path(path)
    if not path.is_file():
        raise MissingSourceError(f"there is no such file: {path}")
    selection = parse_page_numbers(pages) if pages else ALL_PAGES
    source = drawing.inspect(path, str(path.absolute()), options)
    wanted = PageRange(source, selection.indices(source.page_count))
    drawn = drawing.render_pages(path, wanted, options)
    return Document(source, tuple(_read(drawn, read_pages)))


def _read(
    drawn: Iterator[PageImage | Page | Failure], read_pages: ReadPages
) -> Iterator[Page | Failure]:
    while batch := [_prepare(page) for page in islice(drawn, BATCH_PAGES)]:
        read = iter(read_pages([page for page in batch if not isinstance(page, Failure)]))
        yield from (page if isinstance(page, Failure) else next(read) for page in batch)


def _prepare(page: PageImage | Page | Failure) -> PageImage | Page | Failure:
    if not isinstance(page, PageImage):
        return page
    return alone(page, steps.prepare_page, partial(failure_of, page.ref, "prepare"))
