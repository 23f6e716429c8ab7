"""Pages through which the other side of the sheet shows: cleared of it, and read again.

Which lines are of the other side is told by `other_side`; this is what is done about them.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence, Set
from dataclasses import replace

from ocr_core import other_side
from ocr_core.finding import LineFinder
from ocr_core.page_reading import PageReader, ReadPage

# From so many lines of the other side on, it also runs into lines of this one: the page is read
# again without it. Fewer are left out.
MANY = 4
# Ink of the other side is hardly ever darker than that of its lines by more than this.
DARKER = 1.3


class PageClearer:
    """Takes away what is of the other side of the sheet."""

    def __init__(self, finder: LineFinder, reader: PageReader) -> None:
        self._finder = finder
        self._reader = reader

    def clear(self, read: Sequence[ReadPage]) -> list[ReadPage]:
        """The pages as they are if nothing shows through."""
        return [
            self._clear(one, numbers) if numbers else one
            for one, numbers in zip(read, self._reader.of_other_side(read), strict=True)
        ]

    def _clear(self, read: ReadPage, numbers: Set[int]) -> ReadPage:
        if len(numbers) >= MANY and not read.page.image.layer:
            read = self._read_again(read, numbers)
            (numbers,) = self._reader.of_other_side([read])
        return read.without(numbers)

    def _read_again(self, read: ReadPage, numbers: Set[int]) -> ReadPage:
        """What is read without all that is as faint as these lines."""
        depth = statistics.median(other_side.ink_depth(read.crops[n]) for n in numbers)
        image = read.page.image
        pixels = other_side.without_faint(image.pixels, DARKER * depth)
        (page,) = self._finder.find([replace(image, pixels=pixels)])
        (again,) = self._reader.read([page])
        return again
