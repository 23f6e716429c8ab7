"""Files of an inbox -> folders for what is done and for what failed.

A file is moved once what was read of it is committed, never replaces another, and is never gone
from both places.
"""

from __future__ import annotations

import errno
import itertools
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipelines import discovery
from pipelines.stamps import Stamp


class Mover:
    """Moves files by what stands of their contents.

    Attributes:
        moved: how many went where.
        trouble: files that could not be moved, in words.
    """

    def __init__(self, folders: list[str], done: Path | None, failed: Path | None) -> None:
        self._folders = folders
        self._place_of = {"done": done, "outdated": done, "quarantined": failed}
        self.moved: Counter[str] = Counter()
        self.trouble: list[str] = []

    @property
    def is_needed(self) -> bool:
        """Whether there is anywhere to move to."""
        return any(self._place_of.values())

    def move(self, stamp: Stamp, standing: str) -> None:
        """Moves a file, unless what stands of it leaves it in the inbox."""
        place = self._place_of.get(standing)
        if place is None:
            return
        try:
            if move(stamp, self._folders, place):
                self.moved[str(place)] += 1
        except OSError as error:
            self.trouble.append(f"cannot move {stamp.uri} to {place}: {error.strerror}")


def move(stamp: Stamp, folders: list[str], to: Path) -> Path | None:
    """Moves a file into a folder and returns its new place.

    The sub-folders of the inbox are kept. Where the name is taken, `a.pdf` becomes `a (2).pdf`.

    Args:
        folders: of the inbox; the file lies below one of them.

    Returns:
        None if the file is gone, or was written since.

    Raises:
        OSError: it cannot be moved.
    """
    path = discovery.local_path(stamp.uri)
    if not path.exists() or discovery.has_changed(stamp):
        return None
    wanted = to / _below(path, folders)
    wanted.parent.mkdir(parents=True, exist_ok=True)
    return next(target for target in _names(wanted) if _move_to(path, target))


def _names(wanted: Path) -> Iterator[Path]:
    yield wanted
    for number in itertools.count(2):
        yield wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}")


def _below(path: Path, folders: list[str]) -> Path:
    """A file's name relative to the folder of the inbox that holds it."""
    above = [Path(folder) for folder in folders if path.is_relative_to(folder)]
    return path.relative_to(max(above, key=lambda folder: len(folder.parts)))


def _move_to(path: Path, target: Path) -> bool:
    """Moves a file; False if the name is taken."""
    if os.path.lexists(target):
        if target.is_symlink() or not target.samefile(path):
            return False
        if path.stat().st_nlink < 2:  # one entry by two names, such as those of a mounted folder
            raise FileExistsError(errno.EEXIST, "it is the same file")
        path.unlink()  # a move that was broken off had linked it
        return True
    try:
        os.link(path, target, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno == errno.EXDEV:
            return _copy_to(path, target)
        path.rename(target)  # no links here; nobody else writes names like ours into this folder
        return True
    path.unlink()
    return True


def _copy_to(path: Path, target: Path) -> bool:
    """The same on another disk: the copy appears whole before the original goes."""
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        shutil.copy2(path, draft)
        with draft.open("rb") as stream:
            os.fsync(stream.fileno())
        if not _move_to(draft, target):
            return False
    finally:
        draft.unlink(missing_ok=True)
    path.unlink()
    return True
