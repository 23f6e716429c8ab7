"""Measures what backends and precisions cost on a CPU, and whether they read the same.

    python -m tests.measure_backends FOLDER... [--pages 8] [--repeat 3] [--int8 CACHE]

Every engine reads every image in turn, in one process and one thread, several times; of a page's
CPU times the least counts. Images with a `NAME.gt.txt` beside them give a CER. `--int8` also reads
with ONNX models in bytes, quantised by ONNX Runtime's own tools on synthetic pages, and keeps them
in that folder, as calibrating takes minutes.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import cv2
import numpy as np
import torch

import ocr_core
from ocr_core import running
from ocr_core.engine import Engine
from ocr_core.interchange import onnx_models
from ocr_core.interchange.onnx_networks import OnnxDetector, OnnxRecogniser
from ocr_core.interchange.portable import INPUT, portable
from ocr_core.metrics import TextCounts, compare
from ocr_core.running import Running
from ocr_core.weights import Weights
from pipelines import bench

# Engine -> backend and precision. The first is what the others are measured by, in what they read.
ENGINES = {
    "torch float32": ("torch", "float32"),
    "torch int8": ("torch", "int8"),
    "onnx float32": ("onnx", "float32"),
}
# Synthetic pages, and pieces of lines, that are enough for the ranges of activations.
CALIBRATION = {"detector": 8, "recogniser": 60}


@dataclass
class Figures:
    """What an engine took and read.

    Attributes:
        cpu_s: page -> CPU-seconds, of each reading; `networks_s` those of the networks alone.
    """

    cpu_s: dict[Path, list[float]] = field(default_factory=lambda: defaultdict(list))
    networks_s: dict[Path, list[float]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[Path, str] = field(default_factory=dict)


class Clocked:
    """A network that counts the CPU-seconds of its calls, beside those of its kind."""

    spent_s = 0.0

    def __init__(self, network: Any) -> None:
        self._network = network
        self.height = getattr(network, "height", None)
        self.charset = getattr(network, "charset", None)

    def __call__(self, *given: Any) -> Any:
        start = time.process_time()
        result = self._network(*given)
        Clocked.spent_s += time.process_time() - start
        return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--pages", type=int, help="only the first images of each folder")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--int8", type=Path, metavar="CACHE")
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    engines = {name: load(running.choose(how, "cpu", p)) for name, (how, p) in ENGINES.items()}
    if args.int8:
        engines["onnx int8"] = load(in_bytes(args.int8))
    files = [file for folder in args.folders for file in bench.list_images(folder)[: args.pages]]
    figures = {name: Figures() for name in engines}
    for engine in engines.values():
        list(bench.read(engine, files[0]))
    for turn in range(args.repeat):
        for file in files:
            # Who comes first finds the file unread and the caches in another state.
            for name in rotated(list(engines), turn):
                note(figures[name], engines[name], file)
    print("\n".join(table(figures, files)))


def load(how: Running) -> Engine:
    """The shipped engine with networks that are opened so, and clocked."""
    clocked = replace(
        how,
        open_detector=lambda file: Clocked(how.open_detector(file)),
        open_recogniser=lambda file: Clocked(how.open_recogniser(file)),
    )
    with patch.object(running, "choose", lambda *_: clocked):
        return ocr_core.load(device="cpu")


def rotated(names: list[str], by: int) -> list[str]:
    by %= len(names)
    return names[by:] + names[:by]


def note(figures: Figures, engine: Engine, file: Path) -> None:
    """Reads a page and writes down what that took."""
    start, before = time.process_time(), Clocked.spent_s
    text = "\n".join(page.text for page in bench.read(engine, file))
    figures.cpu_s[file].append(time.process_time() - start)
    figures.networks_s[file].append(Clocked.spent_s - before)
    figures.texts[file] = text


def table(figures: dict[str, Figures], files: list[Path]) -> Iterator[str]:
    """A line for each engine."""
    first, *_ = figures.values()
    yield "engine          CPU-s/page  ratio  networks  ratio     CER  pages that read the same"
    for name, own in figures.items():
        cpu, of_first = (sum(map(min, one.cpu_s.values())) for one in (own, first))
        nets, of_nets = (sum(map(min, one.networks_s.values())) for one in (own, first))
        counts = sum((errors(own, file) for file in files), TextCounts())
        same = sum(own.texts[file] == first.texts[file] for file in files)
        yield (
            f"{name:14} {cpu / len(files):11.3f} {cpu / of_first:6.3f} {nets / len(files):9.3f} "
            f"{nets / of_nets:6.3f} {counts.cer:7.4f}  {same} of {len(files)}"
        )


def errors(figures: Figures, file: Path) -> TextCounts:
    truth = file.with_suffix(".gt.txt")
    if not truth.exists():
        return TextCounts()
    return compare(figures.texts[file], truth.read_text(encoding="utf-8"))


def in_bytes(cache: Path) -> Running:
    """ONNX Runtime with models in bytes."""
    pictures = Pictures()

    def opened(kind: Callable[[Weights], Any], file: Weights) -> Any:
        network = kind(file)
        path = cache / f"{file.network}-{file.digest[:12]}.onnx"
        if not path.exists():
            cache.mkdir(parents=True, exist_ok=True)
            quantise(onnx_models.to_onnx(portable(file)), path, pictures.of(file.network))
        network._session = onnx_models.Session(path.read_bytes())
        return network

    onnx = running.choose("onnx", "cpu", "float32")
    return replace(
        onnx,
        open_detector=partial(opened, OnnxDetector),
        open_recogniser=partial(opened, OnnxRecogniser),
    )


def quantise(model: bytes, path: Path, pictures: Iterable[np.ndarray]) -> None:
    """Writes a model in bytes: per channel, weights of 7 bits so that AVX2 adds up without loss."""
    from onnxruntime import quantization
    from onnxruntime.quantization.shape_inference import quant_pre_process

    plain = path.with_suffix(".float32.onnx")
    plain.write_bytes(model)
    quant_pre_process(str(plain), str(plain), skip_symbolic_shape=True)
    given = iter(pictures)

    class Reader(quantization.CalibrationDataReader):
        def get_next(self) -> dict[str, np.ndarray] | None:
            return next(({INPUT: pixels} for pixels in given), None)

    quantization.quantize_static(
        str(plain),
        str(path),
        Reader(),
        per_channel=True,
        reduce_range=True,
        op_types_to_quantize=["Conv", "Add", "Relu"],
        activation_type=quantization.QuantType.QUInt8,
        weight_type=quantization.QuantType.QInt8,
    )


class Pictures:
    """Synthetic pages and lines, in typefaces and texts that no training saw."""

    def __init__(self) -> None:
        self._made: tuple[Any, Any] | None = None

    def of(self, network: str) -> Iterator[np.ndarray]:
        from ocr_core.synth.lines import LineMaker
        from ocr_core.synth.pages import PageMaker
        from ocr_core.training import held_out, ranges

        if self._made is None:
            parser = argparse.ArgumentParser()
            held_out.add_arguments(parser, "")
            self._made = held_out.faces_and_texts(parser.parse_args([]))
        inks = (
            ranges.page_pictures(PageMaker(*self._made))
            if network == "detector"
            else ranges.line_pictures(LineMaker(*self._made))
        )
        for ink in islice(inks, CALIBRATION[network]):
            yield (255 - (ink[:, 0] * 255).round()).numpy().astype(np.uint8)


if __name__ == "__main__":
    main()
