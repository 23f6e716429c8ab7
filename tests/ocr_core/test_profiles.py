"""The profiles of `--quality`."""

import subprocess
import sys

import pytest

from ocr_core import profiles, weights
from ocr_core.engine import EngineOptions
from ocr_core.errors import ConfigError


def test_an_engine_is_standard_unless_told_otherwise():
    options, standard = EngineOptions(), profiles.choose("standard")
    assert standard == profiles.STANDARD
    assert (options.long_side, options.turns_pages) == (standard.long_side, standard.turns_pages)


def test_only_fast_does_without_the_larger_recogniser():
    assert [name for name, one in profiles.PROFILES.items() if not one.rereads] == ["fast"]
    sizes = [path.stat().st_size for path in (weights.find()[1], weights.find_larger())]
    assert sizes[0] < 0.7 * sizes[1]


@pytest.mark.parametrize("quality", profiles.PROFILES)
def test_a_language_model_that_is_not_wanted_is_left_out_of_any_profile(quality):
    assert not profiles.choose(quality, language_model=False).language_model
    assert profiles.choose(quality, language_model=True) == profiles.PROFILES[quality]


def test_a_quality_that_there_is_not_is_told_with_those_that_there_are():
    with pytest.raises(ConfigError, match="--quality is fast or standard, not 'best'"):
        profiles.choose("best")


def test_naming_profiles_brings_nothing_heavy():
    code = "import sys, ocr_core.profiles; sys.exit('torch' in sys.modules or 'cv2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
