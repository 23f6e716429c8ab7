import dataclasses

import pytest

from ocr_core import engine
from ocr_core.engine_options import DEFAULTS, EngineOptions
from ocr_core.profiles import STANDARD


def test_what_is_not_chosen_is_as_in_the_standard_profile():
    assert EngineOptions() == DEFAULTS
    assert (DEFAULTS.long_side, DEFAULTS.turns_pages) == (STANDARD.long_side, STANDARD.turns_pages)
    assert engine.EngineOptions is EngineOptions


def test_options_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        DEFAULTS.long_side = 1
