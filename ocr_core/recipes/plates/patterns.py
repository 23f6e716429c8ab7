"""What plates say: the characters of a plate in their groups, and the words around them."""

from __future__ import annotations

import numpy as np

Rng = np.random.Generator
_LETTERS = np.array(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
_DIGITS = np.array(list("0123456789"))
# A for a letter, 9 for a digit, ? for either; groups stand apart on the plate.
_AMERICAN = (
    "AAA 999", "AAA 9999", "999 AAA", "9AAA999", "AAA9999", "99A 9AA", "A99 999", "AA9 999",
    "999 999", "9999 AA", "9AA 999", "A9999A", "99 A999", "AA 99999", "999999", "9A9999",
    "AA9A9A", "AA9 A9A", "AA99A9", "A99 9AA", "99999AA", "9999AA", "A 99999", "9AA A99", "AAA99A",
    "9999", "99999", "A9999", "99 9999", "?? ????", "??? ???", "???????", "??????", "999A9A",
    "99999A9", "9A99999", "AAA 9A9", "AA 999A", "AAA 99", "AA 999", "AA9 A999", "A99 9999",
    "9AA 9999", "9AAA99", "999 9999", "A99 AAA", "AAA A99", "A9A 9AA", "A 999999",
)  # fmt: skip
# What drivers choose: no formats that tell an O from a 0.
_CHOSEN = (
    "AAAA", "AAAAA", "AAAAAA", "AAAAAAA", "AAA AAA", "AA AAAA", "AAAA99", "AAAA9", "99AAAA",
    "AAAAA9", "AA99A", "AA9AA", "9AAAA", "A9A9A9", "AAAA 99", "AAA9AAA",
)  # fmt: skip
_EUROPEAN = (
    "AA 999AA", "AA 999 AA", "9A9 9999", "9AA 9999", "AA99 AAA", "A AA 9999", "AAA AA 99",
    "AA A 999", "AAA 9999", "AA 9999", "AA 99999", "99 AAA 9", "9 AAA 99", "AA 99 AA", "A9 AAA",
    "A99 999", "AAA 999", "99 AA 99", "AA 999 A", "A 9999 AA", "AAA 99A", "AA 9999 AA", "A999 AAA",
)  # fmt: skip
_BRAZILIAN = ("AAA 9999", "AAA 9999", "AAA9A99")
# All of these without spaces, and words: the formats that plates have.
SHAPES = frozenset(
    [p.replace(" ", "") for p in (*_AMERICAN, *_EUROPEAN, *_BRAZILIAN) if "?" not in p]
    + ["A" * length for length in range(2, 9)]
)
# Those of most cars: serials of many states, or of populous ones, digits and letters in two blocks.
COMMON_SHAPES = frozenset(
    (
        "AAA999", "AAA9999", "999AAA", "9AAA999", "AA99999", "AA9999", "A99999", "999999", "99999",
        "9999", "9999AA", "9AA999", "AA999AA", "AA9A999", "AA9A9A", "AAA9A99",
    )
)  # fmt: skip
_WISHES = (
    "LOVE", "FUN", "MY", "GO", "RUN", "BIG", "HOT", "ROD", "SKY", "SUN", "DAD", "MOM", "KID", "ONE",
    "TWO", "CAR", "FAST", "SLOW", "BLUE", "RED", "GOLD", "STAR", "KING", "QUEEN", "LUCKY", "HAPPY",
    "SMILE", "OCEAN", "BEACH", "RIDE", "MUSIC", "DANCE", "TEXAN", "GIRL", "BOYS", "TEAM", "WILD",
    "HORSE", "EAGLE", "TIGER", "BEAR", "WOLF", "FISH", "GOLF", "SKI", "SURF", "BIKE", "TOYS", "4U",
    "2GO", "GR8", "L8R", "MR", "MRS", "DR", "THE", "OF", "PLANT", "JUMP", "VIPER", "QUICK", "ZOOM",
)  # fmt: skip
_NAMES = (
    "Alabama", "ALASKA", "Arizona", "Arkansas", "California", "COLORADO", "Connecticut", "DELAWARE",
    "Florida", "Georgia", "HAWAII", "IDAHO", "Illinois", "Indiana", "IOWA", "Kansas", "Kentucky",
    "Louisiana", "MAINE", "Maryland", "Massachusetts", "MICHIGAN", "Minnesota", "MISSISSIPPI",
    "Missouri", "MONTANA", "Nebraska", "NEVADA", "New Hampshire", "New Jersey", "New Mexico",
    "NEW YORK", "NORTH CAROLINA", "North Dakota", "OHIO", "Oklahoma", "OREGON", "PENNSYLVANIA",
    "Rhode Island", "South Carolina", "South Dakota", "TENNESSEE", "TEXAS", "Utah", "Vermont",
    "VIRGINIA", "WASHINGTON", "West Virginia", "WISCONSIN", "Wyoming", "Ontario", "Québec",
)  # fmt: skip
_LEGEND = (
    "State", "Land", "of", "the", "Great", "Lakes", "Sunshine", "Garden", "First", "Beautiful",
    "Wild", "Wonderful", "Mountain", "Peace", "Valley", "County", "Big", "Sky", "Country", "Green",
    "Ocean", "Golden", "Silver", "Free", "Native", "Pride", "Heritage", "Veteran", "University",
    "Save", "Wildlife", "Centennial", "Years", "Historic", "Famous", "Home", "Discover", "Scenic",
    "1776", "1889", "2009", "FIRE FIGHTER", "FORD", "DEALER", "MOTORS", "Trailer", "Dr.", "St.",
)  # fmt: skip
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def american(rng: Rng) -> list[str]:
    """The groups of a plate of a state, or a wish in its place; 2 to 8 characters."""
    chance = rng.random()
    if chance < 0.12:
        return _wish(rng)
    if chance < 0.2:
        return _fill(_CHOSEN[int(rng.integers(len(_CHOSEN)))], rng)
    return _fill(_AMERICAN[int(rng.integers(len(_AMERICAN)))], rng)


def european(rng: Rng) -> list[str]:
    """The groups of a European plate; 5 to 8 characters."""
    return _fill(_EUROPEAN[int(rng.integers(len(_EUROPEAN)))], rng)


def brazilian(rng: Rng) -> list[str]:
    """The groups of a Brazilian plate; 7 characters."""
    return _fill(_BRAZILIAN[int(rng.integers(len(_BRAZILIAN)))], rng)


def name(rng: Rng) -> str:
    """The name of a state, in its own or in capital letters."""
    chosen = _NAMES[int(rng.integers(len(_NAMES)))]
    return chosen.upper() if rng.random() < 0.3 else chosen


def legend(rng: Rng) -> str:
    """Some words as they stand above or below: a motto, a county, a dealer."""
    chosen = " ".join(rng.choice(_LEGEND, int(rng.integers(1, 4))))
    return chosen.upper() if rng.random() < 0.5 else chosen


def sticker(rng: Rng) -> str:
    """A month, a year or a number, as on stickers of validity."""
    kind = rng.random()
    if kind < 0.45:
        return _MONTHS[int(rng.integers(12))]
    return f"{int(rng.integers(100)):02d}" if kind < 0.8 else str(int(rng.integers(1960, 2030)))


def _wish(rng: Rng) -> list[str]:
    """One to three short words, up to seven characters."""
    words: list[str] = []
    for word in rng.permutation(_WISHES)[: int(rng.integers(1, 4))]:
        if sum(map(len, words)) + len(word) <= 7:
            words.append(str(word))
    return words if rng.random() < 0.5 else ["".join(words)]


def _fill(pattern: str, rng: Rng) -> list[str]:
    """A pattern with characters drawn for its places."""
    drawn = {"A": _LETTERS, "9": _DIGITS, "?": np.concatenate([_LETTERS, _DIGITS])}
    filled = (str(rng.choice(drawn[c])) if c in drawn else c for c in pattern)
    return "".join(filled).split()
