"""`beam-ocr chars`: trains networks that read single characters, and reads with them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import torch

from ocr_core import charset, weights
from ocr_core.recipes.amounts import amount, count
from ocr_core.recipes.chars.data import Split, read_folder, split
from ocr_core.recipes.chars.drawing import Drawn, draw_many, joined
from ocr_core.recipes.chars.settings import SGD, CharsConfig, CharsSettings, Kind
from ocr_core.recipes.chars.training import (
    NAME,
    CharacterReader,
    Ensemble,
    accuracies,
    load,
    new_network,
    predict,
    train,
    weights_in,
)
from ocr_core.recipes.picture_files import read_colours
from ocr_core.recipes.plots import plot_trained
from ocr_core.synth.fonts import FONT_FOLDERS, Face, find_faces

_FOLDER = Path("training-runs/chars")
_TEST_SAMPLES = 2_000
# One knows all kinds. Those whose pictures are cut out in one way only, by their ink or as high as
# their line, are better off with another.
_SHIPPED: dict[frozenset[Kind], str] = {
    frozenset({"scene"}): f"{NAME}-scene",
    frozenset({"poster", "print"}): f"{NAME}-line",
    frozenset({"poster"}): f"{NAME}-line",
    frozenset({"print"}): f"{NAME}-line",
}
_HELD_OUT = object()  # stands for the folder where `--evaluate` is given none
# Samples to learn from, to choose by and to be judged on are drawn by seeds far from each other.
_SEEDS_APART = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `beam-ocr chars`."""
    settings = CharsSettings()
    parser.add_argument(
        "--to", type=Path, default=_FOLDER, metavar="DIR",
        help="folder of checkpoint, log, curves and weights; a training there is resumed",
    )  # fmt: skip
    parser.add_argument(
        "--from-folder", type=Path, metavar="FOLDER",
        help="learn from your own pictures: a folder for each character (7, A, a; or upper_A,"
        " lower_a), instead of drawn ones",
    )  # fmt: skip
    parser.add_argument(
        "--kind", choices=settings.kinds, nargs="+", default=list(settings.kinds), metavar="KIND",
        help="how characters are drawn: `scene` as cameras see signs, cut out by their ink;"
        " `poster` in colours over textures and `print` as scanners see paper, both as high as"
        " their line (default: each in turn)",
    )  # fmt: skip
    parser.add_argument(
        "--inputs", choices=["both", "colour"], default="both",
        help="look at colours and a binary picture, or at colours only (trained by SGD)",
    )  # fmt: skip
    parser.add_argument("--samples", type=count, default=settings.samples, help="how many to draw")
    parser.add_argument("--epochs", type=count, default=settings.epochs.epochs)
    parser.add_argument("--batch", type=count, default=settings.epochs.batch)
    parser.add_argument(
        "--rate", type=amount, help=f"default: {settings.epochs.rate}; {SGD.rate} by SGD"
    )
    parser.add_argument(
        "--start-from", type=Path, metavar="FILE",
        help="weights to begin with, as of a training on other pictures",
    )  # fmt: skip
    parser.add_argument("--minutes", type=amount, help="stop after so many, to be resumed later")
    parser.add_argument("--seed", type=int, default=settings.epochs.seed)
    parser.add_argument(
        "--fonts", type=Path, nargs="*", default=list(FONT_FOLDERS), help="folders of fonts"
    )
    parser.add_argument(
        "--weights", type=Path, nargs="+", metavar="FILE",
        help="what to read with; several are an ensemble (default: chars.safetensors in --to, or"
        " else what is shipped: one for `--kind scene`, one for `--kind poster print`, and one"
        " for all kinds)",
    )  # fmt: skip
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--predict", type=Path, metavar="IMAGE", help="do not train: read one picture"
    )
    instead.add_argument(
        "--evaluate", type=Path, metavar="FOLDER", nargs="?", const=_HELD_OUT,
        help="do not train: count what is right of pictures in class folders, or beside a"
        " labels.tsv; without FOLDER, of each --kind, drawn in typefaces that no training sees, if"
        " there are any such",
    )  # fmt: skip


def main(args: argparse.Namespace) -> int:
    """Trains, or reads with what was trained; 0 when it came to its end."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    if args.predict:
        character, confidence = predict(_reader(args), read_colours(args.predict))
        print(f"{character}\t{confidence:.3f}")
    elif args.evaluate is _HELD_OUT:
        _judge_each(args)
    elif args.evaluate:
        _judge(_reader(args), read_folder(args.evaluate))
    else:
        _train(args)
    return 0


def _judge_each(args: argparse.Namespace) -> None:
    """Judges a reader by each kind of characters, and by all of them where there are several."""
    reader, faces = _reader(args), _typefaces(args)[1]
    if not any(face.held_out for face in faces):
        print(f"none of {len(faces)} typefaces is held out: figures are of such as are learnt from")
    each = [_unseen(faces, args, [kind]) for kind in args.kind]
    for kind, drawn in zip(args.kind, each, strict=True):
        _judge(reader, drawn, f"{kind}: ")
    if len(each) > 1:
        _judge(reader, joined(each), "all: ")


def _judge(reader: CharacterReader, drawn: Drawn, name: str = "") -> None:
    _tell(f"{name}{len(drawn.labels)} pictures", accuracies(reader, drawn))


def _train(args: argparse.Namespace) -> None:
    settings = _settings(args)
    own = read_folder(args.from_folder) if args.from_folder else None
    if own:
        settings = replace(settings, kinds=(), samples=len(own.labels))
    print(settings, flush=True)
    network = new_network(CharsConfig(inputs=args.inputs), args.seed, args.start_from)
    parts = split(own, settings.validation, args.seed) if own else _drawn(args, settings)
    reader, outcome = train(
        network,
        parts,
        settings.epochs,
        args.to,
        {"data": asdict(settings), "folder": str(args.from_folder or "")},
    )
    _tell(
        f"best of {len(outcome.epochs)} epochs: {outcome.best_epoch}; test",
        accuracies(reader, parts.test),
    )
    print(f"weights: {weights_in(args.to)}")
    plot_trained(args.to)


def _settings(args: argparse.Namespace) -> CharsSettings:
    settings = CharsSettings(kinds=tuple(args.kind), samples=args.samples)
    learnt = SGD if args.inputs == "colour" else settings.epochs
    epochs = replace(
        learnt,
        epochs=args.epochs,
        batch=args.batch,
        rate=args.rate or learnt.rate,
        minutes=args.minutes,
        seed=args.seed,
    )
    return replace(settings, epochs=epochs)


def _drawn(args: argparse.Namespace, settings: CharsSettings) -> Split:
    """Drawn samples; those of the test in typefaces that the others are not drawn in, if any."""
    known, unseen = _typefaces(args)
    others = f", {len(unseen)} for the test"
    if known == unseen:
        others = "; none is held out for the test, whose figures are of typefaces that it knows"
    print(f"drawing in {len(known)} typefaces{others} ...", flush=True)
    first = args.seed * 3 * _SEEDS_APART
    chosen_by = max(1, round(settings.samples * settings.validation))
    return Split(
        draw_many(known, settings.samples, settings.kinds, first, to_learn=True),
        draw_many(known, chosen_by, settings.kinds, first + _SEEDS_APART),
        _unseen(unseen, args, settings.kinds),
    )


def _unseen(faces: list[Face], args: argparse.Namespace, kinds: Sequence[Kind]) -> Drawn:
    """What a training is tested on."""
    return draw_many(faces, _TEST_SAMPLES, kinds, (args.seed * 3 + 2) * _SEEDS_APART)


def _typefaces(args: argparse.Namespace) -> tuple[list[Face], list[Face]]:
    """Those to learn from, and those that are held out; all of them where there are none such."""
    print("looking for typefaces ...", flush=True)
    faces = find_faces(charset.latin(), args.fonts)
    known = [face for face in faces if not face.held_out]
    return known or faces, [face for face in faces if face.held_out] or faces


def _reader(args: argparse.Namespace) -> CharacterReader:
    shipped = _SHIPPED.get(frozenset(args.kind), NAME)
    paths = args.weights or [weights.of_recipe(shipped, weights_in(args.to))]
    return Ensemble([load(path) for path in paths])


def _tell(what: str, shares: dict[str, float]) -> None:
    print(
        f"{what}: {100 * shares['exact']:.1f} % right,"
        f" {100 * shares['folded']:.1f} % if a is as good as A"
    )
