"""One document -> its files in every format that is wanted."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from ocr_core.errors import InputError, OcrError, UnusableNameError
from ocr_core.exporters import EXPORTERS
from ocr_core.exporters.formats import Format
from ocr_core.repeated_heads import mark_repeated_heads
from ocr_core.sources import ALL_PAGES, PageSelection
from pipelines import storage
from pipelines.copies import LocalCopies
from schemas import Document, Failure, Page

# Makes the content of a file: of which format, from which part of a document, with which passwords.
Convert = Callable[[str, Document, Sequence[str]], bytes]
# A name is too long, a folder has it, or a file the name of its folder.
_NO_NAMES = frozenset({errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR, errno.EEXIST})


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What is exported of each document, and where to.

    Attributes:
        formats: names in `EXPORTERS`.
        folder: local, or in a bucket.
        selection: the pages that are wanted.
        passwords: tried on sources that need one; not shown, and not written anywhere.
    """

    formats: tuple[str, ...]
    folder: str
    selection: PageSelection = ALL_PAGES
    passwords: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Exported:
    """What became of one document.

    Attributes:
        was_read: whether the run could open it: if not, there is nothing to export.
        n_pages: that were wanted and there.
        n_files: that were written.
        failures: by format, the code and the reason.
    """

    uri: str
    was_read: bool
    n_pages: int
    n_files: int
    failures: Mapping[str, tuple[str, str]]


def convert(format_name: str, part: Document, passwords: Sequence[str]) -> bytes:
    """What a file holds, made in this process."""
    return EXPORTERS[format_name].convert(part, passwords)


def export_document(
    document: Document, name: str, options: ExportOptions, convert: Convert = convert
) -> Exported:
    """Writes the files of a document, each of them whole or not at all.

    A format that fails takes no other with it. Running heads are found on all pages, whichever are
    wanted.

    Args:
        name: of its files, relative to the folder and without a suffix.
        convert: makes what files hold; `export_process` has others make it.

    Raises:
        OcrError: the folder cannot be written to.
    """
    chosen = select_pages(mark_repeated_heads(document), options.selection)
    n_files = 0
    failures = {}
    with closing(LocalCopies(max_copies=1)) as copies:
        for format_name in options.formats if chosen.pages else ():
            try:
                for suffix, part in _parts(chosen, EXPORTERS[format_name], copies):
                    content = convert(format_name, part, options.passwords)
                    _write(options.folder, name + suffix, content)
                    n_files += 1
            except Exception as error:
                if isinstance(error, OcrError) and not isinstance(error, InputError):
                    raise
                failures[format_name] = in_words(error)
    was_read = bool(document.pages)
    return Exported(document.source.uri, was_read, len(chosen.pages), n_files, failures)


def _write(folder: str, name: str, content: bytes) -> None:
    path = storage.join(folder, name)
    try:
        with storage.refusals_told(folder):
            storage.write_whole(path, content)
    except OSError as error:
        if error.errno not in _NO_NAMES:
            raise
        raise UnusableNameError(f"{path}: {os.strerror(error.errno)}") from error


def select_pages(document: Document, selection: PageSelection) -> Document:
    """The document with no other pages than those that are wanted."""
    end = 1 + max((_index(page) for page in document.pages), default=-1)
    wanted = frozenset(selection.indices(end))
    return replace(document, pages=tuple(p for p in document.pages if _index(p) in wanted))


def _index(page: Page | Failure) -> int:
    index = page.page_index if isinstance(page, Failure) else page.ref.page_index
    return -1 if index is None else index


def in_words(error: Exception) -> tuple[str, str]:
    """The code of what an export failed by, and the reason."""
    if isinstance(error, InputError):
        return error.code, str(error)
    return "internal-error", f"{type(error).__name__}: {error}"


def _parts(
    document: Document, wanted: Format, copies: LocalCopies
) -> Iterator[tuple[str, Document]]:
    """What each file's name ends in, and the part of the document that it is for."""
    if wanted.reads_source:
        path = copies.path_of(document.source.uri)
        document = replace(document, source=replace(document.source, uri=str(path)))
    for name, part in wanted.split(document):
        yield f"{name}.{wanted.suffix}", part
