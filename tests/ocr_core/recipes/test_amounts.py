import argparse

import pytest

from ocr_core.recipes.amounts import amount, count


def test_numbers_above_nothing_are_taken():
    assert count("12") == 12
    assert amount("0.5") == 0.5


@pytest.mark.parametrize("given", ["0", "-1", "1.5", "many", ""])
def test_counts_are_whole_and_begin_at_one(given):
    with pytest.raises(argparse.ArgumentTypeError, match="whole number from 1"):
        count(given)


@pytest.mark.parametrize("given", ["0", "-0.5", "nan", "inf", "long"])
def test_amounts_are_above_nothing(given):
    with pytest.raises(argparse.ArgumentTypeError, match="above 0"):
        amount(given)
