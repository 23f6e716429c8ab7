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
        long_side: of a sheet as the detector sees it, in pixels; see `engine.EngineOptions`.
        turns_pages: whether pages that lie on a side or upside down are turned.
        language_model: whether a model of characters helps with what is read with doubt.
        rereads: whether a larger recogniser reads again what the first is in doubt about.
    """

    long_side: int = 960
    turns_pages: bool = True
    language_model: bool = True
    rereads: bool = True


STANDARD = Profile()
# Measured on 93 pages of six sets, in mean F1 of words, and on 39 of them in CPU-seconds: fast .95
# times the time and .9623, standard .9636. At 800 pixels fast read .9571; at 1280, with earlier
# weights and the larger recogniser for all lines, .9641 took 1.3 times as long; at 1600 and 1920
# they read worse.
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "fast": replace(STANDARD, rereads=False),
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
