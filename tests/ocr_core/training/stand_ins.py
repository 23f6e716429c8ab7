"""Trainings that a test can follow: a clock, tasks, and makers of always the same."""

import torch
from torch import nn

from ocr_core import weights


class Clock:
    """Every look at it takes a second, so a step does; sleeps of the machine can be added."""

    def __init__(self):
        self.now = 0.0
        self.looks = 0
        self.asleep = {}

    def perf_counter(self):
        self.looks += 1
        self.now += 1 + self.asleep.get(self.looks, 0)
        return self.now

    def time(self):
        return self.now


class Slope:
    """Learns y = 3 x - 1 from batches that their seed alone decides."""

    name = "slope"

    def __init__(self):
        torch.manual_seed(0)
        self.network = nn.Linear(1, 1)
        self.seeds = []
        self.shares = []

    def batches(self, first_seed, progress):
        seed = first_seed
        while True:
            self.seeds.append(seed)
            self.shares.append(progress.share)
            draw = torch.Generator().manual_seed(seed)
            yield torch.randn(16, 1, generator=draw), seed + 1
            seed += 1

    def loss(self, network, batch):
        return (network(batch).float() - (3 * batch - 1)).square().mean(), len(batch)

    def evaluate(self, network):
        points = torch.linspace(-1, 1, 9)[:, None]
        with torch.inference_mode():
            return {"error": float(Slope.loss(self, network, points)[0])}

    def export(self, network, path, provenance):
        weights.save(path, self.name, {}, network.state_dict(), provenance)


class Standstill(Slope):
    """Has nothing to learn: every gradient is nought."""

    def loss(self, network, batch):
        return network(batch).sum() * 0, len(batch)


class Trap(Slope):
    """Every third batch is poison."""

    def loss(self, network, batch):
        value, n = super().loss(network, batch)
        return (value * float("nan") if len(self.seeds) % 3 == 0 else value), n


class SameLines:
    """Makes the same lines for every seed, and remembers how strongly they were to be worn."""

    def __init__(self, samples):
        self.samples = samples
        self.asked = []

    def make(self, seed, strength=1.0):
        self.asked.append((seed, strength))
        return list(self.samples)


class OnePage:
    """Makes the same page for every seed."""

    def __init__(self, page):
        self.page = page
        self.asked = []

    def make(self, seed):
        self.asked.append(seed)
        return self.page


class LineStore:
    """Makes the same lines for every seed.

    Attributes:
        asked: the seeds and strengths it was asked for.
    """

    def __init__(self, *lines):
        self.lines = list(lines)
        self.asked = []

    def make(self, seed, strength=1.0):
        self.asked.append((seed, strength))
        return self.lines


class PageStore:
    """Makes the same page for every seed."""

    def __init__(self, page):
        self.page = page

    def make(self, seed):
        return self.page
