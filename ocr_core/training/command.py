"""`beam-ocr train NETWORK`: what a training reads, runs and leaves behind."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import torch

from ocr_core import charset, devices, weights
from ocr_core.backends import TorchDetector, TorchRecogniser, config_of
from ocr_core.detector import DetectorConfig
from ocr_core.engine import Engine
from ocr_core.harvest.folders import Harvest, read_harvest
from ocr_core.harvest.makers import HarvestedLines, HarvestedPages
from ocr_core.harvest.reading import shipped_reader
from ocr_core.networks import CropRecogniser
from ocr_core.reading import LineReader
from ocr_core.recogniser import Recogniser, RecogniserConfig
from ocr_core.synth.corpus import load_corpora
from ocr_core.synth.fonts import FONT_FOLDERS, Face, find_faces
from ocr_core.synth.lines import LineMaker, LineSource
from ocr_core.synth.pages import PageMaker, PageSource
from ocr_core.synth.photos import PhotoAlbum, find_photos
from ocr_core.synth.scenes import SceneMaker
from ocr_core.synth.text import TextSource
from ocr_core.training.carry import with_charset
from ocr_core.training.characters import CharacterSettings, build
from ocr_core.training.detector import CropSettings, DetectorTask
from ocr_core.training.distillation import TaughtLines
from ocr_core.training.found_lines import Finder, FoundLines
from ocr_core.training.guidance import GuidedRecogniser
from ocr_core.training.hard_lines import HardLines
from ocr_core.training.loop import Loop, LoopSettings, Task
from ocr_core.training.mixing import MixedLines, MixedPages
from ocr_core.training.recogniser import BatchSettings, RecogniserTask

_CPU = torch.device("cpu")  # what makes data runs beside the training, in processes of its own


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `beam-ocr train`."""
    parser.add_argument("network", choices=["detector", "recogniser", "characters"])
    parser.add_argument(
        "--to", type=Path, default=Path("training-runs"), metavar="DIR",
        help="folder of checkpoints, log and exported weights; a training there is resumed",
    )  # fmt: skip
    parser.add_argument(
        "--minutes", type=float, default=120, help="length of the schedule, over all resumptions"
    )
    parser.add_argument(
        "--session-minutes", type=float,
        help="stop after so many minutes, to be resumed later",
    )  # fmt: skip
    parser.add_argument("--rate", type=float, default=2e-3, help="peak learning rate")
    parser.add_argument("--seed", type=int, default=1, help="first seed of the data")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--workers", type=int, default=1, help="processes that make data")
    parser.add_argument(
        "--start-from", type=Path, metavar="WEIGHTS", help="a weights file to begin with"
    )
    parser.add_argument(
        "--fonts", type=Path, nargs="*", default=list(FONT_FOLDERS), help="folders of fonts"
    )
    parser.add_argument(
        "--harvest", type=Path, nargs="+", default=[], metavar="FOLDER",
        help="folders of born-digital PDFs to learn from too, your own for example",
    )  # fmt: skip
    parser.add_argument(
        "--harvest-share", type=_share, default=0.25, metavar="SHARE",
        help="how much of the data comes from them, 0 to 1 (default: 0.25)",
    )  # fmt: skip
    parser.add_argument(
        "--photos", type=Path, nargs="+", default=[], metavar="FOLDER",
        help="folders of photographs without text, to stand on pages and behind signs",
    )  # fmt: skip
    parser.add_argument(
        "--scene-share", type=_share, default=0.2, metavar="SHARE",
        help="how many of the pages are photographs with signs instead, 0 to 1 (default: 0.2)",
    )  # fmt: skip
    parser.add_argument(
        "--found-share", type=_share, default=0.0, metavar="SHARE",
        help="how much of a recogniser's data is cut out of whole pages, where the shipped"
        " detector finds lines; 0 to 1 (default: 0)",
    )  # fmt: skip
    parser.add_argument(
        "--hard", action="store_true",
        help="leave out most lines that the shipped recogniser reads with ease, or not at all",
    )  # fmt: skip
    parser.add_argument(
        "--guided", action="store_true",
        help="let a decoder, which is not exported, learn to write the lines beside the recogniser",
    )  # fmt: skip
    parser.add_argument(
        "--teacher", type=Path, metavar="WEIGHTS",
        help="a recogniser to learn from too: one that reads better, of which --start-from is a"
        " pruned or a later state",
    )  # fmt: skip


def main(args: argparse.Namespace) -> int:
    """Trains one network, or builds the model of characters; 0 when it ran to its end."""
    if args.network == "characters":
        return _build_characters(args)
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)  # before there are workers: after a fork OpenCV may wait for ever
    settings = LoopSettings(
        minutes=args.minutes,
        session_minutes=args.session_minutes,
        rate=args.rate,
        seed=args.seed,
        data=_mixture(args),
    )
    folder = args.to / args.network
    Loop(_task(args), folder, settings, devices.choose(args.device)).run()
    print(f"weights: {folder / args.network}.safetensors")
    return 0


def _build_characters(args: argparse.Namespace) -> int:
    """The language model; takes minutes, and no flags but `--to` and `--seed`."""
    path: Path = args.to / "characters" / "characters.npz"
    settings = CharacterSettings(seed=args.seed)
    print(settings)
    tree = build(load_corpora(args.to / "corpus"), charset.latin(), path, settings)
    print(f"{path}: {len(tree.labels):,} n-grams in {path.stat().st_size:,} bytes")
    return 0


def _share(text: str) -> float:
    """A share from the command line."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1")
    return share


def _mixture(args: argparse.Namespace) -> dict[str, float]:
    """What the samples of a training are made of, besides synthetic lines or pages."""
    shares = {"harvested": args.harvest_share if args.harvest else 0.0}
    if args.photos and (args.network == "detector" or args.found_share):
        shares |= {"scenes": args.scene_share}
    if args.network == "recogniser":
        shares |= {"found": args.found_share, "hard": float(args.hard)}
        shares |= {"taught": float(args.teacher is not None)}
    return {name: share for name, share in shares.items() if share}


def _task(args: argparse.Namespace) -> Task[Any, Any]:
    characters = charset.latin()
    faces = find_faces(characters, args.fonts)
    source = TextSource(load_corpora(args.to / "corpus"), characters)
    known = [face for face in faces if not face.held_out] or faces
    unseen = [face for face in faces if face.held_out] or faces
    make = {"recogniser": _recogniser_task, "detector": _detector_task}[args.network]
    return make(args, characters, source, (known, unseen))


def _recogniser_task(
    args: argparse.Namespace,
    characters: charset.Charset,
    source: TextSource,
    faces: tuple[list[Face], list[Face]],
) -> Task[Any, Any]:
    known, unseen = (LineMaker(part, source) for part in faces)
    shares: list[tuple[float, LineSource]] = []
    if args.harvest:
        shares.append((args.harvest_share, HarvestedLines(_harvest(args, characters))))
    if args.found_share:
        shares.append((args.found_share, FoundLines(_found_pages(args, faces[0], source), _finder)))
    mixed: LineSource = MixedLines(shares, known)
    if args.hard:
        mixed = HardLines(mixed, _reader)
    config = RecogniserConfig(characters.characters)
    if args.start_from:  # which may be of another shape
        given = with_charset(weights.load_file(args.start_from, "recogniser"), config.charset)
        config = config_of(RecogniserConfig, given)
    if args.teacher:
        mixed = TaughtLines(mixed, partial(_teacher, args.teacher, config.charset))
    network = (GuidedRecogniser if args.guided else Recogniser)(config)
    task = RecogniserTask(network, mixed, unseen, BatchSettings(workers=args.workers))
    return _started_from(task, args.start_from)


def _detector_task(
    args: argparse.Namespace,
    characters: charset.Charset,
    source: TextSource,
    faces: tuple[list[Face], list[Face]],
) -> Task[Any, Any]:
    shares: list[tuple[float, PageSource]] = []
    if args.harvest:
        harvested = HarvestedPages(_harvest(args, characters), faces[0], source)
        shares.append((args.harvest_share, harvested))
    album = _album(args)
    shares += _scenes(args, faces[0], source, album)
    mixed = MixedPages(shares, PageMaker(faces[0], source, album=album))
    unseen = PageMaker(faces[1], source)
    task = DetectorTask(DetectorConfig(), mixed, unseen, CropSettings(workers=args.workers))
    return _started_from(task, args.start_from)


def _found_pages(args: argparse.Namespace, faces: list[Face], source: TextSource) -> PageSource:
    """Pages as they are scanned to be read: finer, and less worn, than a detector's practice."""
    album = _album(args)
    pages = PageMaker(faces, source, long_side=(1200, 3000), strength=0.6, album=album)
    return MixedPages(_scenes(args, faces, source, album), pages)


def _scenes(
    args: argparse.Namespace, faces: list[Face], source: TextSource, album: PhotoAlbum | None
) -> list[tuple[float, PageSource]]:
    """Photographs with signs and their share of the pages, if there is an album."""
    return [(args.scene_share, SceneMaker(faces, source, album))] if album else []


def _album(args: argparse.Namespace) -> PhotoAlbum | None:
    return find_photos(args.photos) if args.photos else None


def _finder() -> Finder:
    """What finds lines at inference: the shipped detector, and all that mends its quads."""
    detector = TorchDetector(weights.load_file(weights.find()[0], "detector"), _CPU)
    return Engine(detector, LineReader(_reader()), None).detect_pages


def _reader() -> CropRecogniser:
    """The shipped recogniser."""
    return TorchRecogniser(weights.load_file(weights.find()[1], "recogniser"), _CPU)


def _teacher(path: Path, characters: str) -> CropRecogniser:
    """A recogniser of the same labels as the one that learns, whatever its own charset was."""
    return TorchRecogniser(with_charset(weights.load_file(path, "recogniser"), characters), _CPU)


def _harvest(args: argparse.Namespace, characters: charset.Charset) -> Harvest:
    """The usable pages of the folders that were given; what they are is printed.

    Raises:
        ConfigError: there are none.
    """
    harvest = read_harvest(args.harvest, args.to / "harvest", characters, shipped_reader())
    print(f"harvest: {harvest.summary}", flush=True)
    return harvest


def _started_from(task: RecogniserTask | DetectorTask, path: Path | None) -> Task[Any, Any]:
    """The task with its network as a weights file has it."""
    if path is None:
        return task
    given = weights.load_file(path, task.name)
    if isinstance(task, RecogniserTask):
        given = with_charset(given, task.network.config.charset)
        plain = Recogniser(task.network.config)
        weights.fill(plain, given)
        task.network.load_state_dict(plain.state_dict(), strict=False)  # a guide begins anew
    else:
        weights.fill(task.network, given)
    return task
