import numpy as np
import pytest

from ocr_core.correction.evidence import with_floor
from ocr_core.correction.variants import MOST_COST, Change, align, changes_of, variants
from tests.ocr_core.correction.readings import line_of


def allowed(text, means, chance=0.3):
    """The texts that the image of a word allows beside what was read."""
    line = line_of(text, means, chance=chance)
    return set(variants(text, changes_of(line.evidence, text, *line.evidence.spans[0])))


@pytest.mark.parametrize(
    ("text", "means"),
    [("thcir", "their"), ("receivcd", "received"), ("rcccivcd", "received"), ("Thcir", "Their")],
)
def test_what_the_image_shows_as_well_is_allowed(text, means):
    assert means in allowed(text, means)


def test_what_it_never_shows_is_not():
    assert "their" not in allowed("thcir", "thcir")
    assert "received" not in allowed("receivcd", "receivbd")


def test_characters_that_the_image_hardly_shows_may_go_and_others_come():
    line = line_of("thle")
    seen = line.evidence.log_probabilities.copy()
    seen[4, 0] = np.log(0.4)  # the l may as well be nothing
    seen[1, 1 + line.evidence.characters.index("e")] = np.log(0.3)  # and an e follow the t
    shown = type(line.evidence)(line.evidence.characters, seen, line.evidence.spans)
    made = set(variants("thle", changes_of(shown, "thle", 0, 8)))
    assert {"the", "tehle", "tehe"} <= made


def test_changes_cost_what_the_image_makes_less_likely():
    line = line_of("cat", "eat", chance=0.2)
    found = {change[:3]: change.cost for change in changes_of(line.evidence, "cat", 0, 6)}
    assert found[0, 1, "e"] == pytest.approx(np.log(0.8 / 0.2), abs=0.05)


def test_a_text_is_changed_in_few_places_and_at_little_cost():
    dear = [Change(at, at + 1, "x", MOST_COST - 1) for at in range(3)]
    assert set(variants("abc", dear)) == {"xbc", "axc", "abx"}
    cheap = [Change(at, at + 1, "x", 0.1) for at in range(5)]
    made = set(variants("abcde", cheap))
    assert "xxxde" in made
    assert "xxxxe" not in made


def test_changes_that_overlap_are_not_made_together():
    both = [Change(0, 1, "x", 1.0), Change(0, 1, "", 1.0), Change(0, 0, "y", 1.0)]
    assert set(variants("ab", both)) == {"xb", "b", "yab", "yxb", "yb"}


def test_a_text_is_aligned_with_the_steps_at_which_it_is_seen():
    line = line_of("cat")
    rows = with_floor(line.evidence.log_probabilities)
    columns = [1 + line.evidence.characters.index(character) for character in "cat"]
    assert align(rows, columns) == [(0, 1), (2, 3), (4, 5)]
    assert align(rows[:2], columns) is None
