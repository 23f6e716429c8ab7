"""Folders of PDFs to a harvest: the pages that can be learnt from, and why others cannot."""

# PyMuPDF says that it is typed, but most of its functions are not.
# mypy: allow-untyped-calls

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from ocr_core.charset import Charset
from ocr_core.cropping import crop_quad
from ocr_core.errors import ConfigError, InputError
from ocr_core.harvest.ink import Extents
from ocr_core.harvest.pages import HarvestedPage, OpenPage, Refusal, Use, judge_page, without
from ocr_core.harvest.text import find_pictures, read_layer
from ocr_core.pdf import draw_with_mupdf, open_pdf
from ocr_core.text_layer.ink import DPI, SCALE
from schemas import Quad

Reader = Callable[[Sequence[NDArray[np.uint8]]], list[str]]
# What is kept of a document is read again when this changes.
_VERSION = 1
# Of long documents only some pages are looked at: so many, and more by their length, to a limit.
_SOME_PAGES, _ONE_IN, _MOST_PAGES = 8, 12, 40
MAX_MEGAPIXELS = 40.0
# A font of which so many lines are read, with so many errors, is not what its text layer says.
_LINES_A_FONT, _LEAST_READ, _MOST_ERRORS = 3, 20, 0.5
# A page most of whose lines stood on earlier pages is a copy.
_MOST_REPEATED = 0.6
_HEIGHT = 40  # of the crops that are read, in pixels


@dataclass(frozen=True, slots=True, eq=False)
class Harvest:
    """Pages to learn from.

    Attributes:
        refused: reason -> how many pages.
        documents: PDFs with at least one page.
    """

    pages: tuple[HarvestedPage, ...]
    refused: Counter[str]
    documents: int

    @property
    def summary(self) -> str:
        """What was found and what was refused, on one line."""
        lines = sum(int((page.uses == Use.READ).sum()) for page in self.pages)
        reasons = ", ".join(f"{count} {reason}" for reason, count in self.refused.most_common())
        refused = f"; pages refused: {self.refused.total()} ({reasons})" if self.refused else ""
        return f"PDFs: {self.documents}, pages: {len(self.pages)}, lines to read: {lines}{refused}"

    def chances(self) -> NDArray[np.float64]:
        """How likely each page is drawn, (pages,), in all 1.

        A document with many pages is drawn more often than one with few, and one in a rare face
        more often than one in a common face, both by the square root.
        """
        paths = Counter(page.path for page in self.pages)
        faces: Counter[str] = Counter()
        main: dict[str, str] = {}
        for page in self.pages:
            main.setdefault(page.path, page.font.split("+")[-1])
        faces.update(main.values())
        raw = [(paths[page.path] * faces[main[page.path]]) ** -0.5 for page in self.pages]
        return np.asarray(np.array(raw) / np.sum(raw), np.float64)


def read_harvest(
    folders: Sequence[Path], cache: Path, charset: Charset, reader: Reader | None = None
) -> Harvest:
    """The harvest of all PDFs in folders; what was found in each is kept in `cache`.

    Args:
        reader: reads crops; where it is given, text layers that differ from what it reads are
            refused.

    Raises:
        ConfigError: there is no page to learn from.
    """
    paths = _list_pdfs(folders)
    cache.mkdir(parents=True, exist_ok=True)
    found: dict[str, tuple[list[HarvestedPage], Counter[str]]] = {}
    for number, path in enumerate(paths, start=1):
        digest = hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
        if digest not in found:
            found[digest] = _kept(path, cache / f"{digest}.json.gz", charset, reader)
        if number % 100 == 0:
            print(f"harvest: {number} of {len(paths)} PDFs", flush=True)
    harvest = _joined(found.values())
    if not harvest.pages:
        raise ConfigError(f"no page to learn from in {_names(folders)}: {harvest.summary}")
    return harvest


def read_document(
    path: Path, charset: Charset, reader: Reader | None = None
) -> tuple[list[HarvestedPage], Counter[str]]:
    """The usable pages of a PDF, and how many of those looked at were refused, by reason."""
    refused: Counter[str] = Counter()
    extents = Extents()
    try:
        opened = _open_pages(path, extents, refused)
    except InputError:
        return [], Counter(["unreadable PDF"])
    judged = [(page, judge_page(page, extents, charset)) for page in opened]
    pages = [(page.pixels, one) for page, one in judged if isinstance(one, HarvestedPage)]
    wrong = _wrong_fonts(pages, reader) if reader else frozenset()
    doubted = [without(one, np.array([font in wrong for font in one.fonts])) for _, one in pages]
    results = [one for _, one in judged if isinstance(one, Refusal)] + doubted
    refused.update(one.reason for one in results if isinstance(one, Refusal))
    return [one for one in results if isinstance(one, HarvestedPage)], refused


def _list_pdfs(folders: Sequence[Path]) -> list[Path]:
    for folder in folders:
        if not folder.is_dir():
            raise ConfigError(f"there is no folder {folder} to harvest PDFs from")
    found = sorted(
        {path for folder in folders for path in folder.rglob("*") if path.suffix.lower() == ".pdf"}
    )
    if not found:
        raise ConfigError(f"there are no PDFs in {_names(folders)}")
    return [path for path in found if path.is_file()]


def _names(folders: Sequence[Path]) -> str:
    return ", ".join(map(str, folders))


def _open_pages(path: Path, extents: Extents, refused: Counter[str]) -> list[OpenPage]:
    """Pages spread over a document; counts those that cannot be opened, measures the others."""
    opened = []
    with open_pdf(path) as document:
        count = int(document.page_count)
        some = min(count, _SOME_PAGES + count // _ONE_IN, _MOST_PAGES)
        chosen = np.unique(np.linspace(0, count - 1, some).astype(int))
        for index in chosen.tolist():
            try:
                pixels = draw_with_mupdf(document, index, DPI, MAX_MEGAPIXELS).pixels
                page = document.load_page(index)
                layer, pictures = read_layer(page), find_pictures(page)
            # MuPDF's own errors derive from nothing narrower than Exception.
            except (InputError, RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase):
                refused["unreadable page"] += 1
                continue
            size = float(page.rect.width), float(page.rect.height)
            opened.append(OpenPage(str(path), index, size, layer, pixels, pictures))
            extents.measure(layer, pixels)
    return opened


def _wrong_fonts(
    pages: Sequence[tuple[NDArray[np.uint8], HarvestedPage]], reader: Reader
) -> frozenset[str]:
    """The fonts whose lines read quite differently from what their text layer says."""
    samples: dict[str, list[tuple[NDArray[np.uint8], str]]] = {}
    for pixels, page in pages:
        for at in np.flatnonzero(page.uses == Use.READ):
            of_font = samples.setdefault(page.fonts[at], [])
            if len(of_font) < _LINES_A_FONT and 6 <= len(page.texts[at]) <= 60:
                quad = Quad.from_corners(page.corners[at] * SCALE)
                of_font.append((crop_quad(pixels, quad, _HEIGHT), page.texts[at]))
    read = iter(reader([crop for lines in samples.values() for crop, _ in lines]))
    wrong = []
    for font, lines in samples.items():
        errors = sum(Levenshtein.distance(next(read), text) for _, text in lines)
        length = sum(len(text) for _, text in lines)
        if length >= _LEAST_READ and errors > _MOST_ERRORS * length:
            wrong.append(font)
    return frozenset(wrong)


def _kept(
    path: Path, kept: Path, charset: Charset, reader: Reader | None
) -> tuple[list[HarvestedPage], Counter[str]]:
    """What a PDF gives, from the cache if it is there."""
    try:
        state = json.loads(gzip.decompress(kept.read_bytes()))
        if state["version"] == _VERSION and state["checked"] >= (reader is not None):
            return [_from_json(path, one) for one in state["pages"]], Counter(state["refused"])
    except (OSError, ValueError, KeyError, EOFError):
        pass  # not there, or written by a run that was cut short
    pages, refused = read_document(path, charset, reader)
    state = {
        "version": _VERSION,
        "checked": reader is not None,
        "pages": [_to_json(page) for page in pages],
        "refused": refused,
    }
    kept.write_bytes(gzip.compress(json.dumps(state, ensure_ascii=False).encode(), 5))
    return pages, refused


def _to_json(page: HarvestedPage) -> dict[str, object]:
    names = sorted(set(page.fonts))
    return {
        "index": page.page_index,
        "size": page.size,
        "texts": page.texts,
        "corners": np.round(page.corners.astype(np.float64), 2).reshape(-1, 8).tolist(),
        "uses": page.uses.tolist(),
        "ems": np.round(page.ems.astype(np.float64), 2).tolist(),
        "names": names,
        "fonts": [names.index(font) for font in page.fonts],
    }


def _from_json(path: Path, state: dict[str, Any]) -> HarvestedPage:
    width, height = state["size"]
    return HarvestedPage(
        str(path), int(state["index"]), (width, height), tuple(state["texts"]),
        np.array(state["corners"], np.float32).reshape(-1, 4, 2),
        np.array(state["uses"], np.uint8), np.array(state["ems"], np.float32),
        tuple(state["names"][font] for font in state["fonts"]),
    )  # fmt: skip


def _joined(found: Iterable[tuple[list[HarvestedPage], Counter[str]]]) -> Harvest:
    """All pages but copies of each other."""
    pages: list[HarvestedPage] = []
    refused: Counter[str] = Counter()
    seen: set[int] = set()
    for of_document, of_reason in found:
        refused.update(of_reason)
        for page in of_document:
            lines = {hash(text) for text in page.texts if len(text) > 12}
            if lines and len(lines & seen) > _MOST_REPEATED * len(lines):
                refused["copy of another page"] += 1
            else:
                pages.append(page)
            seen |= lines
    return Harvest(tuple(pages), refused, len({page.path for page in pages}))
