"""The steps of cleaning by name, and which of them a page is read better after."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ocr_core import images
from ocr_core.cleaning import backgrounds, binarising, borders, noise, perspective, sharpness
from ocr_core.cleaning.looks import Look, look_at
from ocr_core.errors import ConfigError
from schemas import PageImage

Pixels = NDArray[np.uint8]

# In the order in which they are taken.
STEPS: Mapping[str, Callable[[Pixels], Pixels]] = MappingProxyType(
    {
        "borders": borders.whiten,
        "despeckle": noise.despeckle,
        "denoise": noise.denoise,
        "background": backgrounds.flatten,
        "contrast": backgrounds.stretch,
        "sharpen": sharpness.sharpen,
        "otsu": binarising.otsu,
        "sauvola": binarising.sauvola,
    }
)
AUTO = "auto"
# The one step that moves pixels: it is taken first, and what is read is put back.
PERSPECTIVE = "perspective"
NAMES = (PERSPECTIVE, *STEPS)

# From where on `auto` takes a step; see README.md beside this file for what that is worth. Pages
# that look better than this are read as well without.
UNEVEN, FADED, GRAINY, SPECKLED, BLURRED, SHOWING = 0.3, 0.2, 28.0, 0.035, 3.0, 0.3
# Edges of this width and more are none: the steps of shadows and of dark frames.
NO_EDGE = 10.0


def parse(text: str) -> tuple[str, ...]:
    """The steps that a user names: `auto`, `none`, or some of `STEPS` such as `borders,sharpen`.

    Returns them in the order in which they are taken; `auto` stands by itself.

    Raises:
        ConfigError: there is no such step.

    >>> parse("sharpen, borders")
    ('borders', 'sharpen')
    """
    names = {name.strip() for name in text.split(",")}
    if names == {"none"}:
        return ()
    if names == {AUTO}:
        return (AUTO,)
    unknown = sorted(names - set(NAMES))
    if unknown:
        raise ConfigError(
            f"--clean is auto, none, or some of {', '.join(NAMES)} with commas between them, "
            f"not {unknown[0]!r}"
        )
    return tuple(name for name in NAMES if name in names)


def prepare_page(page: PageImage, steps: Sequence[str] = (AUTO,)) -> PageImage:
    """The page as it is read: dark on light, and cleaned.

    Args:
        steps: as `parse` gives them.
    """
    page = images.prepare(page)
    started = time.perf_counter()
    if AUTO in steps or PERSPECTIVE in steps:
        page = perspective.straighten_page(page)
    pixels = clean(page.pixels, steps)
    took = page.seconds["prepare"] + time.perf_counter() - started
    return replace(page, pixels=pixels, seconds={**page.seconds, "prepare": took})


def clean(pixels: Pixels, steps: Sequence[str] = (AUTO,)) -> Pixels:
    """The page after some steps; after those that it needs, and most need none, for `auto`."""
    if pixels.size == 0:
        return pixels
    for name in needed(look_at(pixels)) if AUTO in steps else steps:
        pixels = STEPS[name](pixels) if name in STEPS else pixels
    return pixels


def needed(look: Look) -> tuple[str, ...]:
    """The steps after which a page that looks so is read better than before."""
    is_uneven = look.unevenness > UNEVEN
    wanted = {
        "despeckle": look.specks > SPECKLED and look.grain < GRAINY,
        "denoise": look.grain > GRAINY,
        "background": is_uneven,
        "contrast": 0 < look.contrast < FADED,
        "sharpen": BLURRED < look.edge_width < NO_EDGE and not is_uneven,
        "otsu": look.see_through > SHOWING and look.edge_width < BLURRED,
    }
    return tuple(name for name in STEPS if wanted.get(name))
