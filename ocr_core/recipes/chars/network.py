"""The networks: one branch of convolutions for each picture of a character."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ocr_core.recipes.chars.settings import CharsConfig

SIDE = 28


class CharacterNetwork(nn.Module):
    """Colours, and their binary picture where the config wants it, to scores of classes.

    With both inputs and the default widths it has 1,961,278 parameters; 4,608 features are joined.
    What goes into a ReLU is normalised over the batch, without parameters: left as it was, 98 % of
    the first dense layer was silent for every picture after 64,000 of them, and learnt no more.

    Shapes:
        colours: (N, 3, 28, 28) float32, of zero mean and unit deviation in each picture
        binary:  (N, 1, 28, 28) float32, 1 the character's ink, 0 what is around it
        returns: (N, C) float32, logits
    """

    def __init__(self, config: CharsConfig) -> None:
        super().__init__()
        self.config = config
        self.colour_branch = _branch(3, config.channels)
        self.binary_branch = _branch(1, config.channels) if config.inputs == "both" else None
        features = config.channels[-1] * (SIDE // 8) ** 2
        if self.binary_branch is not None:
            features *= 2
        first, second = config.dense
        self.head = nn.Sequential(
            nn.Linear(features, first),
            nn.BatchNorm1d(first, affine=False),
            nn.ReLU(),
            nn.Dropout(config.dropout),
            nn.Linear(first, second),
            nn.BatchNorm1d(second, affine=False),
            nn.ReLU(),
            nn.Dropout(config.dropout),
            nn.Linear(second, len(config.classes)),
        )
        self.apply(_begin)

    def forward(self, colours: Tensor, binary: Tensor) -> Tensor:
        """Scores of the classes; a network of colours only does not look at `binary`."""
        features = self.colour_branch(colours)
        if self.binary_branch is not None:
            features = torch.cat([features, self.binary_branch(binary)], dim=1)
        scores: Tensor = self.head(features)
        return scores


def _branch(channels_in: int, channels: tuple[int, int, int]) -> nn.Sequential:
    """Three times a convolution and a pooling: 28 pixels to 14, 7 and 3."""
    layers: list[nn.Module] = []
    for channels_out in channels:
        layers += [nn.Conv2d(channels_in, channels_out, 3, padding=1)]
        # The same as a ReLU before the pooling, on a quarter of the values.
        layers += [nn.BatchNorm2d(channels_out, affine=False), nn.MaxPool2d(2), nn.ReLU()]
        channels_in = channels_out
    return nn.Sequential(*layers, nn.Flatten())


def _begin(module: nn.Module) -> None:
    """He's initialisation (arXiv:1502.01852)."""
    if isinstance(module, nn.Conv2d | nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
