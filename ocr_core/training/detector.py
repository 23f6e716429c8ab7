"""The detector's data, batches, loss and figures."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import DataLoader, IterableDataset

from ocr_core import boxes, metrics, weights
from ocr_core.detector import Detector, DetectorConfig, DetectorMaps
from ocr_core.synth.degrade import contrast
from ocr_core.synth.pages import PageSource, SynthPage
from ocr_core.training.loop import Progress
from ocr_core.training.maps import TargetMaps, draw_targets
from ocr_core.training.ranges import measure_ranges, page_pictures
from ocr_core.training.seeds import rising_seeds
from schemas import Quad

STRIDE = 2  # page pixels for one map pixel


@dataclass(frozen=True, slots=True)
class CropSettings:
    """How pages become training crops.

    Attributes:
        side: of a crop, in pixels; a multiple of 32.
        a_page: crops that are cut from each page.
        batch: crops in a batch.
        pool: crops kept ready, among which a batch is mixed.
        zoom: range by which a page is resized before a crop is cut.
        workers: processes that make pages.
    """

    side: int = 512
    a_page: int = 6
    batch: int = 8
    pool: int = 240
    zoom: tuple[float, float] = (0.5, 1.25)
    workers: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class CropSample:
    """A crop of a page, (side, side) uint8, and its targets."""

    pixels: NDArray[np.uint8]
    targets: TargetMaps


class DetectorTask:
    """Teaches a `Detector` to find the lines of synthetic pages."""

    name = "detector"

    def __init__(
        self,
        config: DetectorConfig,
        maker: PageSource,
        held_out: PageSource,
        settings: CropSettings | None = None,
    ) -> None:
        self.network = Detector(config)
        self._config = config
        self._maker = maker
        self._held_out = held_out
        self._settings = settings or CropSettings()

    def batches(
        self, first_seed: int, progress: Progress
    ) -> Iterator[tuple[list[CropSample], int]]:
        settings = self._settings
        loader = DataLoader(
            _CropStream(self._maker, first_seed, settings),
            batch_size=None,
            num_workers=settings.workers,
            prefetch_factor=12 if settings.workers else None,
        )
        pool: list[CropSample] = []
        chooser = random.Random(first_seed)
        for seed, samples in loader:
            pool += samples
            while len(pool) >= settings.pool or (progress.step < 30 and len(pool) > 48):
                chooser.shuffle(pool)
                yield [pool.pop() for _ in range(settings.batch)], seed + 1

    def loss(self, network: Detector, batch: list[CropSample]) -> tuple[Tensor, int]:
        device = next(network.parameters()).device
        pixels = _ink([sample.pixels for sample in batch])
        pixels = pixels.to(device, memory_format=torch.channels_last)
        maps = network.train_maps(pixels)
        return detector_loss(maps, _stack([s.targets for s in batch], device)), len(batch)

    @torch.inference_mode()
    def evaluate(self, network: Detector) -> dict[str, float]:
        counts = metrics.DetectionCounts()
        for seed in range(24):
            page = self._held_out.make(seed)
            counts += metrics.compare_quads(_find(network, page), _wanted(page))
        shares = {
            "hmean": counts.hmean,
            "precision": counts.precision,
            "recall": counts.recall,
            "split": counts.split / max(counts.truths, 1),
            "merged": counts.merged / max(counts.truths, 1),
        }
        return {name: round(value, 4) for name, value in shares.items()}

    def export(self, network: Detector, path: Path, provenance: Mapping[str, Any]) -> None:
        weights.save(path, self.name, asdict(self._config), network.state_dict(), provenance)
        weights.add_ranges(path, measure_ranges(network, page_pictures(self._held_out)))


def detector_loss(maps: DetectorMaps, targets: Mapping[str, Tensor]) -> Tensor:
    """Focal and Dice loss of the probability, Dice of the binary map, L1 of the threshold.

    Weights 5, 1 and 10 as in DBNet; focal loss instead of hard negative mining.

    Shapes: all (N, 1, h, w)
    """
    kernel, weight = targets["kernel"], targets["weight"]
    raw = F.binary_cross_entropy_with_logits(maps.logits, kernel, reduction="none")
    right = torch.exp(-raw)  # the probability given to what is true
    focal = ((1 - right) ** 2 * raw * weight).sum() / weight.sum().clamp(min=1)
    shape = _dice(maps.logits.sigmoid(), kernel, weight)
    binary = _dice(maps.binary, kernel, weight)
    border = targets["border"]
    apart = (maps.threshold - targets["threshold"]).abs() * border
    threshold = apart.sum() / border.sum().clamp(min=1)
    return 5 * (shape + 4 * focal) + binary + 10 * threshold


def _dice(probability: Tensor, kernel: Tensor, weight: Tensor) -> Tensor:
    """1 - Dice coefficient (arXiv:1606.04797) over the whole batch."""
    both = (probability * kernel * weight).sum()
    either = (probability * weight).sum() + (kernel * weight).sum()
    return 1 - (2 * both + 1) / (either + 1)


class _CropStream(IterableDataset[tuple[int, list[CropSample]]]):
    """Crops of pages by rising seed, shared out over the workers."""

    def __init__(self, maker: PageSource, first_seed: int, settings: CropSettings) -> None:
        self._maker = maker
        self._first = first_seed
        self._settings = settings

    def __iter__(self) -> Iterator[tuple[int, list[CropSample]]]:
        for seed in rising_seeds(self._first, self._settings.workers):
            yield seed, list(cut_crops(self._maker.make(seed), self._settings, seed))


def cut_crops(page: SynthPage, settings: CropSettings, seed: int) -> Iterator[CropSample]:
    """Random crops of a page at one random zoom, with their targets."""
    rng = np.random.default_rng((seed, 1))
    zoom = float(np.exp(rng.uniform(*np.log(settings.zoom))))
    pixels, quads, ignored = _resized(page, zoom)
    side = settings.side
    height, width = pixels.shape
    room = (max(side - height, 0), max(side - width, 0))
    pixels = np.pad(pixels, ((0, room[0]), (0, room[1])), constant_values=255)
    for _ in range(settings.a_page):
        y = int(rng.integers(pixels.shape[0] - side + 1))
        x = int(rng.integers(pixels.shape[1] - side + 1))
        targets = draw_targets(
            list(_moved(quads, x, y, side)),
            list(_moved(ignored, x, y, side)),
            (side // STRIDE,) * 2,
        )
        crop = pixels[y : y + side, x : x + side]
        if rng.random() < 0.04:
            crop = 255 - crop
        yield CropSample(np.ascontiguousarray(crop), targets)


def _resized(page: SynthPage, zoom: float) -> tuple[NDArray[np.uint8], list[Quad], list[Quad]]:
    """The page at a zoom; lines too small or too faint there join what is ignored."""
    height, width = page.pixels.shape
    size = (max(1, round(width * zoom)), max(1, round(height * zoom)))
    kind = cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR
    pixels = np.asarray(cv2.resize(page.pixels, size, interpolation=kind), dtype=np.uint8)
    quads = [Quad.from_corners(line.quad.corners * zoom) for line in page.page.lines]
    seen = [quad.height >= 5 and _is_inked(pixels, quad) for quad in quads]
    ignored = [Quad.from_corners(quad.corners * zoom) for quad in page.ignored]
    ignored += [quad for quad, is_seen in zip(quads, seen, strict=True) if not is_seen]
    return pixels, [quad for quad, is_seen in zip(quads, seen, strict=True) if is_seen], ignored


def _is_inked(pixels: NDArray[np.uint8], quad: Quad) -> bool:
    """Whether wear has left anything of a line."""
    box = quad.box
    top, left = max(int(box.top), 0), max(int(box.left), 0)
    part = pixels[top : int(box.bottom) + 1 : 2, left : int(box.right) + 1 : 2]
    if part.size < 4:
        return False
    return contrast(part, 0.03) > 16


def _moved(quads: Sequence[Quad], x: int, y: int, side: int) -> Iterator[Quad]:
    """Those that reach into a crop, in map pixels of the crop."""
    for quad in quads:
        box = quad.box
        if box.right > x and box.left < x + side and box.bottom > y and box.top < y + side:
            yield Quad.from_corners((quad.corners - (x, y)) / STRIDE)


def _ink(pixels: Sequence[NDArray[np.uint8]]) -> Tensor:
    """(N, 1, H, W) float32, 0 paper to 1 ink."""
    return 1 - torch.from_numpy(np.stack(pixels))[:, None].float() / 255


def _stack(targets: Sequence[TargetMaps], device: torch.device) -> dict[str, Tensor]:
    return {
        name: torch.from_numpy(np.stack([getattr(one, name) for one in targets]))[:, None]
        .float()
        .to(device)
        for name in ("kernel", "weight", "threshold", "border")
    }


def _find(network: Detector, page: SynthPage) -> list[Quad]:
    """The lines that a network finds on a whole page, in page pixels."""
    height, width = page.pixels.shape
    room = ((0, -height % 32), (0, -width % 32))
    pixels = _ink([np.pad(page.pixels, room, constant_values=255)])
    device = next(network.parameters()).device
    probability = network(pixels.to(device))[0, 0].float().cpu().numpy()
    return [found.quad for found in boxes.map_to_detections(probability, STRIDE)]


def _wanted(page: SynthPage) -> list[Quad]:
    return [line.quad for line in page.page.lines]
