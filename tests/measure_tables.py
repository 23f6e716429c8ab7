"""Measures the search for tables: F1 of the neighbourhoods of cells, and tables where none are.

    python -m tests.measure_tables synthetic [--pages 200] [--read] [--corpus FOLDER]
    python -m tests.measure_tables scans FOLDER [--draw FOLDER]
    python -m tests.measure_tables prose FOLDER... [--draw FOLDER]

`synthetic` makes pages with tables of every kind whose cells are known. They are searched with the
words that were set, so that cells must agree exactly; with `--read`, with the words that the engine
reads, and cells must overlap by 0.75. `scans` reads the pages whose cells `tests/data/tables.json`
tells by the edges of columns and rows, in pixels, and by spans: row, column, rows, columns; the
words in them come from `NAME.boxes.json` beside `NAME.png`. `prose` reads all images of folders
and prints what tables were found on them, to be looked at. `--draw` saves pages with cells framed.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

import ocr_core
from ocr_core import charset, images
from ocr_core.cleaning import perspective, steps
from ocr_core.engine import Engine, EngineOptions
from ocr_core.level import Frame, reading_angle
from ocr_core.rulings import find_rulings
from ocr_core.synth.celled_tables import TableMaker, TablePage
from ocr_core.synth.corpus import load_corpora
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.text import TextSource
from ocr_core.tables.adjacency import AdjacencyCounts, WordedCell, count_adjacencies
from ocr_core.tables.finding import find_tables
from ocr_core.tables.model import Piece, PlacedWord, Table
from schemas import Box, Failure, Line, Page, PageImage, PageRef, Ruling, Word

TRUTH = Path(__file__).parent / "data" / "tables.json"
READ_OVERLAP = 0.75
Pixels = NDArray[np.uint8]


class Search:
    """The tables of one page, in the frame in which its lines run level.

    Args:
        drawn: where the words of all lines are on the page as drawn, if it was straightened.
    """

    def __init__(
        self,
        rulings: Sequence[Ruling],
        lines: Sequence[Sequence[PlacedWord]],
        angle: float,
        drawn: Sequence[Sequence[PlacedWord]] | None = None,
    ) -> None:
        self.frame = Frame(angle)
        lines = [words for words in lines if words]
        self.pieces = [self._piece(words) for words in lines]
        drawn = [words for words in drawn or lines if words]
        self._drawn = {
            id(word): there
            for piece, words in zip(self.pieces, drawn, strict=True)
            for word, there in zip(piece.words, self.level(words), strict=True)
        }
        self.rulings = [self.frame.level_ruling(ruling) for ruling in rulings]
        self.tables = find_tables(self.pieces, self.rulings)

    def _piece(self, words: Sequence[PlacedWord]) -> Piece:
        level = self.level(words)
        return Piece(Box.around(word.box for word in level), level)

    def level(self, words: Sequence[PlacedWord]) -> tuple[PlacedWord, ...]:
        """Words of the page on the level one."""
        moved = []
        for word in words:
            (box,) = self.frame.level_words([Word(word.text, "", word.box, 1.0)], word.box.height)
            moved.append(PlacedWord(box, word.text))
        return tuple(moved)

    def cells(self) -> list[list[WordedCell]]:
        """The cells of each table with the words whose middle lies in them, as they are drawn."""
        return [
            [
                _with_words(cell, tuple(self._drawn[id(word)] for word in cell.words))
                for cell in worded(table, self.pieces)
            ]
            for table in self.tables
        ]

    def counts(
        self, truth: Sequence[Sequence[WordedCell]], least_overlap: float
    ) -> AdjacencyCounts:
        level = [[_with_words(cell, self.level(cell.words)) for cell in table] for table in truth]
        return count_adjacencies(level, self.cells(), least_overlap)


def worded(table: Table, pieces: Sequence[Piece]) -> list[WordedCell]:
    words = [word for number in table.pieces for word in pieces[number].words]
    return [
        WordedCell(
            cell.row, cell.column, cell.row_span, cell.column_span,
            tuple(word for word in words if _holds(cell.box, word)),
        )
        for cell in table.cells
    ]  # fmt: skip


def _holds(box: Box, word: PlacedWord) -> bool:
    x, y = word.box.centre
    return box.left <= x < box.right and box.top <= y < box.bottom


def _with_words(cell: WordedCell, words: tuple[PlacedWord, ...]) -> WordedCell:
    return WordedCell(cell.row, cell.column, cell.row_span, cell.column_span, words)


def read(engine: Engine, pixels: Pixels) -> Search:
    """The tables of a page as a run reads it: cleaned where that helps."""
    image = steps.prepare_page(PageImage(PageRef("", "", 0), pixels, 200))
    (page,) = engine.recognise_pages(
        [p for p in engine.detect_pages([image]) if not isinstance(p, Failure)]
    )
    if isinstance(page, Failure):
        raise SystemExit(page.message)
    return search(page)


def search(page: Page) -> Search:
    """The tables of a page that was read and not laid out yet."""
    lines = [_words_of(line) for line in page.lines]
    drawn = [_words_of(line) for line in perspective.put_back(page).lines]
    return Search(page.rulings, lines, reading_angle(page.lines), drawn)


def _words_of(line: Line) -> list[PlacedWord]:
    """The words of a line, each as high as the line across its text."""
    half = line.quad.height / 2
    placed = []
    for word in line.words:
        _, y = word.box.centre
        placed.append(PlacedWord(Box(word.box.left, y - half, word.box.right, y + half), word.text))
    return placed


def measure_synthetic(args: argparse.Namespace) -> None:
    """Prints F1 by the manner of ruling and in all."""
    characters = charset.latin()
    source = TextSource(load_corpora(args.corpus), characters)
    maker = TableMaker(find_faces(characters), source)
    engine = ocr_core.load() if args.read else None
    counts: dict[str, list[AdjacencyCounts]] = defaultdict(list)
    for seed in range(args.first, args.first + args.pages):
        made = maker.make(seed)
        search = _search(made, engine)
        count = search.counts(made.tables, READ_OVERLAP if engine else 1.0)
        counts[made.rulings[0] if made.rulings else "no table"].append(count)
        print(f"{seed:5} {'+'.join(made.rulings):22}{count.f1:8.3f}", flush=True)
    for name, own in counts.items():
        _print(name, own)
    _print("all", [count for own in counts.values() for count in own])


def _search(made: TablePage, engine: Engine | None) -> Search:
    if engine:
        return read(engine, made.pixels)
    return Search(rulings_of(made.pixels), made.lines, made.skew_deg)


def rulings_of(pixels: Pixels) -> list[Ruling]:
    """The rulings of a page, found in a picture of the size in which the engine looks for lines."""
    scale = max(pixels.shape) / EngineOptions().long_side
    height, width = (round(side / scale) for side in pixels.shape)
    small = images.resize_quickly(pixels, width, height)
    return [ruling.scaled(scale) for ruling in find_rulings(small)]


def _print(name: str, counts: Sequence[AdjacencyCounts]) -> None:
    total = sum(counts, AdjacencyCounts(0, 0, 0))
    mean = statistics.fmean(count.f1 for count in counts)
    recall, precision = total.both / max(total.truth, 1), total.both / max(total.found, 1)
    print(
        f"{name:12}{len(counts):5} pages  F1 {total.f1:.4f}  precision {precision:.4f}"
        f"  recall {recall:.4f}  mean of pages {mean:.4f}"
    )


def measure_scans(args: argparse.Namespace) -> None:
    """Prints F1 of each page whose cells are known, and of all."""
    engine = ocr_core.load()
    counts = []
    for stem, tables in json.loads(TRUTH.read_text(encoding="utf-8")).items():
        image = args.folder / f"{stem}.png"
        words = _true_words(image.with_suffix(".boxes.json"))
        truth = [list(true_cells(table, words)) for table in tables]
        search = read(engine, cv2.imread(str(image), cv2.IMREAD_GRAYSCALE))
        counts.append(search.counts(truth, READ_OVERLAP))
        _draw(search, image, args.draw)
        _print(stem, counts[-1:])
        pixels = cv2.imread(str(image), cv2.IMREAD_GRAYSCALE)
        exact = Search(rulings_of(pixels), [[word] for word in words], 0.0)
        _print("  true words", [exact.counts(truth, 1.0)])
    _print("all", counts)


def _true_words(path: Path) -> list[PlacedWord]:
    items = json.loads(path.read_text(encoding="utf-8"))
    return [PlacedWord(Box(*item["box"]), item["text"]) for item in items]


def true_cells(table: dict[str, list], words: Sequence[PlacedWord]) -> Iterator[WordedCell]:
    """The cells of a table that is told by edges and spans."""
    columns, rows = table["columns"], table["rows"]
    spans = {(row, column): (down, across) for row, column, down, across in table["spans"]}
    covered = {
        (row + i, column + j)
        for (row, column), (down, across) in spans.items()
        for i in range(down)
        for j in range(across)
    } - set(spans)
    for row in range(len(rows) - 1):
        for column in range(len(columns) - 1):
            if (row, column) in covered:
                continue
            down, across = spans.get((row, column), (1, 1))
            box = Box(columns[column], rows[row], columns[column + across], rows[row + down])
            own = tuple(word for word in words if _holds(box, word))
            yield WordedCell(row, column, down, across, own)


def measure_prose(args: argparse.Namespace) -> None:
    """Prints how many tables were found on each page, and on all."""
    engine = ocr_core.load()
    images = [
        p for f in args.folders for p in sorted(f.iterdir()) if p.suffix in {".png", ".jpg", ".tif"}
    ]
    total = 0
    for image in images:
        search = read(engine, cv2.imread(str(image), cv2.IMREAD_GRAYSCALE))
        total += len(search.tables)
        for table in search.tables:
            shape = [
                1 + max(getattr(cell, way) for cell in table.cells) for way in ("row", "column")
            ]
            print(
                f"{image.parent.name}/{image.stem}: {shape[0]} rows, {shape[1]} columns", flush=True
            )
        if search.tables:
            _draw(search, image, args.draw)
    print(f"{total} tables on {len(images)} pages")


def _draw(search: Search, image: Path, folder: Path | None) -> None:
    """Saves the page with its cells framed, if there is a folder to save it in."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    picture = cv2.imread(str(image))
    frame = search.frame
    for ruling in rulings_of(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)):
        ends = [tuple(round(v) for v in end) for end in (ruling.start, ruling.end)]
        cv2.line(picture, ends[0], ends[1], (255, 160, 0), 2)
    for table in search.tables:
        for cell in table.cells:
            corners = np.round(frame.quad(cell.box).corners).astype(np.int32)
            cv2.polylines(picture, [corners], True, (0, 0, 255) if cell.text else (0, 160, 0), 3)
    half = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(folder / f"{image.stem}.png"), half)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parts = parser.add_subparsers(required=True)
    synthetic = parts.add_parser("synthetic")
    synthetic.add_argument("--pages", type=int, default=200)
    synthetic.add_argument("--first", type=int, default=0, help="the first page's seed")
    synthetic.add_argument("--read", action="store_true", help="with what the engine reads")
    synthetic.add_argument("--corpus", type=Path, help="where texts are kept between runs")
    synthetic.set_defaults(run=measure_synthetic)
    scans = parts.add_parser("scans")
    scans.add_argument("folder", type=Path)
    scans.set_defaults(run=measure_scans)
    prose = parts.add_parser("prose")
    prose.add_argument("folders", type=Path, nargs="+")
    prose.set_defaults(run=measure_prose)
    for part in (scans, prose):
        part.add_argument("--draw", type=Path, help="a folder for pages with cells framed")
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
