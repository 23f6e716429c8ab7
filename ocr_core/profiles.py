"""How much care is taken over a page: the profiles of `--quality`, and what networks calculate in.

Imports nothing heavy, so that help can name them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ocr_core.errors import ConfigError

# `auto` takes the fastest that the device and the weights allow.
PRECISIONS = ("auto", "float32", "bfloat16", "int8")


@dataclass(frozen=True, slots=True)
class Profile:
    """What is chosen between speed and accuracy.

    Attributes:
        long_side: of a page as the detector sees it, in pixels.
        turns_pages: whether pages that lie on a side or upside down are turned.
        language_model: whether a model of characters helps with what is read with doubt.
        recogniser: the name of its weights file, without the ending.
    """

    long_side: int = 1280
    turns_pages: bool = True
    language_model: bool = True
    recogniser: str = "recogniser"


STANDARD = Profile()
# Measured on 93 pages of six sets, in CPU-seconds and mean F1 of words, beside standard's .9641:
# fast .77 times the time and .9597. With earlier weights, whose standard read .9543, 960 pixels
# alone took .92 times the time and read .9511. An accurate one would look at 1600 pixels: 1.13 and
# .9541; at 1920 it read worse, and float32 took twice the time for no gain.
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "fast": replace(STANDARD, long_side=960, recogniser="recogniser-fast"),
        "standard": STANDARD,
    }
)


def choose(quality: str, language_model: bool = True) -> Profile:
    """The profile of that name, without its language model if none is wanted.

    Raises:
        ConfigError: there is no such profile.
    """
    if quality not in PROFILES:
        raise ConfigError(f"--quality is {' or '.join(PROFILES)}, not {quality!r}")
    profile = PROFILES[quality]
    return replace(profile, language_model=profile.language_model and language_model)
