"""`python -m ocr_core.sandbox.child`: a helper process, which opens and draws what it is asked to.

It reads requests from its standard input and ends with it. It reads sources and writes to its
standard output, and can do little else; see `confinement`.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import cv2

from ocr_core import sources
from ocr_core.errors import ConfigError, InputError, OutOfMemoryError
from ocr_core.sandbox import confinement, pipes
from ocr_core.sandbox.messages import (
    CLOCK_PER_CPU,
    Answer,
    Count,
    CountPages,
    Done,
    DrawPages,
    Ready,
    Refused,
    Request,
    Stumbled,
)
from ocr_core.sandbox.patience import rest_of
from schemas import Failure


def main(arguments: list[str]) -> int:
    """Serves until there is nobody left to serve.

    Args:
        arguments: bytes of memory that it may take, and what draws PDFs.
    """
    max_memory_bytes, renderer = arguments
    requests, answers = _take_pipes()
    cv2.setNumThreads(1)
    with suppress(OSError):  # where memory runs out, the kernel is to end this and not the run
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    confinement.confine(int(max_memory_bytes), may_start_programs=renderer == "poppler")
    with suppress(BrokenPipeError):
        pipes.send(answers, Ready())
        while (request := pipes.receive_request(requests)) is not None:
            for answer in answers_to(request):
                pipes.send(answers, answer)
    return 0


def answers_to(request: Request) -> Iterator[Answer]:
    """The answers, one after the other; the last is `Done` or says what went wrong.

    Each has to be found within the request's time, less what pages took that failed before it.
    Or else the kernel ends this process: libraries that hang leave Python no chance to.
    """
    answers = _work(request.task)
    lost_s = 0.0
    while True:
        began = time.process_time()
        _set_alarms(rest_of(request.timeout_s, lost_s))
        try:
            answer = next(answers, Done())
        except InputError as error:
            answer = Refused(error.code, str(error))
        except ConfigError as error:
            answer = Refused("", str(error))
        except MemoryError:
            answer = Refused(OutOfMemoryError.code, "it needs too much memory")
        # One source's trouble, and the caller's to tell.
        except Exception as error:  # noqa: BLE001
            answer = Stumbled(f"{type(error).__name__}: {error}")
        _set_alarms(0)
        if isinstance(answer, Failure):
            lost_s += time.process_time() - began
        yield answer
        if isinstance(answer, Done | Refused | Stumbled):
            return


def _set_alarms(cpu_s: float) -> None:
    """When this process is to be ended; never by 0."""
    signal.setitimer(signal.ITIMER_PROF, cpu_s)
    signal.setitimer(signal.ITIMER_REAL, cpu_s * CLOCK_PER_CPU)


def _work(task: CountPages | DrawPages) -> Iterator[Answer]:
    if isinstance(task, CountPages):
        yield Count(sources.count_pages(task.path, task.media_type, task.options))
    else:
        yield from sources.render_pages(task.path, task.pages, task.options)


def _take_pipes() -> tuple[int, int]:
    """What was standard input and output, where no library can read or write by accident."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, answers


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
