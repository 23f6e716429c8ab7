"""`python -m tests.measure_headings PDF...`: headings that are found beside the outlines of PDFs.

An outline names the titles of chapters and sections and their pages. Counted are titles that stand
on their page as a line of their own, and of these the ones that a block of kind heading holds; and
of all headings those that are neither in the outline, nor larger or bolder than the page's usual
print. Pages are laid out as their text layer tells their lines, or, with --read, as they are read.

    python -m tests.measure_headings /usr/share/debian-reference/*.pdf --pages 8
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pymupdf
import torch

import ocr_core
from ocr_core import layout
from ocr_core.text_layer.reading import read_layer
from schemas import Page, PageImage, PageRef

FEWEST_LINES = 8
MIN_TITLE = 4  # letters and digits
MOST_NUMBER = 14  # letters and digits of its number before a title
_NUMBER = re.compile(r"^(?:[\dIVXA-Z]+\.?)+\s+")
_BOLD = re.compile(r"bold|black|heavy|-bd|cmbx|bx\d", re.IGNORECASE)

Print = tuple[int, bool]  # size in points, whether it is bold


def main(arguments: list[str]) -> int:
    """Tells how many titles are found as headings, and how many headings are doubtful."""
    parser = argparse.ArgumentParser(prog="python -m tests.measure_headings", description=__doc__)
    parser.add_argument("pdfs", type=Path, nargs="+", metavar="PDF")
    parser.add_argument("--pages", type=int, default=6, help="of each file, chosen by chance")
    parser.add_argument("--dpi", type=int, default=200)
    parser.add_argument("--read", action="store_true", help="read the pages: no text layers")
    parser.add_argument("--tell", action="store_true", help="name titles missed, headings in doubt")
    args = parser.parse_args(arguments)
    torch.set_num_threads(1)
    lay_out = _reader(args.dpi) if args.read else _layer(args.dpi)
    total: Counter[str] = Counter()
    pymupdf.TOOLS.mupdf_display_errors(False)
    for sheet in titled_pages(args.pdfs, args.pages):
        page = lay_out(sheet.page)
        if page is None or len(page.lines) < FEWEST_LINES:
            continue
        counts, remarks = judge(page, sheet.titles, prints_of(sheet.page))
        total += counts
        for remark in remarks if args.tell else ():
            print(f"{sheet.name} {sheet.page.number + 1}: {remark}")
    if not total["titles"] or not total["headings"]:
        print("no titles, or no headings: are there outlines?")
        return 1
    found, doubtful = total["found"] / total["titles"], total["doubtful"] / total["headings"]
    print(f"{total['pages']} pages: {found:.3f} of {total['titles']} titles are headings;", end=" ")
    print(f"of {total['headings']} headings {doubtful:.3f} look like the text around them")
    return 0


@dataclass(frozen=True, slots=True, eq=False)
class TitledPage:
    """A page of a PDF whose outline names titles on it."""

    name: str
    page: pymupdf.Page
    titles: tuple[str, ...]


def titled_pages(paths: Sequence[Path], most: int) -> Iterator[TitledPage]:
    """Pages with titles, so many of each file at most, the same ones each time."""
    rng = random.Random(1)
    for path in paths:
        with pymupdf.open(path) as pdf:
            titles: dict[int, list[str]] = {}
            for _, title, number in pdf.get_toc():
                if number > 0:
                    titles.setdefault(number - 1, []).append(title)
            for number in sorted(rng.sample(sorted(titles), min(most, len(titles)))):
                yield TitledPage(path.name, pdf[number], tuple(titles[number]))


def judge(
    page: Page, titles: Sequence[str], prints: dict[str, Print]
) -> tuple[Counter[str], list[str]]:
    """Counts of `titles`, `found`, `headings` and `doubtful` ones, and what is wrong in words.

    Args:
        prints: of each line; of the page's usual print that of the empty line.
    """
    counts, remarks = Counter(pages=1), list[str]()
    lines = [bare(line.text) for line in page.lines]
    headings = [block for block in page.blocks if block.kind == "heading"]
    held = [bare(block.text) for block in headings]
    bared = (bare(_NUMBER.sub("", title)) for title in titles)
    named = [title for title in bared if len(title) >= MIN_TITLE]
    for title in named:
        if any(line.endswith(title) and len(line) <= len(title) + MOST_NUMBER for line in lines):
            is_found = any(title in heading for heading in held)
            counts += Counter(titles=1, found=int(is_found))
            remarks += [] if is_found else [f"no heading: {title}"]
    usual = prints[""]
    for block, heading in zip(headings, held, strict=True):
        size, is_bold = next((p for t, p in prints.items() if t and heading.startswith(t)), usual)
        stands_out = size > usual[0] or (is_bold and not usual[1])
        is_doubtful = not stands_out and not any(title in heading for title in named)
        counts += Counter(headings=1, doubtful=int(is_doubtful))
        remarks += [f"heading? {block.text}"] if is_doubtful else []
    return counts, remarks


def bare(text: str) -> str:
    """Letters and digits alone, without accents and case."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in plain if character.isalnum())


def prints_of(page: pymupdf.Page) -> dict[str, Print]:
    """How each line of a text layer is printed; under the empty text, the usual print."""
    prints: dict[str, Print] = {}
    usual: Counter[Print] = Counter()
    for block in page.get_text("dict")["blocks"]:
        for line in block.get("lines", ()):
            own: Counter[Print] = Counter()
            for span in line["spans"]:
                is_bold = bool(span["flags"] & 16 or _BOLD.search(span["font"]))
                own[round(span["size"]), is_bold] += len(span["text"])
            usual += own
            text = bare("".join(span["text"] for span in line["spans"]))
            if len(text) >= MIN_TITLE:
                prints[text] = own.most_common(1)[0][0]
    prints[""] = usual.most_common(1)[0][0] if usual else (0, False)
    return prints


def _layer(dpi: int) -> Callable[[pymupdf.Page], Page | None]:
    def lay_out(page: pymupdf.Page) -> Page | None:
        layer = read_layer(page, dpi, "use")
        return layout.lay_out_page(
            Page(
                PageRef("", "", page.number),
                layer.width_px,
                layer.height_px,
                dpi,
                layer.lines,
                rulings=layer.rulings,
                figures=layer.figures,
            )
        )

    return lay_out


def _reader(dpi: int) -> Callable[[pymupdf.Page], Page | None]:
    engine = ocr_core.load()

    def lay_out(page: pymupdf.Page) -> Page | None:
        picture = page.get_pixmap(dpi=dpi, colorspace="gray")
        rows = np.frombuffer(picture.samples, np.uint8).reshape(picture.h, picture.stride)
        pixels = rows[:, : picture.w].copy()
        [read] = engine.read_pages([PageImage(PageRef("", "", page.number), pixels, dpi)])
        return read if isinstance(read, Page) else None

    return lay_out


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
