"""`python -m tests.dying_run MARK run INPUT...`: as `tests.stand_in_run`, but a worker is lost.

The first process to have looked at a few pages leaves the file MARK behind, and is killed.
"""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr_core.engine import Engine
from ocr_core.reading import LineReader
from pipelines.inference import EngineHandle
from tests import stand_in_ingest, stand_in_run
from tests.stand_ins import GreyRecogniser, PoisonedDetector

# Late enough for rows to have been written, early enough for many to be left.
_PAGES = 12


class DyingDetector(PoisonedDetector):
    """Kills its process, unless another has done so before."""

    def __init__(self, mark: Path) -> None:
        super().__init__()
        self._mark = mark

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        if len(self.calls) >= _PAGES and not self._mark.exists():
            self._mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(tiles)


def main(arguments: list[str]) -> int:
    """Runs one command; returns its exit code."""
    mark, *rest = arguments
    make_engine = partial(Engine, DyingDetector(Path(mark)), LineReader(GreyRecogniser()), None)
    stand_in_ingest.stand_in_handle = lambda: EngineHandle(make_engine, "stand-ins")
    return stand_in_run.main(rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
