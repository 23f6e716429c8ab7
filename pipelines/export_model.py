"""`beam-ocr export-model`: the networks as ONNX or TorchScript, for other programs.

Number and size of the pictures that they take are left open. Each file states its charset, the
height of lines, the stride and the weights that it was made of, and is only written when it says
what those weights say. `ocr_core/interchange/README.md` reads a line with one, without our code.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ocr_core import weights as weights_files
from ocr_core.errors import ConfigError, WeightsError

FORMATS = ("onnx", "torchscript")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `beam-ocr export-model`."""
    parser.epilog = (__doc__ or "").partition("\n\n")[2]
    parser.add_argument(
        "--format",
        choices=FORMATS,
        required=True,
        help="onnx needs the extra of that name: pip install 'beam-ocr[onnx]'",
    )
    parser.add_argument(
        "--to", type=Path, required=True, metavar="DIR", help="where the files are written"
    )
    parser.add_argument(
        "--weights",
        type=Path,
        metavar="PATH",
        help="a weights file of your own, or a folder of them, instead of the shipped ones",
    )


def main(args: argparse.Namespace) -> int:
    """Writes a file for each network; returns the exit code.

    Raises:
        ConfigError: the packages that the format needs are not installed, or `--to` is no folder.
        WeightsError: weights are missing or damaged, or a file would say something else than they.
    """
    import torch  # which help does without

    from ocr_core.interchange import writing

    if args.to.exists() and not args.to.is_dir():
        raise ConfigError(f"--to is a folder, and {args.to} is none")
    torch.set_num_threads(1)
    form = writing.FORMATS[args.format]
    check_all(list_weights(args.weights))
    for path in list_weights(args.weights):
        file = weights_files.load_file(path, weights_files.network_of(path))
        written = args.to / f"{path.stem}{form.suffix}"
        difference = writing.write(file, written, form)
        print(f"{written}: logits within {difference:.1g} of those of {path.name}")
    return 0


def check_all(paths: list[Path]) -> None:
    """Refuses what is no detector and no recogniser, before anything is written.

    Raises:
        WeightsError: one of the files is missing, damaged, or of another network.
    """
    for path in paths:
        network = weights_files.network_of(path)
        if network not in ("detector", "recogniser"):
            raise WeightsError(
                f"{path} is of `{network}`: only detectors and recognisers are exported"
            )


def list_weights(given: Path | None) -> list[Path]:
    """The weights files of all networks of a folder, or one file.

    Args:
        given: see `ocr_core.weights.find`.
    """
    if given is not None and not given.is_dir():
        return [given]
    larger = weights_files.find_larger(given)
    return [*weights_files.find(given), *([larger] if larger else [])]
