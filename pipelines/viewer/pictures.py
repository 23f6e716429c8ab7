"""Pictures of pages: drawn from their sources as runs draw them, and the last few kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core import images, sources
from ocr_core.errors import ConfigError, InputError, MissingSourceError
from ocr_core.limits import Limits
from ocr_core.sandbox import drawing
from ocr_core.sources import RenderOptions
from pipelines.copies import LocalCopies
from pipelines.viewer.catalogue import NO_CONTENT, Catalogue, Entry
from pipelines.viewer.pages import PageReader
from schemas import Failure, Page, PageImage, PageRange, Source

MEDIA_TYPE = "image/jpeg"
# 0 to 100. Below this, grain around letters can be seen when one looks closely.
_QUALITY = 80


class Pictures:
    """Draws pages of documents of a catalogue, and of no others.

    A file is shown only if it still has the bytes that were read, so that neither a link nor a file
    that has taken its place shows what the run has not met. Files are opened by helper processes
    (`ocr_core.sandbox`).

    Args:
        passwords: to try on encrypted PDFs.
        max_bytes: of pictures that are kept.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        pages: PageReader,
        passwords: tuple[str, ...] = (),
        max_bytes: int = 32 << 20,
    ) -> None:
        self._catalogue = catalogue
        self._pages = pages
        self._passwords = passwords
        self._kept = _Kept(max_bytes)
        # One thread: it is one reader whose page is waited for, and copies are for one.
        self._drawer = ThreadPoolExecutor(1, "draw")
        self._copies = LocalCopies()
        self._same: dict[tuple[str, int, int], str] = {}

    def draw(self, entry: Entry, page_index: int) -> bytes:
        """A page, upright, as a JPEG.

        Raises:
            InputError: its source is gone, has changed, or cannot be drawn.
        """
        key = (entry.content, page_index)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._drawer.submit(self._draw_once, entry, page_index).result()
        return kept

    def prepare(self) -> None:
        """Begins with the first page, so that what draws has been started when it is asked for."""
        for entry in self._catalogue.entries:
            if entry.content != NO_CONTENT:
                self._drawer.submit(self._draw_ahead, entry)
                break

    def close(self) -> None:
        """Ends drawing and removes what was fetched."""
        self._drawer.shutdown(cancel_futures=True)
        self._copies.close()

    def _draw_ahead(self, entry: Entry) -> None:
        with suppress(InputError):  # which is told when the page is asked for
            self._draw_once(entry, 0)

    def _draw_once(self, entry: Entry, page_index: int) -> bytes:
        """A page, which may have been drawn while others waited for the thread."""
        key = (entry.content, page_index)
        drawn = self._kept.get(key) or self._draw(entry, page_index)
        self._kept.put(key, drawn)
        return drawn

    def _draw(self, entry: Entry, page_index: int) -> bytes:
        drawn = self._pages.find_drawn(entry, page_index)
        if drawn is None:
            raise MissingSourceError("no such page was read")
        dpi, degrees = drawn
        path = self._find(entry)
        source = Source(
            entry.doc_id, entry.uri, entry.size_bytes, entry.media_type, entry.page_count or 0
        )
        options = self._options(entry, dpi)
        pixels = _pixels(path, PageRange(source, (page_index,)), options)
        return encode(images.turn_upright(pixels, degrees))

    def _find(self, entry: Entry) -> Path:
        """A file that holds what was read, under any of the names that it had.

        Raises:
            MissingSourceError: there is none.
        """
        problem = MissingSourceError("no file of this name was read")
        for named in self._catalogue.by_content[entry.content]:
            try:
                path = self._copies.path_of(named.uri)
                if self._hash(path) == entry.doc_id:
                    return path
                problem = MissingSourceError("the file has changed since it was read")
            except InputError as error:
                problem = MissingSourceError(str(error))
        raise problem

    def _hash(self, path: Path) -> str:
        """SHA-256 of a file, taken again only if its time or size is another."""
        try:
            status = path.stat()
        except OSError as error:
            raise MissingSourceError(f"it cannot be read: {error.strerror}") from error
        stamp = (str(path), status.st_size, status.st_mtime_ns)
        if stamp not in self._same:
            self._same[stamp] = sources.hash_file(path)[0]
        return self._same[stamp]

    def _options(self, entry: Entry, dpi: int) -> RenderOptions:
        """As the run drew it. A page that failed has no dpi, and takes the run's own."""
        plan = self._catalogue.runs[self._catalogue.readings[entry.content]].plan
        options = RenderOptions(
            dpi=min(max(dpi or plan.options.get("dpi", 200), 36), 1200),
            renderer=plan.options.get("renderer", "mupdf"),
            limits=Limits(**plan.options.get("limits", {})),
            passwords=self._passwords,
        )
        with suppress(ConfigError):  # poppler may be another machine's
            options.check()
            return options
        return RenderOptions(options.dpi, limits=options.limits, passwords=self._passwords)


def encode(pixels: NDArray[np.uint8]) -> bytes:
    """A JPEG of (H, W) uint8 pixels."""
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return encoded.tobytes()


class _Kept:
    """The pictures that were wanted last, as many as fit."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._pictures: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[int, int]) -> bytes | None:
        with self._lock:
            if key in self._pictures:
                self._pictures.move_to_end(key)
            return self._pictures.get(key)

    def put(self, key: tuple[int, int], picture: bytes) -> None:
        with self._lock:
            self._bytes += len(picture) - len(self._pictures.pop(key, b""))
            self._pictures[key] = picture
            while self._bytes > self._max_bytes:
                self._bytes -= len(self._pictures.popitem(last=False)[1])


def _pixels(path: Path, pages: PageRange, options: RenderOptions) -> NDArray[np.uint8]:
    """The one page of a range.

    Raises:
        InputError: it cannot be drawn.
    """
    [drawn] = drawing.render_pages(path, pages, options)
    match drawn:
        case PageImage(pixels=pixels):
            return pixels
        case Failure(code=code, message=message):
            raise InputError(message, code)
        case Page():
            raise InputError("its text layer was read though it was to be ignored")
