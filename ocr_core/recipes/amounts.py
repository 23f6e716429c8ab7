"""Numbers on the command line that must be more than nothing.

Where 0 is let through it stands for what was not given, or a training divides by it.
"""

from __future__ import annotations

import argparse


def count(given: str) -> int:
    """A whole number from 1, as a type of `argparse`.

    Raises:
        ArgumentTypeError: it is none.
    """
    if not given.isdecimal() or int(given) == 0:
        raise argparse.ArgumentTypeError(f"a whole number from 1 is wanted, not {given}")
    return int(given)


def amount(given: str) -> float:
    """A number above 0, as a type of `argparse`.

    Raises:
        ArgumentTypeError: it is none.
    """
    try:
        number = float(given)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"a number above 0 is wanted, not {given}")
    return number
