"""What was read and ground truth -> CER, WER, word F1, hmean and more, by folder and in all."""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image

from ocr_core import metrics
from ocr_core.errors import ConfigError
from ocr_core.metrics import DetectionCounts, TextCounts
from ocr_core.signs import SignCounts, compare_signs
from pipelines import ground_truth
from pipelines.evaluation.pairing import Pair, Prediction, pair_documents, read_predictions
from pipelines.evaluation.sheets import part
from pipelines.ground_truth import Truth
from schemas import Page, Quad


@dataclass(frozen=True, slots=True)
class Score:
    """What was counted on some documents.

    Attributes:
        partial: of the documents whose ground truth leaves text out; all else is of the others.
        exact: quads that are matched and whose text was read without error.
        outcomes: the confidence of each word, and whether it was read right.
    """

    documents: int = 0
    partial_documents: int = 0
    text: TextCounts = TextCounts()
    partial: TextCounts = TextCounts()
    signs: SignCounts = SignCounts()
    boxes: DetectionCounts = DetectionCounts()
    exact: int = 0
    outcomes: tuple[tuple[float, bool], ...] = field(default=(), repr=False)

    def rates(self) -> dict[str, float]:
        """The measures of text that can be taken from these counts, by their name in the table.

        `spaces` and `punct` are F1 of spaces within lines and of punctuation; `num R` is the share
        of numbers that were read without any error, `num P` of those read that are right.
        """
        rates: dict[str, float] = {}
        if self.documents:
            rates |= {"F1": self.text.f1, "CER": self.text.cer, "WER": self.text.wer}
        if self.partial_documents:
            rates |= {"recall": self.partial.recall}
        if self.signs.spaces.true:
            rates |= {"spaces": self.signs.spaces.f1}
        if self.signs.punctuation.true:
            rates |= {"punct": self.signs.punctuation.f1}
        if self.signs.numbers.true:
            rates |= {"num R": self.signs.numbers.recall, "num P": self.signs.numbers.precision}
        if self.outcomes:
            confidences, correct = zip(*self.outcomes, strict=True)
            rates |= {"ECE": metrics.calibration_error(confidences, correct)}
        return rates

    def box_rates(self) -> dict[str, float]:
        """The measures of places, by their name in the table; the last three are shares of lines.

        Where ground truth has the boxes of words, these stand in the place of lines.
        """
        boxes = self.boxes
        if not boxes.truths:
            return {}
        rates = {"box P": boxes.precision, "box R": boxes.recall, "hmean": boxes.hmean}
        rates |= {"exact": self.exact / boxes.truths, "split": boxes.split / boxes.truths}
        return rates | {
            "merged": boxes.merged / boxes.truths,
            "missed": boxes.missed / boxes.truths,
        }


def add_scores(scores: Iterable[Score]) -> Score:
    """The score of all documents together."""
    parts = list(scores)
    return Score(
        documents=sum(part.documents for part in parts),
        partial_documents=sum(part.partial_documents for part in parts),
        text=sum((part.text for part in parts), TextCounts()),
        partial=sum((part.partial for part in parts), TextCounts()),
        signs=sum((part.signs for part in parts), SignCounts()),
        boxes=sum((part.boxes for part in parts), DetectionCounts()),
        exact=sum(part.exact for part in parts),
        outcomes=tuple(outcome for part in parts for outcome in part.outcomes),
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `beam-ocr evaluate`."""
    parser.add_argument(
        "runs",
        metavar="RUN",
        nargs="+",
        help="output of a run, or a folder of .txt files; several are judged as one",
    )
    parser.add_argument(
        "truth",
        metavar="TRUTH",
        type=Path,
        help="folder of ground truth: NAME.gt.txt, and where boxes are known NAME.lines.json or"
        " NAME.boxes.json; or NAME.xml, in ALTO or PAGE",
    )
    parser.add_argument(
        "--like", metavar="GLOB", default="*", help="only documents whose uri matches"
    )
    parser.add_argument(
        "--worst", metavar="N", type=int, default=0, help="also name the N worst of each folder"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="also write all figures here")
    parser.add_argument(
        "--html",
        metavar="DIR",
        type=Path,
        help="also write pages to look at: what each page says beside what was read, the "
        "differences marked, worst first; open DIR/index.html",
    )
    parser.add_argument(
        "--no-pictures",
        dest="pictures",
        action="store_false",
        help="with --html: leave out the pictures of pages, which take most of the time",
    )


def main(args: argparse.Namespace) -> int:
    """Prints how well a run agrees with ground truth; returns the exit code.

    Raises:
        ConfigError: there is nothing to compare, a document could be either of two, or what is to
            be written cannot be.
    """
    if args.html:
        from pipelines.evaluation.report import check_folder

        check_folder(args.html)  # which is known before anything is counted
    truths = ground_truth.read_truths(args.truth)
    predictions = [one for run in args.runs for one in read_predictions(run, args.like)]
    pairs = pair_documents(predictions, truths, args.truth.resolve().name)
    scores = score_pairs(pairs)
    names = sorted({str(path.parent) for path in scores})
    folders = {
        name: add_scores(score for path, score in scores.items() if str(path.parent) == name)
        for name in names
    }
    for line in _tables(folders):
        print(line)
    for line in _worst(scores, args.worst):
        print(line)
    if args.json:
        _write_figures(args.json, _figures(scores, folders))
    if args.html:
        _write_report(args, pairs, [*folders.items(), ("all", add_scores(folders.values()))])
    return 0


def score_documents(
    predictions: Iterable[Prediction], truths: Sequence[Truth], truth_name: str = ""
) -> dict[PurePosixPath, Score]:
    """The score of each document that has ground truth, by path.

    A document that is missing counts as read empty, but for folders of which nothing was read.
    In a folder where all ground truth is in capitals, case is not compared.

    Args:
        truth_name: name of the folder of ground truth, for documents whose names alone would not
            tell them apart.

    Raises:
        ConfigError: nothing was read of what there is ground truth for, or twice.
    """
    return score_pairs(pair_documents(predictions, truths, truth_name))


def score_pairs(
    folders: Mapping[PurePosixPath, Sequence[Pair]],
) -> dict[PurePosixPath, Score]:
    """The score of each document, by path."""
    return {path: score for pairs in folders.values() for path, score in _score_folder(pairs)}


def _score_folder(pairs: Sequence[Pair]) -> Iterator[tuple[PurePosixPath, Score]]:
    is_words = not any(" " in text.strip() for pair in pairs for text, _ in pair.truth.boxes)
    has_pages = any(pair.prediction.pages for pair in pairs)
    for pair in pairs:
        truth, read, fold_case = pair.truth, pair.prediction, pair.fold_case
        counts = metrics.compare(read.text, truth.text, fold_case)
        if truth.is_partial:
            yield truth.path, Score(partial_documents=1, partial=counts)
            continue
        signs = compare_signs(read.text, truth.text, fold_case)
        outcomes = tuple(_outcomes(read.pages, truth.text, fold_case))
        score = Score(1, text=counts, signs=signs, outcomes=outcomes)
        if has_pages and truth.boxes:
            boxes, exact = _compare_boxes(read, truth, is_words, fold_case)
            score = replace(score, boxes=boxes, exact=exact)
        yield truth.path, score


def _compare_boxes(
    read: Prediction, truth: Truth, is_words: bool, fold_case: bool
) -> tuple[DetectionCounts, int]:
    """Counts for the lines of the first page, or for its words where ground truth has these."""
    found = [
        item
        for page in read.pages
        if page.ref.page_index == 0
        for item in (_words_of(page, truth) if is_words else _lines_of(page, truth))
    ]
    predicted, true = [quad for _, quad in found], [quad for _, quad in truth.boxes]
    exact = sum(
        metrics.normalise(found[one][0], fold_case)
        == metrics.normalise(truth.boxes[other][0], fold_case)
        for one, other in metrics.match_quads(predicted, true)
    )
    return metrics.compare_quads(predicted, true), exact


def _lines_of(page: Page, truth: Truth) -> list[tuple[str, Quad]]:
    scale = _scale_of(page, truth)
    return [(line.text, Quad.from_corners(line.quad.corners * scale)) for line in page.lines]


def _words_of(page: Page, truth: Truth) -> list[tuple[str, Quad]]:
    scale = _scale_of(page, truth)
    return [
        (word.text, Quad.from_corners(Quad.from_box(word.box).corners * scale))
        for line in page.lines
        for word in line.words
    ]


def _scale_of(page: Page, truth: Truth) -> float:
    """Units of ground truth for each pixel of the page, which may have been read smaller.

    Where ground truth does not tell how large the page is, they are pixels of the image.
    """
    try:
        width, height = truth.size or _image_size(page.ref.uri)
    except OSError:  # a PDF, or no longer there: taken to be as large as it was drawn
        return 1.0
    # By area, since a page may have been turned.
    return math.sqrt((width * height) / (page.width_px * page.height_px))


def _image_size(uri: str) -> tuple[int, int]:
    with Image.open(uri) as image:
        return image.size


def _outcomes(pages: Iterable[Page], truth: str, fold_case: bool) -> Iterator[tuple[float, bool]]:
    """The confidence of each word, and whether ground truth has it, wherever on the page.

    Halves of words that a line end may have cut are left out: ground truth may have them joined.
    """
    left = Counter(metrics.normalise(truth, fold_case).split())
    cut = False
    for line in (line for page in pages for line in page.lines):
        words = line.words[1:] if cut else line.words
        cut = line.raw_text.rstrip().endswith(("-", "¬"))
        for word in words[:-1] if cut else words:
            text = metrics.normalise(word.raw_text, fold_case)
            yield word.confidence, left[text] > 0
            left[text] -= 1


def _write_report(
    args: argparse.Namespace,
    pairs: Mapping[PurePosixPath, Sequence[Pair]],
    folders: Sequence[tuple[str, Score]],
) -> None:
    """Writes pages to look at, and tells how far that is on standard error."""
    from pipelines import progress
    from pipelines.evaluation.report import ReportFolder, SheetHeadway
    from pipelines.evaluation.thumbnails import Thumbnails

    summary = [
        (name, score.documents + score.partial_documents, score.rates()) for name, score in folders
    ]
    sheets = [sheet for some in pairs.values() for pair in some for sheet in part(pair)]
    headway = SheetHeadway(len(sheets))
    pictures = Thumbnails(args.runs) if args.pictures else None
    try:
        with progress.make_reporter("progress") as reporter:
            title = f"{' '.join(args.runs)} beside {args.truth}"
            for headway.pages in ReportFolder(args.html, pictures).write(title, sheets, summary):
                reporter.show(headway, now=headway.pages == len(sheets))
    finally:
        if pictures:
            pictures.close()
    print(f"\nwrote {len(sheets)} pages to look at: {args.html / 'index.html'}")


def _tables(folders: dict[str, Score]) -> Iterator[str]:
    scores = [*folders.items(), ("all", add_scores(folders.values()))]
    yield from _table([(name, score, score.rates()) for name, score in scores])
    if scores[-1][1].boxes.truths:
        yield ""
        yield from _table([(name, score, score.box_rates()) for name, score in scores])


def _table(rows: Sequence[tuple[str, Score, dict[str, float]]]) -> Iterator[str]:
    """Rows of a name, its counts and its rates; the last one, of the whole, has every column."""
    columns = list(rows[-1][2])
    width = max(len(name) for name in ["folder", *(name for name, _, _ in rows)])
    yield f"{'folder':{width}}  documents" + "".join(f"{name:>8}" for name in columns)
    for name, score, rates in rows:
        cells = (f"{rates[key]:8.4f}" if key in rates else " " * 7 + "-" for key in columns)
        yield f"{name:{width}}  {score.documents + score.partial_documents:9}" + "".join(cells)


def _worst(scores: dict[PurePosixPath, Score], count: int) -> Iterator[str]:
    def f1(path: PurePosixPath) -> float:
        rates = scores[path].rates()
        return rates.get("F1", rates.get("recall", 0.0))

    for folder in sorted({path.parent for path in scores}) if count > 0 else ():
        inside = [path for path in scores if path.parent == folder]
        for path in sorted(inside, key=f1)[:count]:
            yield f"{f1(path):.4f}  {path}"


def _write_figures(file: Path, figures: dict[str, Any]) -> None:
    try:
        file.write_text(json.dumps(figures, indent=1) + "\n")
    except OSError as error:
        raise ConfigError(f"--json: {file} cannot be written: {error.strerror}") from error


def _figures(scores: dict[PurePosixPath, Score], folders: dict[str, Score]) -> dict[str, Any]:
    def figures(score: Score) -> dict[str, Any]:
        counts = asdict(replace(score, outcomes=()))
        del counts["outcomes"]
        return {"rates": score.rates() | score.box_rates(), "counts": counts}

    return {
        "all": figures(add_scores(folders.values())),
        "folders": {name: figures(score) for name, score in folders.items()},
        "documents": {str(path): figures(score) for path, score in sorted(scores.items())},
    }
