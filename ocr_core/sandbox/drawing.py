"""`inspect` and `render_pages` of `ocr_core.sources`, by a helper process.

Whatever a source does to the libraries that read it ends as an error of ours: a crash is tried
once more by a helper that nothing has spoilt, and what takes too long or too much memory is not
waited for.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path

from ocr_core import sources
from ocr_core.errors import (
    ConfigError,
    CrashedRendererError,
    InputError,
    OutOfMemoryError,
    TookTooLongError,
)
from ocr_core.sandbox.helper import Helper, Terms
from ocr_core.sandbox.messages import (
    CLOCK_PER_CPU,
    Answer,
    Count,
    CountPages,
    DrawPages,
    Refused,
    Request,
    Stumbled,
)
from ocr_core.sandbox.patience import Patience
from ocr_core.sandbox.pool import Pool
from ocr_core.sources import DEFAULT_OPTIONS, RenderOptions
from schemas import Failure, Page, PageImage, PageRange, Source

_BY_CODE = {error.code: error for error in InputError.__subclasses__()}

# What may be the fault of what a helper did before, and so is tried once more by a new one. Not
# what takes too long: it would take as long again.
_TRIED_AGAIN = (CrashedRendererError, OutOfMemoryError)


def inspect(path: Path, uri: str, options: RenderOptions = DEFAULT_OPTIONS) -> Source:
    """What is in a file; see `ocr_core.sources.inspect`.

    Raises:
        InputError: it cannot be read, or holds nothing that can be.
        ConfigError: a helper process cannot be started.
    """
    return shared().inspect(path, uri, options)


def render_pages(
    path: Path, pages: PageRange, options: RenderOptions = DEFAULT_OPTIONS
) -> Iterator[PageImage | Page | Failure]:
    """Draws the pages of a range in order; see `ocr_core.sources.render_pages`.

    Raises:
        ConfigError: the options cannot be followed, or a helper process cannot be started.
    """
    return shared().render_pages(path, pages, options)


@functools.cache
def shared() -> Sandbox:
    """The one of this process."""
    return Sandbox()


class Sandbox:
    """Helper processes, and what is known of the documents that they met."""

    def __init__(self) -> None:
        self._pool = Pool()
        self._patience = Patience()

    def inspect(self, path: Path, uri: str, options: RenderOptions) -> Source:
        """What is in a file; see `inspect`."""
        doc_id, size_bytes, media_type = sources.identify(path, options.limits)
        self._patience.begin(doc_id)
        request = Request(CountPages(path, media_type, options), options.limits.page_timeout_s)
        try:
            page_count = self._count(request, options)
        except _TRIED_AGAIN:
            page_count = self._count(request, options)
        return Source(doc_id, uri, size_bytes, media_type, page_count)

    def render_pages(
        self, path: Path, pages: PageRange, options: RenderOptions
    ) -> Iterator[PageImage | Page | Failure]:
        """Draws the pages of a range in order; see `render_pages`."""
        options.check()
        source = pages.source
        left = list(pages.page_indices)
        failed_over = None  # the page that a helper has failed over
        while left:
            try:
                for drawn in self._draw(path, PageRange(source, tuple(left)), options):
                    yield drawn
                    del left[0]
            except InputError as error:
                if isinstance(error, _TRIED_AGAIN) and failed_over != left[0]:
                    failed_over = left[0]
                else:
                    yield Failure(
                        source.doc_id, source.uri, left.pop(0), "render", error.code, str(error)
                    )

    def close(self) -> None:
        """Ends the helpers that are idle."""
        self._pool.close()

    def _count(self, request: Request, options: RenderOptions) -> int:
        with self._helper(options) as helper:
            answers = list(_answers(helper, request))
        match answers:
            case [Count(int(pages))]:
                return pages
            case _:
                raise _nonsense(answers)

    def _draw(
        self, path: Path, pages: PageRange, options: RenderOptions
    ) -> Iterator[PageImage | Page | Failure]:
        """What one helper draws of a range.

        Raises:
            InputError: it failed over the first page that it did not give.
        """
        doc_id = pages.source.doc_id
        timeout_s = self._patience.timeout_s(doc_id, options.limits.page_timeout_s)
        if not timeout_s:
            raise TookTooLongError("pages before it took too long, and the document is given up")
        request = Request(DrawPages(path, pages, options), timeout_s)
        with self._helper(options) as helper, closing(_answers(helper, request)) as answers:
            for page_index in pages.page_indices:
                began = time.monotonic()
                try:
                    drawn = _page_of(next(answers, None), page_index)
                except InputError as error:
                    is_late = isinstance(error, TookTooLongError)
                    self._patience.lose(doc_id, timeout_s if is_late else _cpu_s_since(began))
                    raise
                if isinstance(drawn, Failure):
                    self._patience.lose(doc_id, _cpu_s_since(began))
                yield drawn
            with suppress(InputError):  # over closing the source: the pages are there
                next(answers, None)  # so that the helper is seen to be done

    def _helper(self, options: RenderOptions) -> AbstractContextManager[Helper]:
        return self._pool.helper(Terms.of(options))


def _answers(helper: Helper, request: Request) -> Generator[Answer, None, None]:
    """What a helper answers; an answer that says why there is none is raised."""
    for answer in helper.ask(request):
        match answer:
            case Refused(code="", message=message):
                raise ConfigError(message)
            case Refused(code, message):
                raise _BY_CODE.get(code, InputError)(message)
            case Stumbled(message):
                raise _bug(message)
        yield answer


def _page_of(answer: Answer | None, page_index: int) -> PageImage | Page | Failure:
    """An answer that is what was asked for.

    Raises:
        InputError: it is not, or memory ran out.
    """
    match answer:
        case Failure(code=OutOfMemoryError.code, message=message):
            raise OutOfMemoryError(message)
        case Failure(page_index=index) if index == page_index:
            return answer
        case PageImage(ref=ref) | Page(ref=ref) if ref.page_index == page_index:
            return answer
    raise _nonsense(answer)


def _cpu_s_since(began: float) -> float:
    """Seconds of CPU that a helper may at least have taken since then."""
    return (time.monotonic() - began) / CLOCK_PER_CPU


def _nonsense(answer: object) -> CrashedRendererError:
    return CrashedRendererError(
        f"the helper process lost its senses: its answer was a {type(answer).__name__}"
    )


def _bug(message: str) -> InputError:
    return InputError(message, "internal-error")
