"""Page images -> pages, with one engine for all stages and threads of a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import apache_beam as beam
import cv2
import torch
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.shared import Shared
from apache_beam.utils.windowed_value import WindowedValue

import ocr_core
from ocr_core import restorer_files
from ocr_core.cleaning import steps
from ocr_core.engine import Engine
from ocr_core.isolation import apart, failure_of
from pipelines import digest
from pipelines.options import ReadOptions
from schemas import DetectedPage, Failure, Page, PageImage
from schemas.document import Stage

Before = TypeVar("Before")
After = TypeVar("After")
AnyPage = TypeVar("AnyPage", Page, PageImage)


@dataclass(frozen=True, slots=True)
class EngineHandle:
    """How every stage of a process gets the same engine.

    One handle holds both networks: of several, Beam's `Shared` keeps only the last alive.

    Attributes:
        make_engine: opens the weights; pickles.
        digest: of the weights.
        settings: how they are run, such as on which device.
    """

    make_engine: Callable[[], Engine]
    digest: str
    settings: str = ""
    _shared: Shared = field(default_factory=Shared)

    def acquire(self) -> Engine:
        """The engine of this process, opened by whoever comes first.

        Sets PyTorch and OpenCV to one thread: threads are for pages, and several in one
        convolution cost twice the work and save no time.
        """
        torch.set_num_threads(1)
        cv2.setNumThreads(1)
        return self._shared.acquire(self.make_engine, tag=f"{self.digest} {self.settings}")


def handle_for(read: ReadOptions) -> EngineHandle:
    """The handle of the engine that `ocr_core.load` opens with these options.

    Raises:
        ConfigError: there is no such quality, no such file of words, or nothing to restore with.
        WeightsError: there are no such weights.
    """
    how = (read.device, read.corrections, read.precision, read.profile, read.backend, read.restore)
    make_engine = partial(ocr_core.load, read.weights, *how)
    settings = (*how, restorer_files.digest(read.weights) if read.restore else "")
    return EngineHandle(
        make_engine, digest.weights_digest(read.weights), " ".join(map(str, settings))
    )


class BatchPages(beam.DoFn):
    """Gathers page images to be read together; never more than either limit, never none.

    A page above the limit of pixels is a batch of its own, and so is what is not to be read: a
    failure, or a page whose text is known. The limits are kept within a bundle: some runners end
    theirs only after thousands of pages.
    """

    def __init__(self, max_pages: int, max_megapixels: float = 80.0) -> None:
        self._max_pages = max_pages
        self._max_pixels = max_megapixels * 1e6
        self._batch: list[PageImage | Page | Failure] = []
        self._pixels = 0

    def start_bundle(self) -> None:
        self._take()

    def process(
        self, page: PageImage | Page | Failure
    ) -> Iterator[list[PageImage | Page | Failure]]:
        if not isinstance(page, PageImage):
            yield [page]
            return
        if self._batch and self._pixels + page.pixels.size > self._max_pixels:
            yield self._take()
        self._batch.append(page)
        self._pixels += page.pixels.size
        if len(self._batch) >= self._max_pages:
            yield self._take()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        if self._batch:
            yield GlobalWindows.windowed_value_at_end_of_window(self._take())

    def _take(self) -> list[PageImage | Page | Failure]:
        batch, self._batch, self._pixels = self._batch, [], 0
        return batch


class DetectText(beam.DoFn):
    """Gives batches of page images to `engine.detect_pages`."""

    def __init__(self, handle: EngineHandle) -> None:
        self._handle = handle

    def setup(self) -> None:
        self._engine = self._handle.acquire()

    def process(
        self, batch: Sequence[PageImage | Page | Failure]
    ) -> Iterator[list[DetectedPage | Page | Failure]]:
        yield apply_to_read(self._engine.detect_pages, batch)


class RecogniseLines(beam.DoFn):
    """Gives batches of detected pages to `engine.recognise_pages`; pages leave one by one."""

    def __init__(self, handle: EngineHandle) -> None:
        self._handle = handle

    def setup(self) -> None:
        self._engine = self._handle.acquire()

    def process(self, batch: Sequence[DetectedPage | Page | Failure]) -> Iterator[Page | Failure]:
        yield from apply_to_read(self._engine.recognise_pages, batch)


class CorrectLines(beam.DoFn):
    """Corrects each page with `engine.correct_page`."""

    def __init__(self, handle: EngineHandle) -> None:
        self._handle = handle

    def setup(self) -> None:
        self._engine = self._handle.acquire()

    def process(self, page: Page | Failure) -> Iterator[Page | Failure]:
        yield apply_alone(self._engine.correct_page, page, "correct")


class OrderBlocks(beam.DoFn):
    """Puts the lines of each page into blocks and reading order with `engine.lay_out_page`."""

    def __init__(self, handle: EngineHandle) -> None:
        self._handle = handle

    def setup(self) -> None:
        self._engine = self._handle.acquire()

    def process(self, page: Page | Failure) -> Iterator[Page | Failure]:
        yield apply_alone(self._engine.lay_out_page, page, "layout")


def prepare_page(
    page: PageImage | Page | Failure, cleaning: tuple[str, ...] = (steps.AUTO,)
) -> PageImage | Page | Failure:
    """The page as the detector wants it; one whose text is known stays as it is.

    Args:
        cleaning: what is done to it; see `ocr_core.cleaning.steps`.
    """
    if isinstance(page, Page):
        return page
    return apply_alone(partial(steps.prepare_page, steps=cleaning), page, "prepare")


def apply_alone(
    function: Callable[[AnyPage], AnyPage], page: AnyPage | Failure, stage: Stage
) -> AnyPage | Failure:
    """What a function makes of one page; what failed before stays as it is."""
    if isinstance(page, Failure):
        return page
    [result] = apart(
        [page],
        lambda pages: [function(pages[0])],
        lambda page, error: failure_of(page.ref, stage, error),
    )
    return result


def apply_to_read(
    function: Callable[[list[Before]], Sequence[After | Failure]],
    batch: Sequence[Before | Page | Failure],
) -> list[After | Page | Failure]:
    """What a function makes of a batch, in its order; what failed or is read stays as it is."""
    before = [page for page in batch if not isinstance(page, Page | Failure)]
    results = iter(function(before) if before else [])
    return [page if isinstance(page, Page | Failure) else next(results) for page in batch]
