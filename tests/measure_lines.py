"""Measures what a recogniser learns of a typeface from a few labelled lines.

    python -m tests.measure_lines FOLDER... [--lines 200] [--others 600] [--corpus DIR]

Each folder holds the font of one typeface. Lines of running text in four languages, neatly cut out
and lightly worn, are set in it: some are learnt from, and others are read, before and after.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch

from ocr_core import charset, weights
from ocr_core.recipes.lines.labelled import find_lines
from ocr_core.recipes.lines.reading import PictureReader, compare, shares
from ocr_core.recipes.lines.training import teach
from ocr_core.synth import degrade
from ocr_core.synth.corpus import load_corpora
from ocr_core.synth.fonts import Face, find_faces
from ocr_core.synth.typeset import LineStyle, set_line

LANGUAGES = ("de", "en", "es", "fr")
SEED = 181
EM_PX = (18, 40)
WEAR = 0.5
CHARACTERS = (25, 65)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--lines", type=int, default=200, help="to learn from")
    parser.add_argument("--others", type=int, default=600, help="to read before and after")
    parser.add_argument("--corpus", type=Path, default=Path("training-runs/corpus"))
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    start = weights.find_larger() or weights.find()[1]
    texts = texts_of(args.corpus)
    for folder in args.folders:
        [face, *_] = find_faces(charset.latin(), [folder])
        with tempfile.TemporaryDirectory() as scratch:
            learnt, others = Path(scratch, "learnt"), Path(scratch, "others")
            rng = np.random.default_rng(SEED)
            write(learnt, face, args.lines, texts, rng)
            write(others, face, args.others, texts, rng)
            before = figures(start, others)
            began = time.process_time()
            taught = teach(
                find_lines(learnt), Path(scratch), weights.load_file(start, "recogniser")
            )
            took = (time.process_time() - began) / 60
            after = figures(taught.path, others)
        print(
            f"{face.family:24} before {before}  after {after}  {took:.1f} CPU-minutes", flush=True
        )


def texts_of(folder: Path) -> list[list[str]]:
    """The longer paragraphs of each language."""
    corpora = {one.language: one for one in load_corpora(folder)}
    return [[t for t in corpora[name].paragraphs if len(t) > 40] for name in LANGUAGES]


def write(
    folder: Path, face: Face, count: int, texts: list[list[str]], rng: np.random.Generator
) -> None:
    """Pictures of lines in a face, and what they say."""
    folder.mkdir()
    lines = pieces(texts, rng)
    for number in range(count):
        text = next(line for line in lines if set(line) <= face.characters)
        ink = set_line(text, LineStyle(face, int(rng.integers(*EM_PX))), rng).ink
        worn = degrade.scan(np.pad(ink, ((5, 5), (8, 8))), rng, WEAR)
        cv2.imwrite(str(folder / f"{number:04}.png"), worn)
        (folder / f"{number:04}.gt.txt").write_text(text, encoding="utf-8")


def pieces(texts: list[list[str]], rng: np.random.Generator) -> Iterator[str]:
    """Some words of a paragraph, of one language after the other."""
    while True:
        for paragraphs in texts:
            paragraph = paragraphs[int(rng.integers(len(paragraphs)))]
            begin = paragraph.find(" ", int(rng.integers(max(1, len(paragraph) - 60)))) + 1
            words = paragraph[begin : begin + int(rng.integers(*CHARACTERS))].split()[:-1]
            if len(" ".join(words)) >= CHARACTERS[0] // 2:
                yield " ".join(words)


def figures(path: Path, folder: Path) -> str:
    """Shares of characters that are wrong and of lines that are right."""
    wrong, right = shares(list(compare(PictureReader(path), find_lines(folder))))
    return f"{wrong:.2%} wrong {right:.1%} right"


if __name__ == "__main__":
    main()
