"""`beam-ocr train characters`: the language model of characters, from the texts of synthesis.

Counts which characters follow which in running text of all languages, in commonest words, in
headings, and in the prices, codes and addresses that synthesis makes up; interpolates orders as
Witten and Bell (1991) do; and drops what shorter contexts tell about as well (Seymore and
Rosenfeld 1996). Every step is the same on every machine with the same texts.
"""

from __future__ import annotations

import importlib.resources
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import symspellpy
from numpy.typing import NDArray

from ocr_core.charset import Charset, canonical
from ocr_core.language_model import BREAK, NEUTRAL, OTHER, STEP, Tree, encoding, save
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.text import TextMix, TextSource, printed

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]
_BYTE = np.uint64(8)
# Of what pages say beyond running text and words.
_ENTRIES = TextMix(running=0, words=0, heading=0.05)


@dataclass(frozen=True, slots=True)
class CharacterSettings:
    """How the model is made.

    Attributes:
        order: characters looked at, the one to come included; at most 8.
        alphabet: how many characters are told apart, at most 254.
        first, others: characters of running text of the first language and of each other one.
        words: drawn from the commonest of a language, as often as Zipf's law has it.
        upper: share of the running text that is also read in capitals.
        entries: lines of prices, codes, addresses and the like.
        worth: nats over all texts that an n-gram must save to be kept.
        seed: of all that is drawn.
    """

    order: int = 7
    alphabet: int = 200
    first: int = 9_000_000
    others: int = 2_500_000
    words: int = 250_000
    upper: float = 0.15
    entries: int = 80_000
    worth: float = 8.0
    seed: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """The n-grams of one length, in the order of their keys: one byte for each code.

    Attributes:
        parents: the number of each one's first n - 1 codes, in the level below.
        suffixes: the same of its last n - 1 codes.
        probabilities: of its last code after the others.
    """

    keys: Keys
    counts: Floats
    parents: NDArray[np.int64]
    suffixes: NDArray[np.int64]
    probabilities: Floats


def build(
    corpora: Sequence[Corpus], charset: Charset, path: Path, settings: CharacterSettings
) -> Tree:
    """The model of some texts, also written to a file."""
    texts = list(_texts(corpora, charset, settings))
    tree = tree_of(texts, charset, settings)
    save(path, tree)
    return tree


def tree_of(texts: Sequence[str], charset: Charset, settings: CharacterSettings) -> Tree:
    """The model of some texts, each with the spaces that stand before and after it."""
    alphabet = _alphabet(texts, charset, settings.alphabet)
    levels: list[_Level] = []
    chunks = list(_encoded(texts, alphabet))
    for length in range(1, settings.order + 1):
        levels.append(_interpolated(*_count(chunks, length), levels))
    return _packed(levels, _kept(levels, settings.worth), alphabet)


def _texts(
    corpora: Sequence[Corpus], charset: Charset, settings: CharacterSettings
) -> Iterator[str]:
    rng = np.random.default_rng(settings.seed)
    for corpus in corpora:
        most = settings.first if corpus is corpora[0] else settings.others
        for text in _running(corpus, most, rng):
            text = _hyphenated(printed(text) if rng.random() < 0.5 else text, rng)
            yield f" {text} "
            if rng.random() < settings.upper:
                yield f" {text.upper()} "
        yield from _words(corpus, settings.words, rng)
    if corpora[0].language == "en":
        yield from _pairs(rng)
    source = TextSource(corpora, charset, _ENTRIES)
    for _ in range(settings.entries):
        yield f" {source.line(rng, 50)} "


def _running(corpus: Corpus, most: int, rng: np.random.Generator) -> Iterator[str]:
    """Paragraphs of a language in any order, up to so many characters."""
    total = 0
    for number in rng.permutation(len(corpus.paragraphs)):
        total += len(corpus.paragraphs[number])
        if total > most:
            return
        yield corpus.paragraphs[number]


def _hyphenated(text: str, rng: np.random.Generator) -> str:
    """The text with some words divided, as lines end."""
    parts = []
    while text:
        at = int(rng.integers(150, 450))
        divides = text[at - 2 : at].isalpha() and text[at : at + 2].isalpha()
        parts.append(text[:at] + ("- " if divides else ""))
        text = text[at:]
    return "".join(parts)


def _words(corpus: Corpus, count: int, rng: np.random.Generator) -> Iterator[str]:
    """Single words, half of them as within a sentence."""
    weights = 1 / np.arange(2, len(corpus.words) + 2)
    drawn = rng.choice(len(corpus.words), count, p=weights / weights.sum())
    for rank, form in zip(drawn, rng.random(count), strict=True):
        yield f" {_set(corpus.words[rank], form)} "


def _pairs(rng: np.random.Generator) -> Iterator[str]:
    """Pairs of English words that often stand side by side, each of them once or a few times."""
    name = "frequency_bigramdictionary_en_243_342.txt"
    text = importlib.resources.files(symspellpy).joinpath(name).read_text("utf-8-sig")
    for line in text.splitlines():
        pair, frequency = line.rsplit(" ", 1)
        for _ in range(1 + int(int(frequency) ** 0.5 / 5000)):
            yield f" {_set(canonical(pair), rng.random())} "


def _set(words: str, form: float) -> str:
    """Words in capitals, with one, or as they are."""
    if form < 0.2:
        return words.upper()
    return words.capitalize() if form < 0.45 else words


def _alphabet(texts: Iterable[str], charset: Charset, count: int) -> str:
    found: Counter[str] = Counter()
    for text in texts:
        found.update(text)
    zero = sum(found.pop(digit, 0) for digit in "0123456789")
    found["0"] += zero
    known = sorted((c for c in found if charset.holds(c)), key=lambda c: (-found[c], c))
    return "".join(sorted(known[:count]))


def _encoded(
    texts: Sequence[str], alphabet: str, size: int = 20_000
) -> Iterator[NDArray[np.uint8]]:
    """The codes of some texts at a time, with a break after each."""
    table = encoding(alphabet)
    for start in range(0, len(texts), size):
        codes = (text.translate(table).encode("latin-1") for text in texts[start : start + size])
        yield np.frombuffer(bytes([BREAK]).join([*codes, b""]), np.uint8)


def _count(chunks: Sequence[NDArray[np.uint8]], length: int) -> tuple[Keys, Floats]:
    """All n-grams of a length without a break, by key, and how often each stands."""
    found = []
    for codes in chunks:
        count = len(codes) - length + 1
        keys = np.zeros(max(count, 0), np.uint64)
        whole = np.ones(max(count, 0), bool)
        for place in range(length if count > 0 else 0):
            part = codes[place : place + count]
            keys = keys << _BYTE | part
            whole &= part != BREAK
        found.append(np.unique(keys[whole], return_counts=True))
        if len(found) == 32:
            found = [_merged(found)]
    keys, counts = _merged(found)
    return keys, counts.astype(np.float64)


def _merged(found: Sequence[tuple[Keys, NDArray[np.int64]]]) -> tuple[Keys, NDArray[np.int64]]:
    keys, places = np.unique(np.concatenate([keys for keys, _ in found]), return_inverse=True)
    counts = np.bincount(places, np.concatenate([counts for _, counts in found]), len(keys))
    return keys, counts.astype(np.int64)


def _interpolated(keys: Keys, counts: Floats, levels: Sequence[_Level]) -> _Level:
    """The level above some levels: its counts, mixed with what the level below says."""
    if not levels:
        nothing = np.zeros(len(keys), np.int64)
        return _Level(keys, counts, nothing, nothing, counts / counts.sum())
    below = levels[-1]
    tail = np.uint64((1 << 8 * len(levels)) - 1)
    parents = np.searchsorted(below.keys, keys >> _BYTE)
    suffixes = np.searchsorted(below.keys, keys & tail)
    totals = np.bincount(parents, counts, len(below.keys))[parents]
    kinds = np.bincount(parents, minlength=len(below.keys))[parents]
    mixed = (counts + kinds * below.probabilities[suffixes]) / (totals + kinds)
    return _Level(keys, counts, parents, suffixes, mixed)


def _kept(levels: Sequence[_Level], worth: float) -> list[NDArray[np.bool_]]:
    """Which n-grams of each level stay: those that save enough, and their parents."""
    kept: list[NDArray[np.bool_]] = []
    needed = np.zeros(len(levels[-1].keys), bool)
    for number in range(len(levels) - 1, 0, -1):
        level, below = levels[number], levels[number - 1]
        gain = np.log(level.probabilities / below.probabilities[level.suffixes])
        stays = (np.abs(level.counts * gain) > worth) | needed
        kept.append(stays)
        needed = np.zeros(len(below.keys), bool)
        needed[level.parents[stays]] = True
    return [np.ones(len(levels[0].keys), bool), *reversed(kept)]


def _packed(levels: Sequence[_Level], kept: Sequence[NDArray[np.bool_]], alphabet: str) -> Tree:
    labels, children, costs, back_offs = [], [], [], []
    for number, (level, stays) in enumerate(zip(levels, kept, strict=True)):
        labels.append((level.keys[stays] & np.uint64(OTHER)).astype(np.uint8))
        costs.append(_in_steps(level.probabilities[stays]))
        if number + 1 < len(levels):
            counts, weights = _back_off(level, levels[number + 1], kept[number + 1])
            children.append(counts[stays].astype(np.uint8))
            back_offs.append(_in_steps(weights[stays], NEUTRAL))
    arrays = map(np.concatenate, (labels, children, costs, back_offs))
    return Tree(alphabet, len(levels), *arrays)


def _back_off(
    level: _Level, above: _Level, kept: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], Floats]:
    """How many n-grams above each one are kept, and what weighs those that are not."""
    parents, size = above.parents[kept], len(level.keys)
    own = np.bincount(parents, above.probabilities[kept], size)
    lower = np.bincount(parents, level.probabilities[above.suffixes[kept]], size)
    weights = np.clip((1 - own) / np.maximum(1 - lower, 1e-9), 1e-9, 1e3)
    counts = np.bincount(parents, minlength=size)
    return counts, np.where(counts > 0, weights, 1.0)


def _in_steps(values: Floats, neutral: int = 0) -> NDArray[np.uint8]:
    return np.clip(np.round(-np.log(values) / STEP) + neutral, 0, 255).astype(np.uint8)
