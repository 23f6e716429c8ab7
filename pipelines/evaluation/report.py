"""A folder of pages that shows, page by page, how what was read differs from ground truth.

index.html, index-N.html     the measures, and the list of all pages, worst first
report.css, report.js        how they look, and the keys
pages/N.html                 the N-th worst page: what it says, what was read
pictures/N.jpg               its picture
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ocr_core.errors import ConfigError
from pipelines.evaluation import list_page, sheet_page, style
from pipelines.evaluation.alignment import Step
from pipelines.evaluation.characters import compare_characters
from pipelines.evaluation.list_page import Summary
from pipelines.evaluation.sheet_page import Place
from pipelines.evaluation.sheets import Sheet
from pipelines.evaluation.thumbnails import Thumbnails
from pipelines.progress import Headway

# Pages in one file of the list.
_SHEETS_A_PART = 500
# Longer stretches are not one mistake but text that is not there.
_MISTAKE_CHARACTERS = 3
_MISTAKES = 30


class SheetHeadway(Headway):
    """Pages that are written."""

    @property
    def position(self) -> float:
        return self.pages

    def in_words(self) -> str:
        return f"{self.pages}/{self.documents} pages, {self.pages_per_second:.1f} pages/s"


class ReportFolder:
    """Writes the pages of a report.

    Args:
        pictures: what draws them; None for none.
    """

    def __init__(self, folder: Path, pictures: Thumbnails | None = None) -> None:
        self._folder = folder
        self._pictures = pictures
        self._mistakes: Counter[tuple[str, str]] = Counter()

    def write(self, title: str, sheets: Iterable[Sheet], summary: Summary) -> Iterator[int]:
        """Writes all of it; gives how many pages have been written after every page.

        Raises:
            ConfigError: there is something in the folder already.
        """
        check_folder(self._folder)
        worst_first = sorted(sheets, key=lambda sheet: (sheet.found, -sheet.counts.cer))
        for name in ("pages", "pictures") if self._pictures else ("pages",):
            (self._folder / name).mkdir(parents=True)
        self._write("report.css", [style.CSS])
        self._write("report.js", [style.KEYS])
        for number, sheet in enumerate(worst_first, 1):
            self._write_sheet(sheet, Place(number, len(worst_first), _part_of(number)))
            yield number
        self._write_list(title, worst_first, summary)

    def _write_sheet(self, sheet: Sheet, place: Place) -> None:
        steps = sheet.steps()
        self._mistakes.update(_mistakes(steps, sheet.fold_case))
        picture = self._draw(sheet, place.number)
        self._write(
            f"pages/{place.number}.html", sheet_page.sheet_html(sheet, steps, place, picture)
        )

    def _draw(self, sheet: Sheet, number: int) -> str | None:
        """The address of the picture of a page, as seen from the page; None if there is none."""
        picture = self._pictures.draw(sheet.uri, sheet.page_index) if self._pictures else None
        if picture is None:
            return None
        (self._folder / f"pictures/{number}.jpg").write_bytes(picture)
        return f"../pictures/{number}.jpg"

    def _write_list(self, title: str, sheets: Sequence[Sheet], summary: Summary) -> None:
        numbered = list(enumerate(sheets, 1))
        starts = range(0, len(numbered), _SHEETS_A_PART)
        shown = list_page.summary_html(summary, len(sheets))
        shown += list_page.mistakes_html(self._mistakes.most_common(_MISTAKES))
        for part, start in enumerate(starts):
            some = numbered[start : start + _SHEETS_A_PART]
            html = list_page.list_html(title, shown, some, (part, len(starts)))
            self._write(list_page.list_name(part), html)

    def _write(self, name: str, content: Iterable[str]) -> None:
        with (self._folder / name).open("w", encoding="utf-8", errors="replace") as file:
            file.writelines(content)


def check_folder(folder: Path) -> None:
    """Makes sure that nothing is written over.

    Raises:
        ConfigError: there is something in the folder, or it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} is not an empty folder: choose another for --html")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder} cannot be written: {error.strerror}") from error


def _part_of(number: int) -> str:
    return list_page.list_name((number - 1) // _SHEETS_A_PART)


def _mistakes(steps: Iterable[Step], fold_case: bool) -> Iterator[tuple[str, str]]:
    for step in steps:
        for segment in compare_characters(step, fold_case) if step.kind == "changed" else ():
            longest = max(len(segment.truth), len(segment.read))
            if segment.mark != "same" and longest <= _MISTAKE_CHARACTERS:
                yield segment.truth, segment.read
