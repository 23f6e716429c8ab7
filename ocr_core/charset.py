"""Text to labels and back. Label 0 is the CTC blank, label i is the i-th character."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

_ASCII = "".join(chr(code) for code in range(0x20, 0x7F))
_LATIN_1 = "".join(
    chr(code) for code in range(0xA1, 0x100) if chr(code) not in "¨¯´¸¦¤\xad"
)  # spacing accents do not occur in running text
_LATIN_EXTENDED = (
    "ĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĖėĘęĚěĜĝĞğĠġĢģĤĥĦħĨĩĪīĮįİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŐőŒœŔŕŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮů"
    "ŰűŲųŴŵŶŷŸŹźŻżŽžȘșȚțſẞ"
)
_TYPOGRAPHY = "–—‘’‚“”„†‡•…‰‹›€™−√≤≥≠≈→←↑↓☐☑☒✓ﬁ●○■□▪"
_SAME_CHARACTER = str.maketrans(
    {
        "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u202f": " ", "\t": " ",
        "\u2010": "-", "\u2011": "-", "−": "-", "∗": "*", "\u00ad": None, "\u200b": None,
        "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
        "Ţ": "Ț", "ţ": "ț", "ǆ": "dž", "ŉ": "'n", "Ω": "Ω", "µ": "µ", "μ": "µ", "´": "'", "·": "·",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Charset:
    """The characters that a recogniser can write, in label order.

    Raises:
        ValueError: a character stands twice, or is no single code point.
    """

    characters: str

    def __post_init__(self) -> None:
        if len(set(self.characters)) != len(self.characters):
            raise ValueError("a charset must not hold a character twice")

    def __len__(self) -> int:
        return len(self.characters)

    @cached_property
    def _labels(self) -> dict[str, int]:
        return {character: label for label, character in enumerate(self.characters, start=1)}

    @cached_property
    def _members(self) -> frozenset[str]:
        return frozenset(self.characters)

    def holds(self, text: str) -> bool:
        """Whether every character of `text` has a label."""
        return self._members.issuperset(text)

    def encode(self, text: str) -> list[int]:
        """The labels of `text`.

        Raises:
            KeyError: a character has no label; `holds` tells beforehand.
        """
        return [self._labels[character] for character in text]

    def decode(self, labels: Iterable[int]) -> str:
        """The text of `labels`, blanks left out; repeats are kept."""
        return "".join(self.characters[label - 1] for label in labels if label)


def latin() -> Charset:
    """About 330 characters: what European languages in Latin script are printed with."""
    wanted = _ASCII + _LATIN_1 + _LATIN_EXTENDED + _TYPOGRAPHY
    kept = (character for character in wanted if canonical(character) == character)
    return Charset("".join(dict.fromkeys(kept)))


def canonical(text: str) -> str:
    """Text as a recogniser is taught to write it.

    NFC, one kind of space and of hyphen, ligatures as their letters, no invisible characters.
    """
    return unicodedata.normalize("NFC", text).translate(_SAME_CHARACTER)


def without_accents(text: str) -> str:
    """Letters without the marks that stand above and below them.

    >>> without_accents("ça, Ünlü")
    'ca, Unlu'
    """
    parts = unicodedata.normalize("NFD", text)
    return "".join(part for part in parts if not unicodedata.combining(part))
