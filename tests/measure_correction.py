"""Measures post-correction: how many of its edits are right, and what they do to the text.

    python -m tests.measure_correction [FOLDER ...] [--synthetic N] [--corpus FOLDER] [--list]

FOLDER holds images with `NAME.gt.txt` beside them; those that `partial.tsv` in the folder above it
lists (folder TAB name), since their truth leaves text out, are passed over. `--synthetic` makes N
degraded pages in each language that is corrected, in typefaces that no model has learnt from;
`--corpus` keeps the texts that they are made of, which are gathered from this machine. Every page
is read once, and compared with and without correction.

Each edit is compared with what the ground truth has in its place: it is right, or it broke a word
that had been read right, or it replaced one wrong word by another (beside). Precision is the share
of right ones; edits in lines that the ground truth lacks cannot be judged. F1 and error rates are
of whole pages, with correction and without. `digits` counts digits that changed without an edit
that tells why; `ms` is what correction took a page, once the lexicons are loaded.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

import ocr_core
from ocr_core import charset, images
from ocr_core.correction import lexicons
from ocr_core.correction.pages import correct_page
from ocr_core.engine import Engine
from ocr_core.layout import lay_out_page
from ocr_core.metrics import TextCounts, compare, normalise
from schemas import Edit, Failure, Line, Page, PageImage, PageRef

Judgement = Literal["right", "broken", "beside", "unjudged"]
SUFFIXES = (".png", ".jpg", ".tif")
# A line is found in the ground truth if it is so much like a part of it, in percent.
LEAST_LIKENESS = 60
# How far ends of that part may be off, in characters.
SLACK = 6
# Punctuation that may be misread beside a word without making the word wrong.
MARKS = " .,;:_'\"()"
# Of the wear of synthetic pages: 1 is what real scans show; and their longer sides, in pixels.
STRENGTH = 1.3
SIDES = (1000, 1500)
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sample:
    """A page to be read and what it says.

    Attributes:
        group: the set that it belongs to.
    """

    group: str
    name: str
    pixels: Pixels
    truth: str


@dataclass(slots=True)
class Figures:
    """What was counted of a set of pages."""

    pages: int = 0
    unlogged_digits: int = 0
    seconds: float = 0.0
    edits: Counter[Judgement] = field(default_factory=Counter)
    before: TextCounts = TextCounts()
    after: TextCounts = TextCounts()

    @property
    def precision(self) -> float:
        """Of the edits that can be judged, the share that is right; 1 of none."""
        judged = self.edits.total() - self.edits["unjudged"]
        return self.edits["right"] / judged if judged else 1.0


def main(args: argparse.Namespace) -> None:
    """Prints the figures of each set and of each language."""
    engine = ocr_core.load(correct=True)
    sets: dict[str, Figures] = defaultdict(Figures)
    languages: dict[str, Figures] = defaultdict(Figures)
    for sample in samples(args):
        page = read(engine, sample)
        if page is None:
            continue
        corrected, took = timed(page)
        print_edits(sample, corrected, args.list)
        for figures in (sets[sample.group], languages[f"language {corrected.language}"]):
            count(figures, sample, page, corrected)
            figures.seconds += took
    print_table({**sets, **dict(sorted(languages.items()))})


def samples(args: argparse.Namespace) -> Iterator[Sample]:
    """All pages that were asked for."""
    for folder in args.folders:
        yield from pages_of(folder)
    if args.synthetic:
        yield from synthetic_pages(args.synthetic, args.corpus)


def pages_of(folder: Path) -> Iterator[Sample]:
    """The pages of a folder that have ground truth, and all of it."""
    listed = folder.parent / "partial.tsv"
    partial = listed.read_text("utf-8").splitlines() if listed.exists() else []
    for file in sorted(folder.glob("*.gt.txt")):
        name = file.name.removesuffix(".gt.txt")
        if any(row.split("\t")[:2] == [folder.name, name] for row in partial):
            continue
        found = next((path for s in SUFFIXES if (path := folder / f"{name}{s}").exists()), None)
        if found:
            pixels = cv2.imread(str(found), cv2.IMREAD_GRAYSCALE)
            yield Sample(folder.name, name, np.asarray(pixels, np.uint8), file.read_text("utf-8"))


def synthetic_pages(count: int, corpus: Path | None) -> Iterator[Sample]:
    """Degraded pages of books and letters in each language, by seeds that training does not use."""
    from ocr_core.synth import books, letters
    from ocr_core.synth.corpus import load_corpora
    from ocr_core.synth.fonts import find_faces
    from ocr_core.synth.layouts import LAYOUTS
    from ocr_core.synth.pages import PageMaker
    from ocr_core.synth.text import TextSource

    characters = charset.latin()
    faces = [face for face in find_faces(characters) if face.held_out]
    layouts = [one for one in LAYOUTS if one.draw in (books.draw_book_page, letters.draw_letter)]
    corpora = [one for one in load_corpora(corpus) if one.language in lexicons.LANGUAGES]
    for seed in range(count):
        for own in corpora:
            maker = PageMaker(faces, TextSource([own], characters), SIDES, STRENGTH)
            made = maker.make_layout(9_000_000 + seed, layouts[seed % len(layouts)])
            truth = "\n".join(line.text for line in made.page.lines)
            yield Sample(f"synthetic {own.language}", str(seed), made.pixels, truth)


def read(engine: Engine, sample: Sample) -> Page | None:
    """The page as it was recognised, with its evidence; None if it cannot be read."""
    image = images.prepare(PageImage(PageRef("", sample.name, 0), sample.pixels, 200))
    detected = [one for one in engine.detect_pages([image]) if not isinstance(one, Failure)]
    pages = [one for one in engine.recognise_pages(detected) if isinstance(one, Page)]
    return pages[0] if pages else None


def timed(page: Page) -> tuple[Page, float]:
    """The page corrected, and how many seconds of CPU that took once the lexicon is loaded."""
    correct_page(page, lexicons.load)
    start = time.process_time()
    corrected = correct_page(page, lexicons.load)
    return corrected, time.process_time() - start


def count(figures: Figures, sample: Sample, page: Page, corrected: Page) -> None:
    """Adds a page to the figures."""
    figures.pages += 1
    figures.edits.update(judgement for _, _, judgement in judged(corrected, sample.truth))
    figures.unlogged_digits += sum(map(unlogged_digits, corrected.lines))
    fold_case = is_shouted(sample.truth)
    bare = replace(page, lines=tuple(replace(line, evidence=None) for line in page.lines))
    figures.before += compare(lay_out_page(bare).text, sample.truth, fold_case)
    figures.after += compare(lay_out_page(corrected).text, sample.truth, fold_case)


def judged(page: Page, truth: str) -> list[tuple[Line, Edit, Judgement]]:
    """Every edit of a page with what became of it."""
    fold_case = is_shouted(truth)
    flat = normalise(" ".join(truth.split()), fold_case)
    return [
        (line, edit, judge_edit(line, edit, flat, fold_case))
        for line in page.lines
        for edit in line.edits
    ]


def judge_edit(line: Line, edit: Edit, truth: str, fold_case: bool = False) -> Judgement:
    """Whether an edit is right, by what the truth has in its place.

    Args:
        truth: of the whole page, normalised.
    """
    parts = (line.raw_text[: edit.start], edit.before, line.raw_text[edit.end :])
    before, own, after = (_kept_ends(part, fold_case) for part in parts)
    stretch = find_stretch(before + own + after, truth)
    if stretch is None:
        return "unjudged"
    new = _kept_ends(edit.after, fold_case)
    there = counterpart(before + own + after, stretch, len(before), len(before + own)).strip(MARKS)
    if there == new.strip(MARKS) or _repairs((before, own, after), new, stretch):
        return "right"
    return "broken" if there == own.strip(MARKS) else "beside"


def _repairs(parts: tuple[str, str, str], new: str, stretch: str) -> bool:
    """Whether an edit takes away as many errors as it makes changes, and leaves a word of truth.

    Of several alignments that are as good, `counterpart` takes one, which may cut a word wrongly.
    """
    before, own, after = parts
    gone = Levenshtein.distance(before + own + after, stretch)
    gone -= Levenshtein.distance(before + new + after, stretch)
    words = [word.strip(MARKS) for word in stretch.split()]
    return gone == Levenshtein.distance(own, new) and new.strip(MARKS) in words


def find_stretch(text: str, truth: str) -> str | None:
    """The part of a truth that is most like a text, from word to word; None if nothing is."""
    found = fuzz.partial_ratio_alignment(text, truth, score_cutoff=LEAST_LIKENESS)
    if found is None or len(truth) < len(text):
        return None
    first, last = max(0, found.dest_start - SLACK), min(len(truth), found.dest_end + SLACK)
    starts = [at for at in range(first, found.dest_start + SLACK) if _is_edge(truth, at)]
    ends = [at for at in range(found.dest_end - SLACK, last + 1) if _is_edge(truth, at)]
    stretches = [truth[start:end] for start in starts for end in ends if start < end]
    whole = truth[found.dest_start : found.dest_end]
    return min(stretches, key=lambda one: Levenshtein.distance(text, one), default=whole)


def counterpart(text: str, stretch: str, start: int, end: int) -> str:
    """What stands in a stretch of truth in the place of `text[start:end]`."""
    places = [len(stretch)] * (len(text) + 1)
    for code in Levenshtein.opcodes(text, stretch):
        for at in range(code.src_start, code.src_end):
            step = 0 if code.tag == "delete" else at - code.src_start
            places[at] = code.dest_start + step
    first = min(places[start - 1] + 1, len(stretch)) if start else 0
    return stretch[first : places[end]]


def unlogged_digits(line: Line) -> int:
    """How many digits of a line changed that no edit with a reason tells of."""
    logged = line.raw_text
    for edit in sorted(line.edits, key=lambda edit: -edit.start):
        if edit.reason:
            logged = logged[: edit.start] + edit.after + logged[edit.end :]
    told, shown = ([c for c in text if c.isdigit()] for text in (logged, line.text))
    return Levenshtein.distance(told, shown)


def is_shouted(truth: str) -> bool:
    """Whether a truth has no small letters: then case cannot be compared."""
    return truth.isupper()


def print_edits(sample: Sample, page: Page, everything: bool) -> None:
    """Prints the edits that are not right, or all."""
    for line, edit, judgement in judged(page, sample.truth):
        if everything or judgement != "right":
            print(
                f"{sample.group} {sample.name}: {judgement}: {edit.before} -> {edit.after} "
                f"({edit.reason}) in: {line.raw_text}",
                flush=True,
            )


def print_table(rows: dict[str, Figures]) -> None:
    """Prints one line for each set."""
    print(
        f"{'':22}{'pages':>6}{'edits':>6}{'right':>6}{'broken':>7}{'beside':>7}{'unj.':>5}"
        f"{'prec.':>7}{'F1':>16}{'WER':>16}{'CER':>16}{'digits':>7}{'ms':>6}"
    )
    for name, own in rows.items():
        changes = "".join(
            f"{getattr(own.before, rate):8.4f}{getattr(own.after, rate):8.4f}"
            for rate in ("f1", "wer", "cer")
        )
        print(
            f"{name:22}{own.pages:6}{own.edits.total():6}{own.edits['right']:6}"
            f"{own.edits['broken']:7}{own.edits['beside']:7}{own.edits['unjudged']:5}"
            f"{own.precision:7.3f}{changes}{own.unlogged_digits:7}"
            f"{1000 * own.seconds / max(1, own.pages):6.0f}"
        )


def _is_edge(text: str, at: int) -> bool:
    return at in (0, len(text)) or (0 < at < len(text) and " " in (text[at - 1], text[at]))


def _kept_ends(text: str, fold_case: bool) -> str:
    """A part of a line normalised, but with the spaces at its ends."""
    inner = normalise(text, fold_case)
    head = " " if text[:1] == " " and inner else ""
    tail = " " if text[-1:] == " " else ""
    return f"{head}{inner}{tail}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--synthetic", type=int, default=0, metavar="N")
    parser.add_argument("--corpus", type=Path, metavar="FOLDER")
    parser.add_argument("--list", action="store_true", help="print right edits as well")
    main(parser.parse_args())
