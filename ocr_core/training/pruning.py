"""`beam-ocr prune`: a smaller recogniser that reads nearly as well, for a training to go on from.

Of the convolutions' channels those are left out that matter least (see `narrowing`). Of the LSTM's
units those are left out whose outputs the scores depend on least, in each direction as many: what
they gave on average goes into the biases of those that stay, and the scores are fitted anew to what
they were, by least squares. The features that the LSTM is given go in the same way. A training of
an hour or two, with the larger recogniser as its teacher, brings back what is lost.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import torch
from torch import Tensor

from ocr_core import weights
from ocr_core.backends import rebuild
from ocr_core.errors import ConfigError
from ocr_core.recogniser import Recogniser
from ocr_core.synth.lines import LineMaker
from ocr_core.training import held_out
from ocr_core.training.narrowing import narrow
from ocr_core.training.ranges import line_pictures

# Of a unit's say: what it tells the other units counts half of what it tells the scores.
_AROUND = 0.5
# Keeps the least squares solvable where units say the same.
_RIDGE = 1e-3
# Convolutions see many places in each picture, and need fewer of these: every third.
SKIPPED = 3
_DIRECTIONS = ("", "_reverse")
_KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `beam-ocr prune`."""
    held_out.add_arguments(parser, "a recogniser's weights file (default: the shipped one)")
    parser.add_argument(
        "--hidden", type=int, metavar="N", help="units of the LSTM to keep in each direction"
    )
    parser.add_argument(
        "--channels", type=int, nargs="+", metavar="N",
        help="channels of the convolutions to keep, stage by stage",
    )  # fmt: skip
    parser.add_argument(
        "--row", type=int, metavar="N", help="features of each step to keep, which the LSTM reads"
    )
    parser.add_argument("--to", type=Path, required=True, metavar="FILE", help="file to write")


def main(args: argparse.Namespace) -> int:
    """Writes the smaller recogniser, which has to be trained on; 0 when that is done.

    Raises:
        ConfigError: it has fewer units or channels than are to be kept.
        WeightsError: the file is missing, damaged, or no recogniser's.
    """
    torch.set_num_threads(1)
    given = weights.load_file(args.weights or weights.find()[1], "recogniser")
    network = rebuild(given)
    if not isinstance(network, Recogniser):
        raise TypeError(f"no recogniser: {type(network)}")
    unseen, source = held_out.faces_and_texts(args)
    pictures = list(line_pictures(LineMaker(unseen, source)))
    smaller = network
    if args.channels:
        smaller = narrow(smaller, pictures[::SKIPPED], args.channels)
    if args.row:
        smaller = prune_row(smaller, pictures, args.row)
    if args.hidden:
        smaller = prune(smaller, pictures, args.hidden)
    config = smaller.config
    shape = {"channels": config.channels, "row": config.row, "hidden": config.hidden}
    origin = {"pruned_to": shape, "from": dict(given.provenance)}
    weights.save(args.to, "recogniser", asdict(config), smaller.state_dict(), origin)
    print(f"{args.to}: now go on with beam-ocr train recogniser --start-from {args.to}")
    return 0


@torch.inference_mode()
def prune(network: Recogniser, pictures: Sequence[Tensor], hidden: int) -> Recogniser:
    """A recogniser that scores pictures like another, with fewer units in each direction.

    Shapes:
        pictures: each (1, 1, H, W) float32, 0 paper to 1 ink, W a multiple of 4

    Raises:
        ConfigError: the network has no more units, or an LSTM of several layers.
    """
    before = network.config
    if before.layers > 1 or not 0 < hidden < before.hidden:
        raise ConfigError(
            f"--hidden {hidden}: there are {before.layers} × {before.hidden} units to choose from"
        )
    outputs = torch.cat([network.sequence(network.look(one))[0][0] for one in pictures])
    kept = _most_telling(network, outputs, hidden)
    tensors = {name: value.clone() for name, value in network.state_dict().items()}
    for suffix, units, own in zip(_DIRECTIONS, kept, outputs.chunk(2, dim=1), strict=True):
        tensors |= _with_units(tensors, suffix, units, own.mean(dim=0))
    chosen = torch.cat([kept[0], kept[1] + before.hidden])
    tensors |= _fitted_head(outputs[:, chosen], network.head(outputs))
    smaller = Recogniser(replace(before, hidden=hidden)).eval()
    smaller.load_state_dict(tensors)
    return smaller


@torch.inference_mode()
def prune_row(network: Recogniser, pictures: Sequence[Tensor], row: int) -> Recogniser:
    """A recogniser whose LSTM is given fewer features, and makes of them what it did of all.

    Shapes:
        pictures: as for `prune`

    Raises:
        ConfigError: the network has no more features, or an LSTM of several layers.
    """
    before = network.config
    if before.layers > 1 or not 0 < row < before.row:
        raise ConfigError(f"--row {row}: there are {before.row} features to choose from")
    features = torch.cat([network.look(one)[0] for one in pictures])
    to_gates: list[Tensor] = [
        network.sequence.get_parameter(f"weight_ih_l0{suffix}") for suffix in _DIRECTIONS
    ]
    used = torch.cat(to_gates).norm(dim=0)
    kept = (features.std(dim=0) * used).topk(row).indices.sort().values
    tensors = {name: value.clone() for name, value in network.state_dict().items()}
    for suffix, weight in zip(_DIRECTIONS, to_gates, strict=True):
        fitted, shift = _fitted(features[:, kept], features @ weight.T)
        tensors[f"sequence.weight_ih_l0{suffix}"] = fitted
        tensors[f"sequence.bias_ih_l0{suffix}"] += shift
    collapse = {name: value for name, value in tensors.items() if name.startswith("collapse")}
    tensors |= {name: value[kept] for name, value in collapse.items() if value.ndim}
    smaller = Recogniser(replace(before, row=row)).eval()
    smaller.load_state_dict(tensors)
    return smaller


def _most_telling(network: Recogniser, outputs: Tensor, hidden: int) -> list[Tensor]:
    """The units of each direction on which most depends, in order."""
    spread = outputs.std(dim=0)
    says = network.head.weight.norm(dim=0)
    around = torch.cat(
        [network.sequence.get_parameter(f"weight_hh_l0{s}").norm(dim=0) for s in _DIRECTIONS]
    )
    telling = spread * (says + _AROUND * around)
    return [own.topk(hidden).indices.sort().values for own in telling.chunk(2)]


def _with_units(
    tensors: dict[str, Tensor], suffix: str, units: Tensor, usual: Tensor
) -> dict[str, Tensor]:
    """The tensors of one direction with some units alone; `usual` is what each gives on average."""
    names = [f"sequence.{kind}_l0{suffix}" for kind in _KINDS]
    to_gates, around, bias, bias_around = (tensors[name] for name in names)
    count = len(usual)
    rows = torch.cat([units + gate * count for gate in range(4)])
    lost = torch.ones(count, dtype=torch.bool)
    lost[units] = False
    left_over = around[rows][:, lost] @ usual[lost]
    kept = (to_gates[rows], around[rows][:, units], bias[rows] + left_over, bias_around[rows])
    return dict(zip(names, kept, strict=True))


def _fitted_head(outputs: Tensor, scores: Tensor) -> dict[str, Tensor]:
    """The head that comes closest to some scores."""
    weight, bias = _fitted(outputs, scores)
    return {"head.weight": weight, "head.bias": bias}


def _fitted(given: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
    """Weight and bias of the linear layer that comes closest: (N, D) given, (N, E) wanted."""
    inputs = torch.cat([given, torch.ones(len(given), 1)], dim=1).double()
    square = inputs.T @ inputs + _RIDGE * torch.eye(inputs.shape[1], dtype=torch.float64)
    solution = torch.linalg.solve(square, inputs.T @ wanted.double()).float()
    return solution[:-1].T.contiguous(), solution[-1]
