"""Measures what restoring lines does to how they are read, ungated and gated, and what it costs.

    python -m tests.measure_restoration [FOLDER ...] [--weights FILE] [--steps 4] [--blocks 30]
                                        [--lines 60] [--gated] [--picture PNG]

Synthetic lines are set in faces that no training sees and worn by a fixed strength; their seeds are
fixed too. Lines of a FOLDER are those that the detector finds in images with a `NAME.boxes.json`
beside them, where a box is; every so many that about `--lines` are left. Each crop is read by the
shipped recogniser and by the larger one as it is and restored; synthetic ones also as they were
before they were worn. `doubtful` are the tenth of the lines of which the first is least certain.

`gated` is what `run --restore` does, were every line the least certain one of its page: read by
both recognisers with the character model, restored where its certainty asks for it, and words of
that taken where the crop as it is agrees.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

import ocr_core
from ocr_core import charset, language_model, networks, weights
from ocr_core.backends import TorchRecogniser
from ocr_core.cleaning import steps
from ocr_core.cropping import crop_quad
from ocr_core.ctc import Decoded, decode_best_path
from ocr_core.engine import Engine
from ocr_core.metrics import match_quads, normalise
from ocr_core.networks import CropRecogniser
from ocr_core.page_reading import ReadPage
from ocr_core.reading import LineReader
from ocr_core.recipes.restoration.pairs import WornLines
from ocr_core.recipes.restoration.pictures import draw_rows
from ocr_core.recipes.restoration.training import learnable
from ocr_core.restoration.restorer import NAME, STEPS, Restorer, find_restorer, open_restorer
from ocr_core.restored_lines import LineRestorer, choose_lines
from ocr_core.synth.corpus import load_corpora
from ocr_core.synth.fonts import FONT_FOLDERS, find_faces
from ocr_core.synth.lines import LineSettings
from ocr_core.synth.text import TextSource
from schemas import Box, DetectedPage, Failure, PageImage, PageRef, Quad

Pixels = NDArray[np.uint8]
# 1 is what most scans show; of the last about half is past reading.
STRENGTHS = (0.7, 1.0, 1.3, 1.6)
FIRST_SEED = 7_000_000
MAX_PIXELS = 1 << 18
HEIGHT, LEAST_IOU = 40, 0.6
CPU = torch.device("cpu")


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines of one kind.

    Attributes:
        crops: kind of picture (`raw`, and maybe `clean`) -> a crop of each line.
    """

    name: str
    texts: list[str]
    crops: dict[str, list[Pixels]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--weights", type=Path, default=find_restorer())
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--blocks", type=int, default=30, help="of about ten synthetic lines")
    parser.add_argument("--first", type=int, default=FIRST_SEED, help="seed of the first block")
    parser.add_argument("--lines", type=int, default=60, help="of each folder, about")
    parser.add_argument("--corpus", type=Path, default=Path("training-runs/corpus"))
    parser.add_argument("--picture", type=Path, help="shows the first doubtful lines of each kind")
    parser.add_argument("--gated", action="store_true", help="only what is done with the gate")
    args = parser.parse_args()
    torch.set_num_threads(1)
    restorer = open_restorer(weights.load_file(args.weights, NAME), steps=args.steps)
    paths = [weights.find()[1], weights.find_larger()]
    readers = [TorchRecogniser(weights.load_file(p, "recogniser"), CPU) for p in paths if p]
    print_cost(restorer, readers[0])
    gate = gated_reader(restorer)
    rows: list[list[Pixels]] = []
    for lines in (*synthetic(args), *map(lines_of(args), args.folders)):
        if not args.gated:
            rows += print_figures(lines, restorer, readers)
        print_gated(lines, *gate)
    if args.picture and rows:
        cv2.imwrite(str(args.picture), draw_rows(rows))


def synthetic(args: argparse.Namespace) -> Iterator[Lines]:
    """Worn lines of each strength, the same letters in all."""
    if not args.blocks:
        return
    characters = charset.latin()
    faces = [face for face in find_faces(characters, FONT_FOLDERS) if face.held_out]
    source = TextSource(load_corpora(args.corpus), characters)
    for strength in STRENGTHS:
        maker = WornLines(faces, source, LineSettings(no_text=0.0), (strength, strength))
        seeds = range(args.first, args.first + args.blocks)
        lines = [line for seed in seeds for line in learnable(maker.make(seed))]
        crops = {"raw": [one.pixels for one in lines], "clean": [one.clean for one in lines]}
        yield Lines(f"worn {strength}", [line.text for line in lines], crops)


def lines_of(args: argparse.Namespace) -> Callable[[Path], Lines]:
    """What gives the lines of a folder."""
    engine = ocr_core.load(correct=False) if args.folders else None

    def load(folder: Path) -> Lines:
        paths = sorted(folder.glob("*.boxes.json"))
        found = [one for path in paths if engine for one in found_lines(path, engine)]
        found = list(islice(found, 0, None, max(1, len(found) // args.lines)))
        return Lines(folder.name, [text for text, _ in found], {"raw": [crop for _, crop in found]})

    return load


def found_lines(path: Path, engine: Engine) -> list[tuple[str, Pixels]]:
    """The lines of an image that are found where its boxes are: what they say, and their crops."""
    stem = path.name.removesuffix(".boxes.json")
    image = next(p for p in path.parent.glob(f"{stem}.*") if p.suffix in {".png", ".jpg", ".tif"})
    pixels = steps.clean(np.asarray(cv2.imread(str(image), cv2.IMREAD_GRAYSCALE), np.uint8))
    [found] = engine.detect_pages([PageImage(PageRef("", stem, 0), pixels, 200)])
    if isinstance(found, Failure):
        return []
    entries = json.loads(path.read_text(encoding="utf-8"))
    quads = [detection.quad for detection in found.detections]
    truths = [Quad.from_box(Box(*entry["box"])) for entry in entries]
    return [
        (entries[other]["text"], crop_quad(found.image.pixels, quads[one], HEIGHT))
        for one, other in match_quads(quads, truths, LEAST_IOU)
        if entries[other]["text"].strip()
    ]


def print_figures(
    lines: Lines, restorer: Restorer, readers: Sequence[CropRecogniser]
) -> list[list[Pixels]]:
    """Prints the CER of each kind of picture; returns a few doubtful lines before and after."""
    restored = restorer.restore(lines.crops["raw"])
    kinds = {**lines.crops, "restored": restored}
    sure = [mean(one) for one in decoded(readers[0], lines.crops["raw"])]
    doubtful = np.argsort(sure, kind="stable")[: max(1, len(sure) // 10)].tolist()
    everything = list(range(len(sure)))
    for reader, size in zip(readers, ("first", "larger"), strict=False):
        read = {kind: [one.text for one in decoded(reader, kinds[kind])] for kind in kinds}
        for name, members in (("all", everything), ("doubtful", doubtful)):
            figures = "  ".join(
                f"{kind} {cer([(read[kind][n], lines.texts[n]) for n in members]):.4f}"
                for kind in ("raw", "restored", "clean")
                if kind in read
            )
            raw, after = ([read[kind][n] for n in members] for kind in ("raw", "restored"))
            better, worse = moved(raw, after, [lines.texts[n] for n in members])
            print(
                f"{lines.name:22} {size:7} {name:8} {len(members):4} lines  CER {figures}  "
                f"better {better} worse {worse}",
                flush=True,
            )
    return [[kind[n] for kind in kinds.values()] for n in doubtful[:3]]


def gated_reader(restorer: Restorer) -> tuple[LineReader, LineRestorer]:
    """What reads lines as runs do, and what restores the least certain ones."""
    paths = [weights.find()[1], weights.find_larger()]
    files = [weights.load_file(path, "recogniser") for path in paths if path]
    first, *second = (TorchRecogniser(file, CPU) for file in files)
    model = language_model.load(language_model.find(None))
    reader = LineReader(first, model, files[0].calibration, *second)
    return reader, LineRestorer(restorer, reader, model)


def print_gated(lines: Lines, reader: LineReader, line_restorer: LineRestorer) -> None:
    """Prints the CER of lines as a run reads them, without `--restore` and with it."""
    crops = lines.crops["raw"]
    readings = reader.read_again(crops, reader.read(crops, MAX_PIXELS), MAX_PIXELS)
    blank = DetectedPage(PageImage(PageRef("", "", 0), np.zeros((1, 1), np.uint8), 200), ())
    pages = [ReadPage(blank, [crop], [own]) for crop, own in zip(crops, readings, strict=True)]
    asked = sum(bool(choose_lines(page.readings)) for page in pages)
    chosen = line_restorer.read(pages)
    raw, after = ([page.readings[0].decoded.text for page in own] for own in (pages, chosen))
    off, on = (cer(list(zip(own, lines.texts, strict=True))) for own in (raw, after))
    better, worse = moved(raw, after, lines.texts)
    print(
        f"{lines.name:22} {'gated':16} {len(crops):4} lines  CER off {off:.4f}  on {on:.4f}  "
        f"asked {asked} better {better} worse {worse}",
        flush=True,
    )


def moved(before: Sequence[str], after: Sequence[str], truths: Sequence[str]) -> tuple[int, int]:
    """How many lines have fewer errors than before, and how many have more."""
    edits = [
        (Levenshtein.distance(new, truth), Levenshtein.distance(old, truth))
        for old, new, truth in zip(before, after, truths, strict=True)
    ]
    return sum(new < old for new, old in edits), sum(new > old for new, old in edits)


def decoded(reader: CropRecogniser, crops: Sequence[Pixels]) -> list[Decoded]:
    """What a recogniser alone makes of each crop."""
    paths = networks.read_crops(reader, crops, MAX_PIXELS)
    return [decode_best_path(path, reader.charset) for path in paths]


def mean(one: Decoded) -> float:
    """The mean confidence of the characters of a line; 0 if it has none."""
    return float(np.mean(one.confidences)) if len(one.confidences) else 0.0


def cer(pairs: Sequence[tuple[str, str]]) -> float:
    """The share of characters that are wrong, of texts and their truths."""
    told = [(normalise(text), normalise(truth)) for text, truth in pairs]
    edits = sum(Levenshtein.distance(*pair) for pair in told)
    return edits / max(1, sum(len(truth) for _, truth in told))


def print_cost(restorer: Restorer, reader: CropRecogniser, width: int = 1024) -> None:
    """Prints the CPU time of a line of some width, restored and read."""
    crop = np.random.default_rng(1).integers(0, 256, (restorer.height, width)).astype(np.uint8)
    taken = {}
    works: dict[str, Callable[[], object]] = {
        "restored": lambda: restorer.restore([crop]),
        "read": lambda: decoded(reader, [crop, crop]),
    }
    for name, work in works.items():
        work()
        times = []
        for _ in range(5):
            began = time.process_time()
            work()
            times.append(time.process_time() - began)
        taken[name] = min(times)
    reading = taken["read"] / 2  # which goes in pairs
    print(
        f"a line of {width} px: restored in {1000 * taken['restored']:.0f} ms, read in "
        f"{1000 * reading:.1f} ms, {taken['restored'] / reading:.1f} times as long"
    )


if __name__ == "__main__":
    main()
