import numpy as np
import pytest

from ocr_core.errors import ConfigError
from ocr_core.recipes.classic.reading import LINE_CLASSES
from ocr_core.recipes.classic.training import ClassicSettings, set_glyphs, teach


def test_lines_come_apart_into_their_characters(glyphs):
    assert glyphs.features.shape == (len(glyphs.labels), 904)
    assert len(glyphs.labels) > 0.6 * 90 * 16
    assert len(np.unique(glyphs.labels)) > 0.95 * len(LINE_CLASSES)


def test_the_same_seed_sets_the_same_lines(faces):
    one, again = (set_glyphs(faces, ClassicSettings(lines=5)) for _ in range(2))
    np.testing.assert_array_equal(one.features, again.features)


@pytest.mark.parametrize("method", ["svm", "nearest"])
def test_what_was_learnt_holds_for_other_lines(faces, glyphs, method):
    reader = teach(glyphs, method)
    others = set_glyphs(faces, ClassicSettings(lines=20, strength=0.0, seed=7))
    assert (reader.in_line.classify(others.features) == others.labels).mean() > 0.9


def test_lines_that_never_come_apart_are_told(faces):
    with pytest.raises(ConfigError, match="no line"):
        set_glyphs(faces, ClassicSettings(lines=0))
