"""`beam-ocr average`: the mean of two weights files, one of which a training began with.

What a network learns anew costs some of what it knew; between the two lies a network that knows
more of both, at no cost when it reads (arXiv:2109.01903).
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from ocr_core import weights
from ocr_core.errors import WeightsError
from ocr_core.weights import Weights


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `beam-ocr average`."""
    parser.add_argument("first", type=Path, metavar="FILE", help="what a training began with")
    parser.add_argument("second", type=Path, metavar="FILE", help="what came of it")
    parser.add_argument("--to", type=Path, required=True, metavar="FILE", help="file to write")
    parser.add_argument(
        "--share", type=float, default=0.5, help="of the second file, 0 to 1 (default: 0.5)"
    )


def main(args: argparse.Namespace) -> int:
    """Writes the mean, which has to be quantised and calibrated anew; 0 when that is done.

    Raises:
        WeightsError: a file is missing, damaged, or of another kind or shape than the other.
    """
    network = weights.network_of(args.first)
    first, second = (weights.load_file(path, network) for path in (args.first, args.second))
    averaged = average(first, second, args.share)
    weights.save(args.to, network, averaged.config, averaged.tensors, averaged.provenance)
    print(f"{args.to}: now run beam-ocr quantise, and beam-ocr calibrate on a recogniser")
    return 0


def average(first: Weights, second: Weights, share: float = 0.5) -> Weights:
    """Weights that lie between two others, without their ranges and calibration.

    Args:
        share: of the second, 0 to 1.

    Raises:
        WeightsError: they are not of one shape.
    """
    if first.config != second.config:
        raise WeightsError("the two files hold networks of different configurations")
    tensors = between(first.tensors, second.tensors, share)
    origins = [_finite(one.provenance) for one in (first, second)]
    return Weights(
        first.network, first.config, tensors, {"mean_of": origins, "share": share}, digest=""
    )


def between(
    first: Mapping[str, Tensor], second: Mapping[str, Tensor], share: float
) -> dict[str, Tensor]:
    """Weights that lie between two others of the same names and shapes; counts are the first's."""
    return {
        name: tensor.lerp(second[name], share) if tensor.is_floating_point() else tensor
        for name, tensor in first.items()
    }


def _finite(value: Any) -> Any:
    """What JSON can hold of a provenance: earlier files have an infinity in theirs."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
