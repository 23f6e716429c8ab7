"""A helper process as its owner sees it: started, asked, and ended whatever it is doing."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ocr_core.errors import ConfigError, CrashedRendererError, OutOfMemoryError, TookTooLongError
from ocr_core.sandbox import pipes
from ocr_core.sandbox.messages import (
    CLOCK_PER_CPU,
    Answer,
    Done,
    Ready,
    Refused,
    Request,
    Stumbled,
)
from ocr_core.sources import Renderer, RenderOptions

_COMMAND = (sys.executable, "-P", "-m", "ocr_core.sandbox.child")
_ROOT = Path(__file__).parents[2]

# A helper ends itself when its time is up. Where it cannot, as when its machine was halted, it is
# ended so much later.
_GRACE_S = 5.0
_START_S = 60.0

# What a helper has of the environment: nothing that would let it in anywhere.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PYTHONPATH", "TMPDIR")

# One thread, as each takes addresses. And glibc is to keep memory from page to page: asking the
# kernel for it anew takes 10 ms for a page of 7 megapixels, a quarter of what decoding it does.
_SETTINGS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
    "MALLOC_TOP_PAD_": str(16 << 20),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a helper is started with; one can do the work of another on the same."""

    max_memory_bytes: int
    renderer: Renderer

    @staticmethod
    def of(options: RenderOptions) -> Terms:
        """Those that rendering by these options needs."""
        return Terms(options.limits.max_memory_bytes, options.renderer)


class Helper:
    """A process that opens and draws sources, one request after the other.

    Only for use by one thread at a time.

    Attributes:
        requests: how many there have been.
        is_idle: whether it can be asked.

    Raises:
        ConfigError: it cannot be started.
    """

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.requests = 0
        self.is_idle = False
        with tempfile.TemporaryFile() as errors:
            self._process = subprocess.Popen(
                [*_COMMAND, str(terms.max_memory_bytes), terms.renderer],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                bufsize=0,
                env=_environment(),
                start_new_session=True,  # so that what it starts can be ended with it
            )
            try:
                self._greet()
            except (EOFError, TimeoutError, pickle.UnpicklingError) as error:
                self.close()
                errors.seek(0)
                reason = (errors.read().decode(errors="replace").splitlines() or ["no reason"])[-1]
                raise ConfigError(
                    f"the process that draws pages cannot be started: {reason}"
                ) from error

    def ask(self, request: Request) -> Iterator[Answer]:
        """What it answers, one by one, without the `Done` at the end.

        After an error, or when not all answers have been taken, it can only be closed.

        Raises:
            TookTooLongError, OutOfMemoryError, CrashedRendererError: it ended over the request.
        """
        self.requests += 1
        self.is_idle = False
        try:
            pipes.send(self._stdin, request)
            while not self.is_idle:
                answer = self._answer(request.timeout_s * CLOCK_PER_CPU + _GRACE_S)
                self.is_idle = isinstance(answer, Done | Refused | Stumbled)
                if not isinstance(answer, Done):
                    yield answer
        except TimeoutError as error:
            raise _too_long(request) from error
        except pickle.UnpicklingError as error:
            raise CrashedRendererError(f"the helper process lost its senses: {error}") from error
        except (EOFError, BrokenPipeError) as error:
            raise self._cause_of_death(request) from error

    def close(self) -> None:
        """Ends the process, and whatever it has started."""
        self.is_idle = False
        if self._process.returncode is None:  # not waited for, so nobody else has its number
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):  # then it is reaped when the next one starts
            self._process.wait(_GRACE_S)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _greet(self) -> None:
        if not isinstance(self._answer(_START_S), Ready):
            raise pickle.UnpicklingError("an answer to nothing")
        self.is_idle = True

    def _answer(self, timeout_s: float) -> Answer:
        answer = pipes.receive_answer(self._stdout, timeout_s, self.terms.max_memory_bytes)
        if not isinstance(answer, Answer):
            raise pickle.UnpicklingError(f"a {type(answer).__name__}")
        return answer

    @property
    def _stdin(self) -> int:
        assert self._process.stdin is not None
        return self._process.stdin.fileno()

    @property
    def _stdout(self) -> int:
        assert self._process.stdout is not None
        return self._process.stdout.fileno()

    def _cause_of_death(
        self, request: Request
    ) -> TookTooLongError | OutOfMemoryError | CrashedRendererError:
        self.close()  # it is dead or as good as dead, but what it has started may not be
        code = self._process.returncode
        if code is None:
            return CrashedRendererError("the helper process ended over it, but would not go away")
        if code in {-signal.SIGALRM, -signal.SIGPROF}:
            return _too_long(request)
        if code == -signal.SIGKILL:  # not by us: so the system does when memory runs out
            return OutOfMemoryError("the helper process was killed, as memory ran out")
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return CrashedRendererError(f"the helper process crashed over it ({name})")


def _too_long(request: Request) -> TookTooLongError:
    return TookTooLongError(
        f"it took longer than {request.timeout_s:.3g} s of CPU: raise the limit if it is worth it"
    )


def _environment() -> dict[str, str]:
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    paths = [str(_ROOT), environment.get("PYTHONPATH", "")]
    return environment | _SETTINGS | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
