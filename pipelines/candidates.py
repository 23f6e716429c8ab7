"""The files of an inbox that are to be opened, told from those that need not be.

Nothing is opened here: a file's name, size and time decide. What is found is kept on disk, so that
a million new files take no more memory than ten, and it is known from the start how many they are.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

from pipelines import discovery, stamps, storage
from pipelines.known import Known, Standing
from pipelines.stamps import Stamp

# What is done with a file. The first four are opened; the others are left alone, as just written,
# as older than asked for, or for what stands of their content.
Verdict = Literal[
    "new", "changed", "retry", "reprocess",
    "unsettled", "older", "done", "outdated", "quarantined",
]  # fmt: skip
REASONS: tuple[Verdict, ...] = ("new", "changed", "retry", "reprocess")

_VERDICT_OF: dict[Standing, Verdict] = {
    "failed": "retry",
    "unknown": "reprocess",
    "done": "done",
    "outdated": "outdated",
    "quarantined": "quarantined",
}


@dataclass(frozen=True, slots=True)
class Window:
    """Which files an ingest looks at, by their time.

    Attributes:
        now_s: when it began, in seconds since 1970.
        settle_s: how long a file must have been left alone.
        since_s: before what time files are left out, in seconds since 1970.
    """

    now_s: float
    settle_s: float
    since_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that is to be opened, and for which of the `REASONS`."""

    stamp: Stamp
    reason: Verdict


@dataclass(slots=True)
class Sighting:
    """What was seen of an inbox.

    Attributes:
        verdicts: how many files there were of each.
        unseen: what could not be looked into, in words.
        other_kinds: by suffix, the files that are of no kind that is read.
    """

    verdicts: Counter[str] = field(default_factory=Counter)
    unseen: list[str] = field(default_factory=list)
    other_kinds: Counter[str] = field(default_factory=Counter)


class Candidates:
    """Candidates on disk, in the order in which they were found."""

    def __init__(self) -> None:
        self._lines: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Candidate]:
        self._lines.seek(0)
        for line in self._lines:
            reason, *stamp = json.loads(line)
            yield Candidate(Stamp(*stamp), reason)

    def add(self, candidate: Candidate) -> None:
        """Puts one at the end."""
        stamp = candidate.stamp
        values = [candidate.reason, stamp.uri, stamp.size_bytes, stamp.modified_ns]
        print(json.dumps(values), file=self._lines)
        self._count += 1

    def close(self) -> None:
        """Removes them."""
        self._lines.close()


def look_through(
    folders: Sequence[str],
    leave_out: Collection[Path],
    judge: Callable[[Stamp], Verdict],
    pass_by: Callable[[Stamp, Verdict], None],
) -> tuple[Candidates, Sighting]:
    """What is to be opened of the files below some folders, and what was seen of all.

    Args:
        leave_out: folders that are not looked into, absolute and without links.
        pass_by: called with what is left alone.
    """
    candidates, sighting = Candidates(), Sighting()

    def fail(error: OSError) -> None:
        sighting.unseen.append(f"{error.filename}: {error.strerror}")

    for stamp in _files(folders, leave_out, fail, sighting.other_kinds):
        verdict = judge(stamp)
        sighting.verdicts[verdict] += 1
        if verdict in REASONS:
            candidates.add(Candidate(stamp, verdict))
        else:
            pass_by(stamp, verdict)
    return candidates, sighting


def judge(stamp: Stamp, known: Known, window: Window) -> Verdict:
    """What is done with a file."""
    if stamp.modified_s < window.since_s:
        return "older"
    if known.holds(stamp):
        return _VERDICT_OF[known.standing_of(stamp)]
    if not stamps.is_settled(stamp, window.now_s, window.settle_s):
        return "unsettled"
    return "changed" if known.is_named(stamp.uri) else "new"


def _files(
    folders: Sequence[str],
    leave_out: Collection[Path],
    fail: Callable[[OSError], None],
    other_kinds: Counter[str],
) -> Iterator[Stamp]:
    """Every file once, though folders be named twice or lie in one another."""
    for at, folder in enumerate(folders):
        earlier = tuple(f"{other.rstrip('/')}/" for other in folders[:at])
        if f"{folder.rstrip('/')}/".startswith(earlier):
            continue
        seen = {Path(other).resolve() for other in folders[:at] if not storage.is_remote(other)}
        for stamp in discovery.walk(folder, {*leave_out, *seen}, fail, other_kinds):
            if not stamp.uri.startswith(earlier):
                yield stamp
