"""Steps of an alignment -> rows of a table, a line of ground truth in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from pipelines.evaluation.alignment import Step

# Paragraphs that are one line in ground truth are broken where what was read is, from here on.
_LONG_ROW_WORDS = 24


@dataclass(frozen=True, slots=True)
class Row:
    """Words that stand side by side.

    Attributes:
        line: of ground truth that begins here, from 0; None if the row goes on with one, or holds
            nothing but what was added.
    """

    line: int | None
    steps: tuple[Step, ...]

    @property
    def is_same(self) -> bool:
        return all(step.kind == "same" for step in self.steps)


def make_rows(steps: Sequence[Step]) -> Iterator[Row]:
    """The rows of a page; a line that was read and is not there has a row of its own."""
    single = list(_single(steps))
    begun: set[int] = set()
    lines = zip(_lines(single), single, strict=True)
    for line, some in groupby(lines, key=itemgetter(0)):
        for part in _broken([step for _, step in some]):
            is_first = line is not None and line not in begun
            yield Row(line if is_first else None, tuple(part))
            begun |= {line} if line is not None else set()


def _lines(steps: Sequence[Step]) -> list[int | None]:
    """The line of ground truth beside which each step stands; None for lines that were added.

    Words that were added stand where the line goes on in which they were read, be it to the left.
    """
    added = _added_lines(steps)
    following: list[int | None] = []
    line: int | None = None
    for step in reversed(steps):
        line = step.truth[0].line if step.truth else line
        following.append(line)
    found: list[int | None] = []
    line, read_line = None, -1
    for step, next_line in zip(steps, reversed(following), strict=True):
        if step.read and not step.truth and step.read[0].line in added:
            found.append(None)
            continue
        if step.truth or step.read[0].line != read_line:
            line = line if next_line is None else next_line
        read_line = step.read[-1].line if step.read else read_line
        found.append(line)
    return found


def _broken(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """The same steps, broken where a line that was read ends, if they are many."""
    part: list[Step] = []
    read_line = -1
    for step in steps:
        if len(part) >= _LONG_ROW_WORDS and step.read and step.read[0].line > read_line:
            yield part
            part = []
        part.append(step)
        read_line = step.read[-1].line if step.read else read_line
    yield part


def _added_lines(steps: Sequence[Step]) -> set[int]:
    """The lines that were read of which nothing is in ground truth at this place."""
    lonely = {token.line for step in steps if not step.truth for token in step.read}
    return lonely - {token.line for step in steps if step.truth for token in step.read}


def _single(steps: Sequence[Step]) -> Iterator[Step]:
    """The same steps, but those of words on one side parted by lines of that side."""
    for step in steps:
        words = step.truth or step.read
        if step.truth and step.read:
            yield step
            continue
        for line in dict.fromkeys(token.line for token in words):
            some = tuple(token for token in words if token.line == line)
            yield Step(step.kind, some if step.truth else (), some if step.read else ())
