import re

import numpy as np
import pytest

from ocr_core.charset import latin
from ocr_core.synth import numbers

DRAWS = [
    numbers.amount, numbers.date, numbers.few_digits, numbers.figure, numbers.phone, numbers.price,
    numbers.reference, numbers.time_of_day,
]  # fmt: skip


@pytest.mark.parametrize("draw", DRAWS)
def test_numbers_differ_and_can_be_written(draw):
    drawn = [draw(np.random.default_rng(seed)) for seed in range(200)]
    assert latin().holds("".join(drawn))
    assert len(set(drawn)) > 80
    assert drawn[7] == draw(np.random.default_rng(7))


def test_digits_are_as_many_as_asked_for_and_at_times_alike():
    rng = np.random.default_rng(0)
    drawn = [numbers.digits(rng, 6) for _ in range(200)]
    assert all(re.fullmatch(r"\d{6}", one) for one in drawn)
    assert 4 < sum(len(set(one)) == 1 for one in drawn) < 40


def test_one_is_picked_of_texts_or_of_characters():
    rng = np.random.default_rng(0)
    assert {numbers.pick(rng, ["one", "two"]) for _ in range(30)} == {"one", "two"}
    assert {numbers.pick(rng, "ab") for _ in range(30)} == {"a", "b"}
