"""Which document that was read belongs to which ground truth, by their names."""

from __future__ import annotations

import fnmatch
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ocr_core.errors import ConfigError
from ocr_core.exporters.text import export_text
from pipelines import ground_truth, run_folders, runs
from pipelines.ground_truth import Truth
from schemas import Page


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was read of one document.

    Attributes:
        path: of the document, without its suffix; its last parts are matched with ground truth.
        pages: none if only the text is known.
        uri: of the document in the run; empty if only the text is known.
    """

    path: PurePosixPath
    text: str
    pages: tuple[Page, ...] = ()
    uri: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Ground truth and what was read of the same document; None if nothing was.

    Attributes:
        fold_case: whether capitals count as small letters.
    """

    truth: Truth
    read: Prediction | None
    fold_case: bool = False

    @property
    def prediction(self) -> Prediction:
        """What was read; of a document that is missing, nothing."""
        return self.read or Prediction(self.truth.path, "")


def read_predictions(run: str, like: str = "*") -> list[Prediction]:
    """What the committed runs of an output hold, or what the .txt files of a folder say.

    Raises:
        ConfigError: it holds neither, or nothing that is called so.
    """
    found = _predictions_of_run(run) if runs.committed(run) else _predictions_of_texts(Path(run))
    chosen = [one for uri, one in found if fnmatch.fnmatch(uri, like)]
    if not chosen:
        raise ConfigError(f"{run} holds no document that --like {like!r} matches")
    return chosen


def _predictions_of_run(run: str) -> Iterable[tuple[str, Prediction]]:
    for document in runs.read_documents(run):
        uri = document.source.uri
        pages = tuple(page for page in document.pages if isinstance(page, Page))
        path = PurePosixPath(uri).with_suffix("")
        yield uri, Prediction(path, export_text(document).decode(), pages, uri)


def _predictions_of_texts(folder: Path) -> Iterable[tuple[str, Prediction]]:
    run_folders.check_folder(str(folder))
    files = [
        file
        for file in sorted(folder.rglob("*.txt"))
        if not file.name.endswith(ground_truth.SUFFIX)
    ]
    if not files:
        raise ConfigError(f"{folder} holds neither a committed run nor .txt files")
    for file in files:
        path = PurePosixPath(file.as_posix())
        yield str(path), Prediction(path.with_suffix(""), ground_truth.read_text(file))


def pair_documents(
    predictions: Iterable[Prediction], truths: Sequence[Truth], truth_name: str = ""
) -> dict[PurePosixPath, list[Pair]]:
    """Every ground truth and what was read of it, by folder of ground truth.

    Folders of which nothing was read are left out. In a folder where all ground truth is in
    capitals, case is not compared.

    Args:
        truth_name: name of the folder of ground truth, for documents whose names alone would not
            tell them apart.

    Raises:
        ConfigError: nothing was read of what there is ground truth for, or twice.
    """
    by_name: dict[str, list[Prediction]] = defaultdict(list)
    for prediction in predictions:
        by_name[_composed(prediction.path).name].append(prediction)
    by_folder: dict[PurePosixPath, list[Truth]] = defaultdict(list)
    for truth in truths:
        by_folder[truth.path.parent].append(truth)
    folders: dict[PurePosixPath, list[Pair]] = {}
    for folder, inside in by_folder.items():
        texts = "".join(truth.text for truth in inside)
        fold_case = texts == texts.upper()
        pairs = [
            Pair(truth, _find(by_name[path.name], path, truth_name), fold_case)
            for truth, path in ((truth, _composed(truth.path)) for truth in inside)
        ]
        if any(pair.read for pair in pairs):
            folders[folder] = pairs
    if not folders:
        raise ConfigError(_strangers(by_name, truths))
    return folders


def _find(candidates: list[Prediction], path: PurePosixPath, truth_name: str) -> Prediction | None:
    """The document whose path ends as that of its ground truth does."""
    whole = _composed(truth_name / path)
    found = [candidate for candidate in candidates if _ends_with(candidate.path, path)]
    nearer = [candidate for candidate in found if _ends_with(candidate.path, whole)]
    found = nearer or found
    if len(found) > 1:
        raise ConfigError(_ambiguity(found, path))
    return found[0] if found else None


def _ambiguity(found: Sequence[Prediction], path: PurePosixPath) -> str:
    names = sorted({one.uri or str(one.path) for one in found})
    if len(names) == 1:
        return f"{names[0]} is in several of these runs: evaluate them one at a time"
    return f"{path} could be any of {', '.join(names)}: choose by --like '*.png'"


def _ends_with(path: PurePosixPath, end: PurePosixPath) -> bool:
    return _composed(path).parts[-len(end.parts) :] == end.parts


def _composed(path: PurePosixPath) -> PurePosixPath:
    """A path with each accent in its letter: macOS has them apart."""
    return PurePosixPath(unicodedata.normalize("NFC", str(path)))


def _strangers(by_name: dict[str, list[Prediction]], truths: Sequence[Truth]) -> str:
    """That no name agrees, with one of each side to compare."""
    read = next((str(some[0].path) for some in by_name.values() if some), "nothing")
    return (
        "no document that was read has ground truth: do their names agree? "
        f"({read} was read; there is ground truth of {truths[0].path})"
    )
