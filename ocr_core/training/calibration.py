"""`beam-ocr calibrate`: makes a recogniser's confidences mean what they say, on synthetic pages.

To be run on each weights file that a training has exported. Whole pages are read, as at inference,
with lines as the detector finds them, in typefaces that were held out from training. Half of them
are clean or little worn: trainings wear their lines far more than most scans are, and what is
fitted on wear alone doubts too much.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import torch
from rapidfuzz.distance import Levenshtein

from ocr_core import calibration, devices, language_model, metrics, weights
from ocr_core.backends import TorchDetector, TorchRecogniser
from ocr_core.calibration import RAW, Calibration
from ocr_core.engine import Engine
from ocr_core.reading import LineReader
from ocr_core.synth.pages import PageMaker, SynthPage
from ocr_core.training import held_out
from ocr_core.training.loop import SEED_SPACE
from schemas import Line, Page, PageImage, PageRef

# Of the wear of pages, in turn.
STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0)
# Far from the seeds of any training.
FIRST_SEED = 900 * SEED_SPACE
# A detection shows a line if they overlap by this IoU; less is a piece of one.
MIN_IOU = 0.3

Outcome = tuple[float, bool]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `beam-ocr calibrate`."""
    held_out.add_arguments(
        parser, "a recogniser's weights file, or a folder of both (default: those shipped)"
    )
    parser.add_argument("--pages", type=int, default=150, metavar="N", help="how many to read")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")


def main(args: argparse.Namespace) -> int:
    """Fits on half of the pages, tells how well that does on the others, and keeps a fit on all."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    _, recogniser = weights.find(args.weights)
    fitted = _fitted(read_pages(load_raw(args.weights, args.device), make_pages(args, args.pages)))
    weights.add_calibration(recogniser, fitted)
    print(f"{recogniser}: scale {fitted.scale:.3f}, shift {fitted.shift:+.3f}")
    return 0


def load_raw(given: Path | None, device: str) -> Engine:
    """An engine of all networks there are that neither calibrates nor corrects."""
    chosen = devices.choose(device)
    detector, recogniser = weights.find(given)
    files = [path for path in (recogniser, weights.find_larger(given)) if path]
    first, *second = (TorchRecogniser(weights.load_file(f, "recogniser"), chosen) for f in files)
    model = language_model.load(language_model.find(given))
    return Engine(
        TorchDetector(weights.load_file(detector, "detector"), chosen),
        LineReader(first, model, RAW, *second),
        None,
    )


def make_pages(args: argparse.Namespace, count: int) -> Iterator[SynthPage]:
    """Pages in held-out typefaces, of every wear in turn."""
    unseen, source = held_out.faces_and_texts(args)
    makers = [PageMaker(unseen, source, strength=strength) for strength in STRENGTHS]
    for number in range(count):
        yield makers[number % len(makers)].make(FIRST_SEED + number)


def read_pages(engine: Engine, pages: Iterable[SynthPage]) -> Iterator[list[Outcome]]:
    """The outcomes of each page that can be read."""
    for number, made in enumerate(pages):
        image = PageImage(PageRef("", "", number), made.pixels, made.page.dpi)
        for read in engine.read_pages([image]):
            if isinstance(read, Page):
                yield outcomes_of(read, made)


def outcomes_of(read: Page, made: SynthPage) -> list[Outcome]:
    """The confidence of each word, and whether it was read right.

    Lines are matched with ground truth by place; what matches no line does not count, for it may be
    text that a page shows without vouching for it.
    """
    truth = made.page.lines
    quads = [line.quad for line in truth] + list(made.ignored)
    pairs = metrics.match_quads([line.quad for line in read.lines], quads, MIN_IOU)
    return [
        outcome
        for one, other in pairs
        if other < len(truth)
        for outcome in _outcomes_of_line(read.lines[one], truth[other].text)
    ]


def _fitted(pages: Iterable[list[Outcome]]) -> Calibration:
    """The fit on all pages; prints how well one on half of them does on the others."""
    halves: tuple[list[Outcome], list[Outcome]] = ([], [])
    for number, outcomes in enumerate(pages):
        # Neighbouring pages differ in wear; every wear is to be in both halves.
        halves[number // len(STRENGTHS) % 2].extend(outcomes)
    for line in figures(*halves):
        print(line)
    return fit(halves[0] + halves[1])


def fit(outcomes: Sequence[Outcome]) -> Calibration:
    """The calibration that suits outcomes best; `RAW` if there are none."""
    if not outcomes:
        return RAW
    confidences, right = zip(*outcomes, strict=True)
    return calibration.fit(confidences, right)


def figures(first: Sequence[Outcome], second: Sequence[Outcome]) -> Iterator[str]:
    """Expected calibration errors of one half of the pages, as stated and as the other corrects."""
    corrected = [
        (fitted(confidence), right)
        for fitted, half in ((fit(first), second), (fit(second), first))
        for confidence, right in half
    ]
    for name, outcomes in (("raw", [*second, *first]), ("calibrated", corrected)):
        confidences = [confidence for confidence, _ in outcomes]
        error = metrics.calibration_error(confidences, [right for _, right in outcomes])
        yield f"{name}: expected calibration error {error:.4f} of {len(outcomes)} held-out words"


def _outcomes_of_line(line: Line, truth: str) -> list[Outcome]:
    read = [metrics.normalise(word.raw_text) for word in line.words]
    right = [False] * len(read)
    for step in Levenshtein.opcodes(read, metrics.normalise(truth).split()):
        if step.tag == "equal":
            right[step.src_start : step.src_end] = [True] * (step.src_end - step.src_start)
    return [(word.confidence, is_right) for word, is_right in zip(line.words, right, strict=True)]
