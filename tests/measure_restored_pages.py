"""Measures what `--restore` is worth on pages with ground truth, and what it costs.

    python -m tests.measure_restored_pages FOLDER... [--pages 8] [--restorer DIR] [--list]
    python -m tests.measure_restored_pages FOLDER... --stand-in sharpen

Every page is detected once and then read with and without restoring, in one thread. Of the words
that differ it tells which were put right (the ground truth has the new one), which were broken (it
has the old one), and which are wrong either way. `--stand-in same` restores nothing, which must
change nothing; `sharpen` is an unsharp mask, as a network has to do better than that.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from unittest.mock import patch

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

import ocr_core
from ocr_core import images, restorer_files
from ocr_core.engine import Engine
from ocr_core.metrics import TextCounts, compare, normalise
from ocr_core.networks import CropRestorer
from schemas import DetectedPage, Edit, Failure, Line, Page, PageImage, PageRef
from tests.measure_correction import Judgement, Sample, is_shouted, judge_edit, pages_of

Crop = NDArray[np.uint8]


class StandIn:
    """Restores crops by a function of each."""

    height = 40

    def __init__(self, function: Callable[[Crop], Crop]) -> None:
        self._function = function

    def restore(self, crops: Sequence[Crop]) -> list[Crop]:
        return [self._function(crop) for crop in crops]


class Counted:
    """A restorer that counts its crops."""

    def __init__(self, restorer: CropRestorer) -> None:
        self.crops = 0
        self._restorer = restorer

    def restore(self, crops: Sequence[Crop]) -> list[Crop]:
        self.crops += len(crops)
        return self._restorer.restore(crops)


@dataclass(slots=True)
class Figures:
    """What was counted of a set of pages.

    Attributes:
        asked: lines that were restored; `taken` those of which words were taken.
        added: lines that are given only because they were restored.
        cpu_s: CPU-seconds of recognition, without restoring and with it.
    """

    pages: int = 0
    lines: int = 0
    asked: int = 0
    taken: int = 0
    added: int = 0
    words: Counter[Judgement] = field(default_factory=Counter)
    off: TextCounts = TextCounts()
    on: TextCounts = TextCounts()
    cpu_s: tuple[float, float] = (0.0, 0.0)

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.pages + other.pages,
            self.lines + other.lines,
            self.asked + other.asked,
            self.taken + other.taken,
            self.added + other.added,
            self.words + other.words,
            self.off + other.off,
            self.on + other.on,
            (self.cpu_s[0] + other.cpu_s[0], self.cpu_s[1] + other.cpu_s[1]),
        )


def unsharp(crop: Crop) -> Crop:
    """The crop with its edges drawn over."""
    blurred = cv2.GaussianBlur(crop, (0, 0), 2.0)
    return np.asarray(cv2.addWeighted(crop, 2.0, blurred, -1.0, 0), np.uint8)


STAND_INS: dict[str, Callable[[Crop], Crop]] = {"same": lambda crop: crop, "sharpen": unsharp}


def main(args: argparse.Namespace) -> None:
    """Prints the figures of each folder and of all."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    plain = ocr_core.load(args.weights, "cpu")
    restoring, restorer = load_restoring(args.weights, args.restorer, args.stand_in)
    sets: dict[str, Figures] = defaultdict(Figures)
    for folder in args.folders:
        for sample in list(pages_of(folder))[: args.pages]:
            sets[sample.group] += measure(sample, plain, restoring, restorer, args.list)
    everything = sum(sets.values(), Figures())
    print("\n".join(table({**sets, "all": everything})))


def load_restoring(
    weights: Path | None, folder: Path | None, stand_in: str | None
) -> tuple[Engine, Counted]:
    """An engine that restores, with its restorer.

    Args:
        folder: that has a restorer of its own.
    """
    opened: list[Counted] = []

    def open_counted(given: Path | None, height: int, device: torch.device) -> Counted:
        found = StandIn(STAND_INS[stand_in]) if stand_in else real(folder or given, height, device)
        opened.append(Counted(found))
        return opened[0]

    real = restorer_files.open_restorer
    with patch.object(restorer_files, "open_restorer", open_counted):
        engine = ocr_core.load(weights, "cpu", restore=True)
    return engine, opened[0]


def measure(
    sample: Sample, plain: Engine, restoring: Engine, restorer: Counted, lists: bool
) -> Figures:
    """What became of a page by both engines."""
    image = images.prepare(PageImage(PageRef("", sample.name, 0), sample.pixels, 200))
    [detected] = plain.detect_pages([image])
    if isinstance(detected, Failure):
        return Figures()
    before, asked = timed(plain, detected), restorer.crops
    after = timed(restoring, detected)
    pages = before[0], after[0]
    differences = list(changes(*pages, sample.truth))
    if lists:
        for judgement, line, edit in differences:
            words = f"{judgement}: {edit.before} -> {edit.after} in: {line.raw_text}"
            print(f"{sample.group} {sample.name}: {words}", flush=True)
    shouted = is_shouted(sample.truth)
    off, on = (compare(text_of(plain, page), sample.truth, shouted) for page in pages)
    return Figures(
        pages=1,
        lines=len(detected.detections),
        asked=restorer.crops - asked,
        taken=sum(line.restored for line in after[0].lines),
        added=len({line.quad for line in after[0].lines} - {line.quad for line in before[0].lines}),
        words=Counter(judgement for judgement, _, _ in differences),
        off=off,
        on=on,
        cpu_s=(before[1], after[1]),
    )


def timed(engine: Engine, detected: DetectedPage) -> tuple[Page, float]:
    """The page recognised, and the CPU-seconds that it took."""
    start = time.process_time()
    [page] = engine.recognise_pages([detected])
    if isinstance(page, Failure):
        raise ValueError(page.message)
    return page, time.process_time() - start


def text_of(engine: Engine, page: Page) -> str:
    """The text of a page, corrected and laid out."""
    finished = engine.finish_page(page)
    if isinstance(finished, Failure):
        raise ValueError(finished.message)
    return finished.text


def changes(before: Page, after: Page, truth: str) -> Iterator[tuple[Judgement, Line, Edit]]:
    """What differs between lines that both pages have, and whether that is for the better."""
    shouted = is_shouted(truth)
    flat = normalise(" ".join(truth.split()), shouted)
    restored = {line.quad: line.raw_text for line in after.lines if line.restored}
    for line in before.lines:
        for edit in edits_to(line.raw_text, restored.get(line.quad, line.raw_text)):
            yield judge_edit(line, edit, flat, shouted), line, edit


def edits_to(old: str, new: str) -> Iterator[Edit]:
    """The runs of words that differ between two readings of a line.

    >>> [(edit.start, edit.before, edit.after) for edit in edits_to("a bouse of", "a house of")]
    [(2, 'bouse', 'house')]
    """
    words, others = old.split(), new.split()
    for tag, i, j, k, m in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        if tag != "equal":
            start, run = len(" ".join([*words[:i], ""])), " ".join(words[i:j])
            yield Edit(start, start + len(run), run, " ".join(others[k:m]), "restored")


def table(sets: dict[str, Figures]) -> Iterator[str]:
    """One line for each set."""
    yield (
        f"{'':20}{'pages':>6}{'lines':>6}{'asked':>6}{'taken':>6}{'added':>6}{'right':>6}"
        f"{'broken':>7}{'beside':>7}{'unj.':>5}{'CER':>16}{'WER':>16}{'F1':>16}{'CPU-s a page':>14}"
    )
    for name, own in sets.items():
        rates = "".join(
            f"{getattr(own.off, rate):8.4f}{getattr(own.on, rate):8.4f}"
            for rate in ("cer", "wer", "f1")
        )
        off, on = (seconds / max(own.pages, 1) for seconds in own.cpu_s)
        words = own.words
        yield (
            f"{name:20}{own.pages:6}{own.lines:6}{own.asked:6}{own.taken:6}{own.added:6}"
            f"{words['right']:6}{words['broken']:7}{words['beside']:7}{words['unjudged']:5}"
            f"{rates}{off:7.2f}{on:7.2f}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--pages", type=int, metavar="N", help="only the first of each folder")
    parser.add_argument("--weights", type=Path, metavar="PATH")
    parser.add_argument("--restorer", type=Path, metavar="DIR", help="holds restorer.safetensors")
    parser.add_argument("--stand-in", choices=STAND_INS, help="in place of the network")
    parser.add_argument("--list", action="store_true", help="print what differs")
    main(parser.parse_args())
