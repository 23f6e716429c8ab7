"""How far a training by epochs, or what it is made from, has come: told on standard error."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    track,
)

Step = TypeVar("Step")


def shown(what: str, steps: Sequence[Step]) -> Iterator[Step]:
    """The same steps, with a bar of how many are done on a terminal, and nothing elsewhere."""
    console = Console(stderr=True)
    quiet = not console.is_terminal
    yield from track(steps, what, console=console, transient=True, disable=quiet)


class Display:
    """A bar with rate and time left on a terminal, and a line for each epoch anywhere.

    Args:
        samples: how many an epoch has.
    """

    def __init__(self, epochs: int, samples: int) -> None:
        self._epochs = epochs
        self._samples = samples
        self._began = time.monotonic()
        self._seen = 0
        self._first: int | None = None
        console = Console(stderr=True)
        self._bar = Progress(
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.description}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("starting", total=epochs * samples)

    def __enter__(self) -> Display:
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.stop()

    def step(self, epoch: int, samples: int, loss: float) -> None:
        """After each batch.

        Args:
            epoch: from 0.
            samples: how many the batch has.
        """
        self._seen += samples
        if self._bar.disable:
            return
        if self._first is None:  # a resumed training begins further on
            self._first = epoch * self._samples
        rate = self._seen / max(time.monotonic() - self._began, 1e-9)
        words = f"epoch {epoch + 1}/{self._epochs}, loss {loss:.4f}, {rate:.0f} samples/s"
        self._bar.update(self._task, completed=self._first + self._seen, description=words)

    def end_epoch(self, entry: Mapping[str, float], best_epoch: int) -> None:
        """After each epoch, with its entry of the log."""
        told = {name: round(value, 5) for name, value in entry.items()}
        self.tell(json.dumps(told) + (" (best)" if best_epoch == entry["epoch"] else ""))

    def tell(self, words: str) -> None:
        """A line of its own."""
        if self._bar.disable:
            sys.stderr.write(words + "\n")
            sys.stderr.flush()
        else:
            self._bar.console.out(words, highlight=False)
