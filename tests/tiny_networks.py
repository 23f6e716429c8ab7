"""Untrained networks that are small, and yet say different things about different pictures."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import torch
from torch import nn

from ocr_core import weights
from ocr_core.detector import Detector, DetectorConfig
from ocr_core.recogniser import Recogniser, RecogniserConfig

DETECTOR = DetectorConfig(channels=(4, 4, 8, 8, 8), depths=(1, 1, 2, 1, 1), pyramid=8)
RECOGNISER = RecogniserConfig("ab ", 16, (4, 4, 8, 8, 8), (1, 1, 2, 1, 1), row=8, hidden=6)


def network_of(config: DetectorConfig | RecogniserConfig, seed: int = 0) -> nn.Module:
    """A network as after a training, for evaluation."""
    torch.manual_seed(seed)
    network = Detector(config) if isinstance(config, DetectorConfig) else Recogniser(config)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, std=0.3)
            nn.init.uniform_(module.running_var, 0.05, 0.5)
            nn.init.uniform_(module.weight, 0.5, 2)
            nn.init.normal_(module.bias, std=0.3)
        elif isinstance(module, nn.LSTM | nn.Linear):
            for values in module.parameters():
                nn.init.normal_(values)
    return network.eval()


def save(folder: Path, network: nn.Module) -> Path:
    """Writes the weights file of a network into a folder."""
    name = "detector" if isinstance(network, Detector) else "recogniser"
    path = folder / f"{name}.safetensors"
    weights.save(path, name, asdict(network.config), network.state_dict(), {})
    return path
