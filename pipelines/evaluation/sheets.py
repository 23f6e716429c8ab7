"""Documents -> pages, each with what it says and what was read of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from ocr_core import metrics
from ocr_core.metrics import TextCounts
from pipelines.evaluation.alignment import Step, Token, align, tokens_of
from pipelines.evaluation.pairing import Pair, Prediction


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a document that has ground truth.

    Attributes:
        path: of the document, as ground truth calls it.
        uri: of the document in the run; empty if it is not of a run, or was not read.
        truth, read: lines as they are compared.
        is_partial: whether the page shows more than its ground truth says.
        language: BCP 47; empty if it is not known.
        is_alone: whether the document has no other page.
    """

    path: PurePosixPath
    uri: str
    page_index: int
    truth: tuple[str, ...]
    read: tuple[str, ...]
    counts: TextCounts
    fold_case: bool = False
    is_partial: bool = False
    language: str = ""
    is_alone: bool = False

    @property
    def found(self) -> float:
        """By what sheets are ordered: word F1, or recall where ground truth is partial."""
        return self.counts.recall if self.is_partial else self.counts.f1

    def steps(self) -> list[Step]:
        """What became of each word."""
        return align(tokens_of(self.truth), tokens_of(self.read), self.fold_case)


def part(pair: Pair) -> Iterator[Sheet]:
    """The pages of a document.

    Form feeds in ground truth part its pages. Without them, the words of a document are those of
    the page on which they were read; words that were not belong with those before them.
    """
    read = _read_pages(pair.prediction)
    truths = pair.truth.text.rstrip("\f\n").split("\f")
    if len(truths) == 1 and len(read) <= 1:
        text = next(iter(read.values()), "")
        sheet = _sheet(pair, next(iter(read), 0), _lines(truths[0]), _lines(text))
        yield replace(sheet, is_alone=True)
        return
    if len(truths) == 1:
        yield from _part_by_alignment(pair, read)
        return
    for page_index in sorted({*range(len(truths)), *read}):
        truth = truths[page_index] if page_index < len(truths) else ""
        yield _sheet(pair, page_index, _lines(truth), _lines(read.get(page_index, "")))


def _read_pages(prediction: Prediction) -> Mapping[int, str]:
    """What each page says, by its index."""
    if prediction.pages:
        return {page.ref.page_index: page.text for page in prediction.pages}
    return dict(enumerate(prediction.text.rstrip("\f\n").split("\f")))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(metrics.normalise_lines(text))


def _sheet(pair: Pair, page_index: int, truth: tuple[str, ...], read: tuple[str, ...]) -> Sheet:
    languages = {page.ref.page_index: page.language for page in pair.prediction.pages}
    return Sheet(
        path=pair.truth.path,
        uri=pair.prediction.uri,
        page_index=page_index,
        truth=truth,
        read=read,
        counts=metrics.compare("\n".join(read), "\n".join(truth), pair.fold_case),
        fold_case=pair.fold_case,
        is_partial=pair.truth.is_partial,
        language=languages.get(page_index) or "",
    )


def _part_by_alignment(pair: Pair, read: Mapping[int, str]) -> Iterator[Sheet]:
    by_page = {page_index: _lines(text) for page_index, text in sorted(read.items())}
    lines = [(page_index, line) for page_index, some in by_page.items() for line in some]
    tokens = tokens_of(line for _, line in lines)
    page_index = next(iter(by_page))
    parts: dict[int, list[Token]] = {page_index: [] for page_index in by_page}
    for step in align(tokens_of(_lines(pair.truth.text)), tokens, pair.fold_case):
        if step.read and step.kind != "moved":
            page_index = lines[step.read[0].line][0]
        parts[page_index] += step.truth
    for page_index, words in parts.items():
        yield _sheet(pair, page_index, _joined(words), by_page[page_index])


def _joined(words: list[Token]) -> tuple[str, ...]:
    """Lines of some words, as they were in the text that these were taken from."""
    lines: dict[int, list[str]] = {}
    for token in words:
        lines.setdefault(token.line, []).append(token.text)
    return tuple(" ".join(line) for line in lines.values())
