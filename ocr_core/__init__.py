"""What is done to a page. `ocr_page` and `load` are the whole of OCR in two names, without Beam."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ocr_core.engine import Engine
    from ocr_core.profiles import Profile
    from schemas import Page

__all__ = ["load", "ocr_page"]


def load(  # noqa: PLR0913 - each stands for a flag
    weights: Path | None = None,
    device: str = "auto",
    correct: bool | tuple[str, ...] = True,
    precision: str = "auto",
    quality: str | Profile = "standard",
    backend: str = "torch",
    restore: bool = False,
) -> Engine:
    """An engine that is ready to read.

    Args:
        weights: a folder with `detector.safetensors` and `recogniser.safetensors`, or one such
            file whose sibling is the shipped one; None takes both shipped ones. A recogniser of
            one's own reads alone, unless `recogniser-large.safetensors` is beside it in a folder.
        device: `auto`, `cpu` or `cuda`.
        correct: whether words are put right by lexicons; words of one's own are taken in.
        precision: `auto`, `float32`, `bfloat16` or `int8`; auto takes the fastest that the device
            and the weights allow.
        quality: `fast` or `standard`, or a profile of your own.
        backend: `torch` or `onnx`: ONNX Runtime on a CPU, in float32, of the extra `onnx`.
        restore: whether the least certain lines are restored and read again, by PyTorch.

    Raises:
        ConfigError: the device cannot be used, or not in this precision or by this backend, or
            that is not installed; there is no such quality; there is nothing to restore with.
        WeightsError: a weights file is missing, damaged or of another kind.
    """
    from functools import partial

    from ocr_core import devices, profiles, restorer_files, running
    from ocr_core import language_model as characters
    from ocr_core.correction import lexicons
    from ocr_core.engine import Engine, EngineOptions
    from ocr_core.engine_options import DEFAULTS
    from ocr_core.reading import LineReader
    from ocr_core.weights import find, find_larger, load_file

    profile = profiles.choose(quality) if isinstance(quality, str) else quality
    networks = running.choose(backend, device, precision)
    model = characters.load(characters.find(weights)) if profile.language_model else None
    detector, recogniser = find(weights)
    larger = find_larger(weights) if profile.rereads else None

    files = [load_file(path, "recogniser") for path in (recogniser, larger) if path]
    first, *second = map(networks.open_recogniser, files)
    reader = LineReader(first, model, files[0].calibration, *second)
    own = correct if isinstance(correct, tuple) else ()
    return Engine(
        networks.open_detector(load_file(detector, "detector")),
        reader,
        partial(lexicons.load, own=own) if correct else None,
        EngineOptions(
            long_side=profile.long_side,
            turns_pages=profile.turns_pages,
            max_tile_pixels=devices.batch_pixels(networks.device, DEFAULTS.max_tile_pixels),
            max_crop_pixels=devices.batch_pixels(networks.device, DEFAULTS.max_crop_pixels),
        ),
        restorer_files.open_for(reader, model, weights, networks.device) if restore else None,
    )


def ocr_page(image: NDArray[np.uint8], engine: Engine | None = None, dpi: int = 300) -> Page:
    """What is written on one page, which is cleaned and straightened where it needs it.

    Args:
        image: (H, W) grey or (H, W, 3) RGB, uint8.
        engine: from `load`; without one, the shipped one is loaded for this call.
        dpi: pixels per inch, for what is told in points.

    Raises:
        InputError: the page cannot be read.
    """
    from ocr_core.cleaning import steps
    from ocr_core.errors import InputError
    from ocr_core.images import to_grey
    from schemas import Failure, PageImage, PageRef

    page = steps.prepare_page(PageImage(PageRef("", "", 0), to_grey(image), dpi))
    (read,) = (engine or load()).read_pages([page])
    if isinstance(read, Failure):
        raise InputError(read.message, read.code)
    return read
