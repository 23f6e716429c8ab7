"""Two texts -> which words of one stand for which of the other.

Words that are alike in both are found by edit distance; what lies between them is paired by the
characters that it shares, so that a word that was cut in two, or two that ran together, stay
together. Words that are there at another place are told as moved.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Levenshtein

Kind = Literal["same", "changed", "missing", "added", "moved"]

# Fewer words than this are found elsewhere by chance: "of the" is on every page.
_MOVED_WORDS = 3
# What recurs more often, such as the dots of a table of contents, could have come from anywhere.
_MOVED_PLACES = 20
# So many words that share nothing are still taken for each other, where as many were read.
_UNLIKE_WORDS = 3


@dataclass(frozen=True, slots=True)
class Token:
    """A word and the line that it is in, from 0."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """Words of ground truth and what was read for them, in the order of both.

    Attributes:
        kind: `missing` and `added` have words on one side alone, and so have `moved` ones, which
            stand elsewhere on the other side.
    """

    kind: Kind
    truth: tuple[Token, ...] = ()
    read: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class _Span:
    """Words of ground truth and words that were read, as ranges of their positions."""

    truth: range
    read: range


def tokens_of(lines: Iterable[str]) -> list[Token]:
    """The words of some lines."""
    return [Token(word, at) for at, line in enumerate(lines) for word in line.split()]


def align(truth: Sequence[Token], read: Sequence[Token], fold_case: bool = False) -> list[Step]:
    """What became of each word; all words of both sides are there, in order.

    >>> [(step.kind, len(step.truth)) for step in align(tokens_of(["a tall ship"]),
    ...                                                 tokens_of(["a tallship"]))]
    [('same', 1), ('changed', 2)]
    """
    texts = Texts(truth, read, fold_case)
    spans = list(_spans(texts))
    unlike = [span for is_same, span in spans if not is_same]
    moved = _find_moved(texts, unlike)
    steps: list[Step] = []
    for is_same, span in spans:
        if is_same:
            pairs = zip(span.truth, span.read, strict=True)
            steps += [Step("same", (truth[one],), (read[other],)) for one, other in pairs]
        else:
            steps += _explain(texts, span, moved)
    return steps


class Texts:
    """Both texts, and their words as they are compared."""

    def __init__(self, truth: Sequence[Token], read: Sequence[Token], fold_case: bool) -> None:
        self.truth = truth
        self.read = read
        self.fold_case = fold_case
        self.truth_keys = [self._key(token) for token in truth]
        self.read_keys = [self._key(token) for token in read]

    def step(self, kind: Kind, truth: Sequence[int], read: Sequence[int]) -> Step:
        """Of words at some positions; they are the same, whatever they were taken for, if alike."""
        if truth and [self.truth_keys[at] for at in truth] == [self.read_keys[at] for at in read]:
            kind = "same"
        ones, others = (self.truth[at] for at in truth), (self.read[at] for at in read)
        return Step(kind, tuple(ones), tuple(others))

    def _key(self, token: Token) -> str:
        return token.text.casefold() if self.fold_case else token.text


def _spans(texts: Texts) -> Iterator[tuple[bool, _Span]]:
    """Stretches of both texts, in turn alike and not."""
    truth_at = read_at = 0
    blocks = Levenshtein.editops(texts.truth_keys, texts.read_keys).as_matching_blocks()
    for block in blocks:  # the last is empty, at the end of both
        if block.a > truth_at or block.b > read_at:
            yield False, _Span(range(truth_at, block.a), range(read_at, block.b))
        truth_at, read_at = block.a + block.size, block.b + block.size
        if block.size:
            yield True, _Span(range(block.a, truth_at), range(block.b, read_at))


def _find_moved(texts: Texts, unlike: Iterable[_Span]) -> tuple[set[int], set[int]]:
    """Words of both sides that stand in the other text, but elsewhere: runs of several."""
    spans = list(unlike)
    moved: tuple[set[int], set[int]] = (set(), set())
    starts: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for span in spans:
        for at in range(span.read.start, span.read.stop - _MOVED_WORDS + 1):
            starts[tuple(texts.read_keys[at : at + _MOVED_WORDS])].append(at)
    ends = {at: span.read.stop for span in spans for at in span.read}
    for span in spans:
        at = span.truth.start
        while at <= span.truth.stop - _MOVED_WORDS:
            run = _longest_run(texts, range(at, span.truth.stop), starts, ends, moved[1])
            moved[0].update(range(at, at + len(run)))
            moved[1].update(run)
            at += max(1, len(run))
    return moved


def _longest_run(
    texts: Texts,
    truth: range,
    starts: dict[tuple[str, ...], list[int]],
    ends: dict[int, int],
    taken: set[int],
) -> range:
    """Where the words from the start of a range on were read; empty if nowhere."""
    best = range(0)
    key = tuple(texts.truth_keys[truth.start : truth.start + _MOVED_WORDS])
    places = starts.get(key, [])
    for start in places if len(places) <= _MOVED_PLACES else ():
        size = 0
        most = min(len(truth), ends[start] - start)
        while (
            size < most
            and start + size not in taken
            and texts.truth_keys[truth.start + size] == texts.read_keys[start + size]
        ):
            size += 1
        if size > len(best):
            best = range(start, start + size)
    return best if len(best) >= _MOVED_WORDS else range(0)


def _explain(texts: Texts, span: _Span, moved: tuple[set[int], set[int]]) -> Iterator[Step]:
    """Steps for a stretch that is not alike."""
    truth = [at for at in span.truth if at not in moved[0]]
    read = [at for at in span.read if at not in moved[1]]
    truth_moved = [at for at in span.truth if at in moved[0]]
    read_moved = [at for at in span.read if at in moved[1]]
    for kind, ones, others in _groups(texts, truth, read):
        before = [at for at in truth_moved if ones and at < ones[0]]
        yield from _moved_step(texts, before, ())
        del truth_moved[: len(before)]
        before = [at for at in read_moved if others and at < others[0]]
        yield from _moved_step(texts, (), before)
        del read_moved[: len(before)]
        yield texts.step(kind, ones, others)
    yield from _moved_step(texts, truth_moved, ())
    yield from _moved_step(texts, (), read_moved)


def _moved_step(texts: Texts, truth: Sequence[int], read: Sequence[int]) -> Iterator[Step]:
    if truth or read:
        yield texts.step("moved", truth, read)


_Group = tuple[Kind, Sequence[int], Sequence[int]]


def _groups(texts: Texts, truth: Sequence[int], read: Sequence[int]) -> Iterator[_Group]:
    """Words that stand for each other, and between them those that stand for nothing."""
    truth_at = read_at = 0
    for link in _links(texts, truth, read):
        yield from _rest(truth[truth_at : link.truth.start], read[read_at : link.read.start])
        truth_at, read_at = link.truth.stop, link.read.stop
        yield "changed", truth[link.truth.start : truth_at], read[link.read.start : read_at]
    yield from _rest(truth[truth_at:], read[read_at:])


def _rest(truth: Sequence[int], read: Sequence[int]) -> Iterator[_Group]:
    if len(truth) == len(read) <= _UNLIKE_WORDS:
        for one, other in zip(truth, read, strict=True):
            yield "changed", [one], [other]
        return
    if truth:
        yield "missing", truth, []
    if read:
        yield "added", [], read


def _links(texts: Texts, truth: Sequence[int], read: Sequence[int]) -> list[_Span]:
    """Words that share enough characters, in order; ranges of positions in `truth` and `read`."""
    links: list[_Span] = []
    ones = [texts.truth_keys[at] for at in truth]
    others = [texts.read_keys[at] for at in read]
    for (one, other), shared in sorted(_shared(ones, others).items()):
        if not _is_alike(ones[one], others[other], shared):
            continue
        last = links[-1] if links else _Span(range(0), range(0))
        if one < last.truth.stop or other < last.read.stop:
            links[-1] = _Span(range(last.truth.start, one + 1), range(last.read.start, other + 1))
        else:
            links.append(_Span(range(one, one + 1), range(other, other + 1)))
    return links


def _is_alike(one: str, other: str, shared: int) -> bool:
    """Whether words that share so many characters stand for each other, or one for a part."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) == shared == 1:  # a mark that was read as one with the word beside it
        return len(longer) <= 2 or longer.startswith(shorter) or longer.endswith(shorter)
    is_part = shared >= 2 and 4 * shared >= 3 * len(shorter)
    return is_part or 2 * shared >= len(longer)


def _shared(truth: Sequence[str], read: Sequence[str]) -> Counter[tuple[int, int]]:
    """How many characters each two words share when all are aligned, character by character."""
    owners = [[at for at, word in enumerate(words) for _ in f"{word} "] for words in (truth, read)]
    texts = ["".join(f"{word} " for word in words) for words in (truth, read)]
    shared: Counter[tuple[int, int]] = Counter()
    if not all(texts):
        return shared
    for block in Levenshtein.editops(*texts).as_matching_blocks():
        for at in range(block.size):
            if texts[0][block.a + at] != " ":
                shared[owners[0][block.a + at], owners[1][block.b + at]] += 1
    return shared
