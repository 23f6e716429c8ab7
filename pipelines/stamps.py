"""What tells that a file is still as it was: its name, its size, and when it was last written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# The coarsest clock of a file system that people use: FAT counts in steps of two seconds.
_TICK_S = 2.0


@dataclass(frozen=True, slots=True)
class Stamp:
    """A file at one moment.

    Attributes:
        modified_ns: when it was last written, in nanoseconds since 1970, as its store says.
    """

    uri: str
    size_bytes: int
    modified_ns: int

    @property
    def modified_s(self) -> float:
        """The same in seconds."""
        return self.modified_ns / 1e9


@dataclass(frozen=True, slots=True)
class KnownStamp:
    """A file at one moment, and what was in it.

    Attributes:
        doc_id: SHA-256 of its bytes, in hexadecimal; empty if they could not be had.
        tells: whether a later change must show in the stamp; if not, the file is opened again.
    """

    stamp: Stamp
    doc_id: str
    tells: bool = True

    def as_json(self) -> dict[str, Any]:
        """As plain values; `from_json` undoes it."""
        stamp = self.stamp
        return {
            "uri": stamp.uri,
            "bytes": stamp.size_bytes,
            "modified_ns": stamp.modified_ns,
            "doc_id": self.doc_id,
        }

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> KnownStamp:
        """From plain values."""
        stamp = Stamp(values["uri"], values["bytes"], values["modified_ns"])
        return KnownStamp(stamp, values["doc_id"])


def of_status(uri: str, status: os.stat_result) -> Stamp:
    """The stamp of a local file with this status."""
    return Stamp(uri, status.st_size, status.st_mtime_ns)


def is_settled(stamp: Stamp, now_s: float, settle_s: float) -> bool:
    """Whether a file has been left alone for so long that whoever writes it must be done.

    A time that lies far in the future tells of a wrong clock and of nothing else: such a file
    would otherwise never be read.
    """
    return abs(now_s - stamp.modified_s) >= settle_s


def tells_changes(stamp: Stamp, read_s: float) -> bool:
    """Whether a later change must show in the stamp of a file that was read at `read_s`.

    It need not if the file was written just before: the clock of its store may not have moved on.
    """
    return abs(read_s - stamp.modified_s) >= _TICK_S
