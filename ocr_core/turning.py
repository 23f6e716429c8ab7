"""Pages that lie on a side or upside down: tried the other ways, and read again as they stand.

Which way up a page lies is told by `orientation`; this is what it is told from.
"""

from __future__ import annotations

from dataclasses import replace

from ocr_core import orientation
from ocr_core.finding import LineFinder
from ocr_core.page_reading import PageReader, ReadPage
from schemas import DetectedPage, PageImage


class PageTurner:
    """Turns pages the way in which their text reads best."""

    def __init__(self, finder: LineFinder, reader: PageReader) -> None:
        self._finder = finder
        self._reader = reader

    def stand_upright(self, read: ReadPage) -> ReadPage:
        """The page as it is if it reads well; else turned, and read again, where that is better."""
        if not _may_lie_wrong(read):
            return read
        trials = self._certainties(read.page)
        if not orientation.is_level(read.page.detections, trials):
            side = self._find(orientation.turned(read.page.image, 90))
            trials |= {90 + degrees: trial for degrees, trial in self._certainties(side).items()}
        best = orientation.best_turn(trials)
        if not best:
            return read
        return self._reader.read([self._find(orientation.turned(read.page.image, best))])[0]

    def _certainties(self, page: DetectedPage) -> dict[int, orientation.Trial]:
        """How surely a few lines of a page read as it lies, and turned by 180 degrees."""
        few = replace(page, detections=tuple(orientation.lines_to_try(page.detections)))
        read = self._reader.read([few, orientation.upside_down(few)])
        return {0: orientation.Trial.of(read[0].lines), 180: orientation.Trial.of(read[1].lines)}

    def _find(self, image: PageImage) -> DetectedPage:
        return self._finder.find([image])[0]


def _may_lie_wrong(read: ReadPage) -> bool:
    if not read.lines or read.page.image.layer:
        return False  # a text layer says which way is up
    return orientation.may_lie_wrong(read.page.detections, read.lines)
