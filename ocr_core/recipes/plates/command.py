"""`beam-ocr plates data | train | predict | evaluate`: makes plates, learns to read them, reads."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import torch
from rapidfuzz.distance import Levenshtein

import ocr_core
from ocr_core import devices, weights
from ocr_core.errors import ConfigError
from ocr_core.recipes.amounts import amount, count
from ocr_core.recipes.epochs import Samples
from ocr_core.recipes.picture_files import read_grey
from ocr_core.recipes.plates import data, network, settings, training
from ocr_core.recipes.plates.designs import Faces
from ocr_core.recipes.plates.digits import draw_digits
from ocr_core.recipes.plates.glyphs import find_legend_faces, find_plate_faces
from ocr_core.recipes.plates.photos import PhotoReader, line_finder, read_cut
from ocr_core.recipes.plates.scenes import draw_real
from ocr_core.recipes.plates.settings import PlateSettings
from ocr_core.recipes.plots import plot_trained
from ocr_core.synth.fonts import FONT_FOLDERS

_FOLDER = Path("training-runs/plates")
_SHIPPED = {"real": "plates", "digits": "plates-digits"}
_LEGEND_FACES = 30
# Seeds of what is written or validated lie so far apart that no plate is in two sets.
_SEEDS = {"training": 1_000, "validation": 2_000, "test": 3_000}
_PARTS = ("training", "validation")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `beam-ocr plates`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _add_data(actions.add_parser("data", help="write pictures of plates and their labels"))
    _add_train(actions.add_parser("train", help="train a reader, or go on with a training"))
    predict = actions.add_parser("predict", help="read pictures of plates, or photos of cars")
    predict.add_argument("files", type=Path, nargs="+", metavar="FILE")
    evaluate = actions.add_parser("evaluate", help="measure a reader on labelled pictures")
    evaluate.add_argument(
        "folder", type=Path, help="pictures with labels.csv, or each with a .gt.txt file"
    )
    for reading in (predict, evaluate):
        reading.add_argument(
            "--weights", type=Path,
            help="a trained reader (default: the one of the kind in"
            f" {_FOLDER}/KIND, or else the one that is shipped)",
        )  # fmt: skip
        reading.add_argument(
            "--kind", choices=tuple(_SHIPPED), default="real",
            help="what is read without --weights: plates of many states, or five digits"
            " (default: %(default)s)",
        )  # fmt: skip
        reading.add_argument(
            "--cars", action="store_true", help="find the plates first: they are parts of photos"
        )
        reading.add_argument(
            "--to", type=Path, metavar="DIR", help="write what each picture says, as DIR/NAME.txt"
        )


def main(args: argparse.Namespace) -> int:
    """Does what was asked for; 0 when it ran to its end.

    Raises:
        ConfigError: there is no data, or it or a training does not fit the settings.
        WeightsError: the weights are missing, or not of a reader of plates.
    """
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    actions = {"data": _write, "train": _train, "predict": _predict, "evaluate": _evaluate}
    actions[args.action](args)
    return 0


def _add_data(parser: argparse.ArgumentParser) -> None:
    _add_kind(parser)
    parser.add_argument("--to", type=Path, required=True, metavar="DIR", help="a new folder")
    parser.add_argument(
        "--count", type=count, default=60_000, help="pictures (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=_SEEDS["test"], help="decides what they show")


def _add_train(parser: argparse.ArgumentParser) -> None:
    _add_kind(parser)
    parser.add_argument(
        "--to", type=Path, metavar="DIR", default=None,
        help="folder of data, checkpoint, log and weights; a training there is resumed"
        f" (default: {_FOLDER}/KIND)",
    )  # fmt: skip
    parser.add_argument(
        "--data", type=Path, metavar="DIR",
        help="labelled plates of your own, all of them: DIR/training and DIR/validation",
    )  # fmt: skip
    parser.add_argument("--images", type=count, help="plates to learn from, or in an epoch")
    parser.add_argument("--epochs", type=count, help="at most")
    parser.add_argument("--minutes", type=amount, help="stop then, to be resumed later")
    parser.add_argument(
        "--start-from", type=Path, metavar="WEIGHTS",
        help="a recogniser of lines to begin with, as the shipped one, of the same shape",
    )  # fmt: skip
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")


def _add_kind(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--kind", choices=("digits", "real"), default="digits",
        help="five digits, or plates of many states (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--fonts", type=Path, nargs="*", default=list(FONT_FOLDERS), help="folders of fonts"
    )


def _write(args: argparse.Namespace) -> None:
    chosen = settings.of_kind(args.kind)
    data.write_plates(args.to, _maker(chosen, args.fonts), args.count, args.seed)
    print(f"{args.count:,} plates: {args.to}")


def _train(args: argparse.Namespace) -> None:
    chosen = _chosen(args)
    folder: Path = args.to or _FOLDER / args.kind
    own = _own(chosen, args.data) if args.data else None
    if own:
        chosen = replace(chosen, images=len(own[0]), validation=len(own[1]), fonts=0)
    print(chosen, flush=True)
    start = training.new_network(chosen)
    if args.start_from:
        network.start_from(start, args.start_from)
    samples = own or _made(chosen, args, folder)
    outcome = training.train(chosen, samples, folder, start, devices.choose(args.device))
    print(f"weights: {folder / network.NAME}.safetensors, of epoch {outcome.best_epoch}")
    plot_trained(folder)


def _chosen(args: argparse.Namespace) -> PlateSettings:
    """The settings of the kind, with what the command line changes."""
    chosen = settings.of_kind(args.kind)
    if args.images:
        chosen = settings.smaller(chosen, args.images)
    changed = replace(
        chosen.training, minutes=args.minutes, epochs=args.epochs or chosen.training.epochs
    )
    return replace(chosen, training=changed)


def _own(chosen: PlateSettings, home: Path) -> tuple[data.FolderPlates, data.FolderPlates]:
    """Plates of a folder, to learn from and to judge by."""
    first, second = (data.FolderPlates(home / part, chosen.network) for part in _PARTS)
    return first, second


def _made(
    chosen: PlateSettings, args: argparse.Namespace, folder: Path
) -> tuple[Samples[data.PlateBatch], Samples[data.PlateBatch]]:
    """Plates to learn from and to judge by; five digits are written first if they are not yet."""
    make = _maker(chosen, args.fonts)
    wanted = dict(zip(_PARTS, (chosen.images, chosen.validation), strict=True))
    if chosen.kind == "real":
        first, second = (
            data.MadePlates(make, number, chosen.network, _SEEDS[part])
            for part, number in wanted.items()
        )
        return first, second
    for part, number in wanted.items():
        _write_once(folder / "data" / part, make, number, _SEEDS[part])
    return _own(chosen, folder / "data")


def _write_once(folder: Path, make: data.MakePlate, number: int, seed: int) -> None:
    if not data.is_written(folder):
        data.write_plates(folder, make, number, seed)
    elif (there := len(data.list_plates(folder))) != number:
        raise ConfigError(f"{folder} holds {there:,} plates, not {number:,}: take another --to")


def _maker(chosen: PlateSettings, fonts: list[Path]) -> data.MakePlate:
    """What makes plates; how many faces it sets them in is printed."""
    faces = find_plate_faces(fonts, chosen.network.charset, chosen.fonts)
    print(f"{len(faces)} typefaces for plates", flush=True)
    if len(faces) < chosen.fonts:
        print(
            f"warning: these are fewer than the {chosen.fonts} that are asked for, so that plates"
            " vary less than they should: name folders of more fonts by --fonts",
            file=sys.stderr,
        )
    if chosen.kind == "digits":
        return partial(draw_digits, faces, chosen.sizes_px)
    return partial(draw_real, Faces(faces, find_legend_faces(fonts, _LEGEND_FACES)))


def _predict(args: argparse.Namespace) -> None:
    for path, texts in zip(args.files, _read(args, args.files), strict=True):
        print(f"{path}: {' '.join(texts)}")


def _evaluate(args: argparse.Namespace) -> None:
    """Prints the share of plates read without an error, and the CER, spaces and case aside."""
    listed = data.list_plates(args.folder)
    truths = ["".join(text.upper().split()) for _, text in listed]
    found = _read(args, [path for path, _ in listed])
    right = sum(truth in texts for truth, texts in zip(truths, found, strict=True))
    edits = sum(
        min((Levenshtein.distance(text, truth) for text in texts), default=len(truth))
        for truth, texts in zip(truths, found, strict=True)
    )
    sizes = Counter(map(len, found))
    print(f"right: {right} of {len(listed)}, {right / len(listed):.4f}")
    print(f"cer: {edits / max(1, sum(map(len, truths))):.5f}")
    print(f"plates a picture: {sum(n * k for n, k in sizes.items()) / len(listed):.2f}")


def _read(args: argparse.Namespace, paths: list[Path]) -> list[list[str]]:
    """The plates of each picture; they are written to files as well where that is wanted."""
    trained = _FOLDER / args.kind / f"{network.NAME}.safetensors"
    reader = network.load(args.weights or weights.of_recipe(_SHIPPED[args.kind], trained))
    if args.cars:
        engine = ocr_core.load(weights.for_photographs(), correct=False)
        photos = PhotoReader(line_finder(engine), reader)
        found = [[one.text for one in photos.read(read_grey(path))] for path in paths]
    elif reader.has_letters:
        found = [[read_cut(read_grey(path), reader).text] for path in paths]
    else:
        found = [[one.text] for one in reader.read([read_grey(path) for path in paths])]
    if args.to:
        args.to.mkdir(parents=True, exist_ok=True)
        for path, texts in zip(paths, found, strict=True):
            (args.to / f"{path.stem}.txt").write_text("\n".join(texts), encoding="utf-8")
    return found
