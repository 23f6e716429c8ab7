from collections import Counter

import pytest

from ocr_core.training.mixing import MixedLines, MixedPages
from tests.ocr_core.training.stand_ins import LineStore, PageStore


def test_a_mixture_keeps_to_its_shares():
    rest = LineStore("synthetic")
    mixed = MixedLines([(0.25, LineStore("harvested")), (0.1, LineStore("found"))], rest)
    made = [mixed.make(seed, 0.5) for seed in range(1000)]
    counts = Counter(name for (name,) in made)
    assert counts["harvested"] == pytest.approx(250, abs=45)
    assert counts["found"] == pytest.approx(100, abs=35)
    assert counts["synthetic"] == pytest.approx(650, abs=50)
    assert {strength for _, strength in rest.asked} == {0.5}
    assert made == [mixed.make(seed, 0.5) for seed in range(1000)]


@pytest.mark.parametrize(("share", "name"), [(1.0, "harvested"), (0.0, "synthetic")])
def test_a_source_may_have_all_or_nothing(share, name):
    pages = MixedPages([(share, PageStore("harvested"))], PageStore("synthetic"))
    lines = MixedLines([(share, LineStore("harvested"))], LineStore("synthetic"))
    assert {pages.make(seed) for seed in range(50)} == {name}
    assert {lines.make(seed)[0] for seed in range(50)} == {name}


def test_without_shares_all_is_the_rest():
    assert MixedLines([], LineStore("synthetic")).make(3) == ["synthetic"]
    assert MixedPages([], PageStore("synthetic")).make(3) == "synthetic"
