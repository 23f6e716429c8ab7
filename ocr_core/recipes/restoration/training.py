"""What a restorer learns from, what it minimises, and how it is judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from rapidfuzz.distance import Levenshtein
from torch import Tensor

from ocr_core import weights
from ocr_core.charset import Charset
from ocr_core.ctc import decode_best_path
from ocr_core.recipes.restoration.pairs import WornLine
from ocr_core.recipes.restoration.pictures import draw_rows
from ocr_core.recipes.restoration.settings import RestorationSettings
from ocr_core.recogniser import Recogniser
from ocr_core.restoration.network import RestorerNetwork
from ocr_core.restoration.restorer import NAME, Pixels, Restorer
from ocr_core.restoration.schedules import make_schedule
from ocr_core.synth.lines import LineSample, LineSource
from ocr_core.training.loop import Progress
from ocr_core.training.recogniser import LineBatch, collate, ctc_losses, is_learnable, weights_of

_SHOWN = 12  # held-out lines in the picture beside the weights


@dataclass(frozen=True, slots=True, eq=False)
class PairBatch:
    """Lines of similar width, padded on the right with paper.

    Attributes:
        lines: the worn crops, and what they say.
        clean: (N, 1, H, W) float32, 0 paper to 1 ink.
    """

    lines: LineBatch
    clean: Tensor


class RestorerTask:
    """Teaches a `RestorerNetwork` for `ocr_core.training.loop.Loop`.

    Args:
        guide: a trained recogniser, which tells what is legible; it is used as it is.
        maker, held_out: make `WornLine`s, to learn from and to judge by.
    """

    name = NAME

    def __init__(
        self,
        guide: Recogniser,
        maker: LineSource,
        held_out: LineSource,
        settings: RestorationSettings,
    ) -> None:
        self.network = RestorerNetwork(settings.network)
        self._settings = settings
        self._schedule = make_schedule(settings.network.schedule, settings.network.steps)
        self._guide = frozen(guide)
        self._charset = Charset(guide.config.charset)
        self._maker = maker
        self._held_out = held_out

    def batches(self, first_seed: int, progress: Progress) -> Iterator[tuple[PairBatch, int]]:
        pool: list[WornLine] = []
        seed = first_seed
        while True:
            while len(pool) < self._settings.pool:
                pool += learnable(self._maker.make(seed))
                seed += 1
            chosen, pool = _pick(pool, self._settings.columns, np.random.default_rng(seed))
            yield self.collate(chosen), seed

    def loss(self, network: RestorerNetwork, batch: PairBatch) -> tuple[Tensor, int]:
        device = next(network.parameters()).device
        worn, clean = batch.lines.crops.to(device), batch.clean.to(device)
        residual = clean - worn
        times = torch.randint(1, self._schedule.steps + 1, (len(worn),), device=device)
        noisy = self._schedule.add_noise(residual, torch.randn_like(residual), times)
        guess = network(worn, noisy, times)
        loss = (guess - residual).abs().mean()
        if self._settings.guidance:
            guide = self._guide.to(device)
            read = guide((worn + guess).clamp(0, 1))
            legible = (ctc_losses(read, batch.lines) / weights_of(batch.lines).to(device)).mean()
            loss = loss + self._settings.guidance * legible
        return loss, len(worn)

    @torch.no_grad()
    def evaluate(self, network: RestorerNetwork) -> dict[str, float]:
        """CER of held-out lines as they are, restored and clean, and mean differences of pixels."""
        lines = self._held_out_lines()
        worn = [line.pixels for line in lines]
        clean = [line.clean for line in lines]
        restored = self._restorer(network).restore(worn)
        cer = {
            name: self._cer(crops, [line.text for line in lines])
            for name, crops in (("restored", restored), ("raw", worn), ("clean", clean))
        }
        return {
            "cer": cer["restored"],
            "cer_raw": cer["raw"],
            "cer_clean": cer["clean"],
            "difference": round(_difference(restored, clean), 4),
            "difference_raw": round(_difference(worn, clean), 4),
        }

    def export(self, network: RestorerNetwork, path: Path, provenance: Mapping[str, Any]) -> None:
        """Writes the weights, and beside them held-out lines worn, restored and clean."""
        about = {**provenance, "recipe": asdict(self._settings)}
        weights.save(path, NAME, asdict(network.config), network.state_dict(), about)
        lines = self._held_out_lines()
        lines = lines[:: max(len(lines) // _SHOWN, 1)][:_SHOWN]
        worn = [line.pixels for line in lines]
        rows = zip(
            worn, self._restorer(network).restore(worn), [one.clean for one in lines], strict=True
        )
        cv2.imwrite(str(path.with_suffix(".png")), draw_rows(list(rows)))

    def collate(self, lines: Sequence[WornLine]) -> PairBatch:
        """Lines as one batch."""
        height = self._settings.network.height
        clean = [LineSample(line.clean, line.text) for line in lines]
        return PairBatch(
            collate(lines, self._charset, height), collate(clean, self._charset, height).crops
        )

    def _restorer(self, network: RestorerNetwork) -> Restorer:
        return Restorer(network, next(network.parameters()).device)

    def _held_out_lines(self) -> list[WornLine]:
        blocks = range(self._settings.held_out_blocks)
        return [line for seed in blocks for line in learnable(self._held_out.make(seed))]

    def _cer(self, crops: Sequence[Pixels], texts: Sequence[str]) -> float:
        """The share of characters that the guide reads wrong."""
        device = next(self._guide.parameters()).device
        edits = 0
        for crop, text in zip(crops, texts, strict=True):
            batch = collate([LineSample(crop, text)], self._charset, len(crop))
            [path] = self._guide(batch.crops.to(device)).float().cpu().numpy()
            read = decode_best_path(path[: int(batch.steps[0])], self._charset).text
            edits += Levenshtein.distance(read, text)
        return round(edits / max(sum(map(len, texts)), 1), 5)


def frozen(guide: Recogniser) -> Recogniser:
    """A recogniser through which gradients flow, and which they do not change."""
    guide = guide.eval().requires_grad_(False)
    guide.sequence.train()  # cuDNN has no gradients of LSTMs in evaluation; without dropout no odds
    return guide


def learnable(samples: Sequence[LineSample]) -> list[WornLine]:
    """Those that are pairs, hold text, and are not past reading."""
    return [one for one in samples if isinstance(one, WornLine) and one.text and is_learnable(one)]


def _pick(
    pool: list[WornLine], columns: int, rng: np.random.Generator
) -> tuple[list[WornLine], list[WornLine]]:
    """Lines of similar width for a batch, and what is left."""
    pool = sorted(pool, key=lambda line: line.pixels.shape[1])
    start = int(rng.integers(len(pool)))
    end = start + 1
    while end < len(pool) and (end - start + 1) * pool[end].pixels.shape[1] <= columns:
        end += 1
    return pool[start:end], pool[:start] + pool[end:]


def _difference(crops: Sequence[Pixels], others: Sequence[Pixels]) -> float:
    """The mean difference of pixels, 0 to 1."""
    pairs = zip(crops, others, strict=True)
    total = sum(float(cv2.absdiff(one, other).sum(dtype=np.int64)) for one, other in pairs)
    return total / (255 * max(sum(crop.size for crop in crops), 1))
