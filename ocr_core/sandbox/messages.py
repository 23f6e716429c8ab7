"""What this process and a helper say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ocr_core.sources import RenderOptions
from schemas import Failure, Page, PageImage, PageRange


@dataclass(frozen=True, slots=True)
class CountPages:
    """Asks how many pages a source has: answered by a `Count`."""

    path: Path
    media_type: str
    options: RenderOptions


@dataclass(frozen=True, slots=True)
class DrawPages:
    """Asks for pages: answered by as many `PageImage`, `Page` or `Failure`."""

    path: Path
    pages: PageRange
    options: RenderOptions


@dataclass(frozen=True, slots=True)
class Request:
    """What a helper is asked.

    Attributes:
        timeout_s: what each answer may take, in seconds of CPU.
    """

    task: CountPages | DrawPages
    timeout_s: float


# Seconds of the clock for each of CPU: others use the machine, too, and disks may be far away.
# With 2.5, pages ran out of time on a machine with seven processes for each core.
CLOCK_PER_CPU = 6.0


@dataclass(frozen=True, slots=True)
class Ready:
    """A helper has started."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many pages there are."""

    pages: int


@dataclass(frozen=True, slots=True)
class Refused:
    """An error of ours ended the task: the code of an `InputError`; empty for a `ConfigError`."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Stumbled:
    """A bug of ours ended the task."""

    message: str


@dataclass(frozen=True, slots=True)
class Done:
    """All of a task has been answered."""


Answer = Ready | Count | PageImage | Page | Failure | Refused | Stumbled | Done
