"""Lines to running text: words that a hyphen divides at the end of a line become whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# Signs that are set to divide words and for nothing else.
DIVIDERS = ("¬", "\N{SOFT HYPHEN}")
HYPHENS = ("-", "\N{HYPHEN}")
# What follows a hyphen that stands for the rest of a word: `Vor- und Nachteile`.
CONJUNCTIONS = frozenset({"und", "oder", "bzw.", "sowie", "bis", "and"})
# What French ties to a verb: `dit-il`. Those that English or German words end in are left out.
PRONOUNS = frozenset({"il", "ils", "elle", "elles", "je", "tu", "vous", "nous", "ci", "là", "moi"})

_WORD = re.compile(r"[^\W\d_]+(?:[-\N{HYPHEN}][^\W\d_]+)*")
_LAST_WORD = re.compile(r"[^\W_]+(?:[-'’\N{HYPHEN}][^\W_]+)*$")


def join_lines(lines: Sequence[str], known: frozenset[str] = frozenset()) -> str:
    """The lines as one, with a space between, or nothing where a word goes on.

    A hyphen is taken out between letters when the word goes on in small letters, or in capitals
    throughout; it stays in numbers, before a capital, in words that have another hyphen, and in
    those that are known to have one, such as by `words_of` the page.

    >>> join_lines(["The inter-", "national Baden-", "Baden line of 1914-", "1918"])
    'The international Baden-Baden line of 1914-1918'
    """
    text = ""
    for line in lines:
        text = _join(text, line.strip(), known) if text else line.strip()
    return text


def words_of(lines: Iterable[str]) -> frozenset[str]:
    """The words that stand whole within lines, in small letters: what tells of divided ones.

    >>> sorted(words_of(["a well-known re-", "sult"]))
    ['a', 'sult', 'well-known']
    """
    words: set[str] = set()
    for line in lines:
        found = _WORD.findall(line.casefold().replace("\N{HYPHEN}", "-"))
        words.update(found[:-1] if line.rstrip().endswith((*HYPHENS, *DIVIDERS)) else found)
    return frozenset(words)


def _join(text: str, line: str, known: frozenset[str]) -> str:
    if not line:
        return text
    if text.endswith(DIVIDERS) and line[0].isalpha():
        return text[:-1] + line
    last = _LAST_WORD.search(text[:-1]) if text.endswith(HYPHENS) else None
    if last is None or not line[0].isalnum():
        return f"{text} {line}"
    following = line.split(maxsplit=1)[0]
    if following in CONJUNCTIONS or not _fit(last.group(), following):
        return f"{text} {line}"
    return (text if _keeps_hyphen(last.group(), following, known) else text[:-1]) + line


def _fit(before: str, after: str) -> bool:
    """Whether two parts may be of one word: not if the hyphen looks like a dash.

    >>> _fit("Secretary", "General"), _fit("etc", "General"), _fit("1914", "1918"), _fit("9", "th")
    (True, False, True, False)
    """
    if after[0].islower():
        return before[-1].isalpha()
    if after[0].isdigit():
        return before[-1].isdigit() or before.isupper()
    return before[0].isupper()


def _keeps_hyphen(before: str, after: str, known: frozenset[str]) -> bool:
    """Whether a hyphen between two parts of a word belongs there."""
    rest = _WORD.match(after)
    if rest is None or not before[-1].isalpha():
        return True
    with_hyphen = f"{before}-{rest.group()}".casefold().replace("\N{HYPHEN}", "-")
    if with_hyphen in known or with_hyphen.replace("-", "") in known:
        return with_hyphen in known
    if after[0].isupper():
        are_capitals = before.isupper() and rest.group().isupper()
        return not are_capitals or min(len(before), len(rest.group())) < 2
    return "-" in before or "\N{HYPHEN}" in before or rest.group().casefold() in PRONOUNS
