r"""What a user names on the command line -> the uri of every source in it.

A uri is an absolute local path, or `gs://` or `s3://`. Bytes of a file name that are not UTF-8 are
written `\xe9` in it, since tables and JSON hold text only.
"""

from __future__ import annotations

import glob
import itertools
import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from ocr_core import sources
from ocr_core.errors import ConfigError
from pipelines import stamps, storage
from pipelines.stamps import Stamp

# Beam hides files of writers that are not done behind these; so do browsers and rsync.
_UNFINISHED = (".part", ".tmp", ".crdownload", "~")
_GLOB = re.compile(r"[*?\[]")
# What is passed over, where a suffix does not tell it.
_NO_SUFFIX, _LINKED = "no suffix", "linked folders"
# Names of one folder that are held, and sorted, at once.
_BATCH_NAMES = 10_000


def find_sources(inputs: Sequence[str], passed_over: Counter[str] | None = None) -> Iterator[str]:
    """The uri of every source that the inputs name, each once, in order.

    An input is a file, a folder, a glob, `@NAME` or a `.txt` file with one input on each line, or
    a file, a folder or a glob at `gs://` or `s3://`. Folders are walked and their files taken by
    suffix; a file that is named is taken whatever its suffix.

    Args:
        passed_over: gets what is not taken, by suffix; hidden names are not counted.

    Raises:
        ConfigError: an input names nothing.
    """
    seen = set()
    for name in inputs:
        for uri in _find(name, Counter() if passed_over is None else passed_over):
            if uri not in seen:
                seen.add(uri)
                yield uri


def settle(name: str) -> str:
    """An input as another process finds it, whatever folder that is in.

    Raises:
        ConfigError: it names nothing here, and so would be a failure of a worker later.
    """
    if next(find_sources([name]), None) is None:
        raise ConfigError(f"nothing to read in {name}")
    if storage.is_remote(name):
        return name
    at = "@" if _is_list(name) and not Path(name).is_file() else ""
    return at + storage.absolute(name.removeprefix(at))


def walk(
    folder: str,
    leave_out: Collection[Path],
    fail: Callable[[OSError], None],
    passed_over: Counter[str] | None = None,
) -> Iterator[Stamp]:
    """Every source below a folder, with its size and time; a million of them need little memory.

    Files come by name if their folder has few, folders after the files beside them. Links to
    folders are not followed.

    Args:
        leave_out: folders that are not looked into, absolute and without links.
        fail: called with what cannot be looked into; the walk goes on.
        passed_over: gets what is not taken, by suffix; hidden names are not counted.
    """
    passed_over = Counter() if passed_over is None else passed_over
    if storage.is_remote(folder):
        yield from _walk_remote(folder, passed_over)
        return
    pending = [os.path.abspath(folder)]  # noqa: PTH100 - takes out `..`
    while pending:
        folders: list[str] = []
        for entry in _scan(pending.pop(), fail):
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith(".") and Path(entry.path).resolve() not in leave_out:
                    folders.append(entry.path)
            elif entry.is_symlink() and os.path.isdir(entry.path):  # noqa: PTH112 - of any link
                passed_over[_LINKED] += 1
            elif _is_taken(entry.name, passed_over):
                yield from _stamp_of(entry, fail)
        pending += sorted(folders, reverse=True)


def has_changed(stamp: Stamp) -> bool:
    """Whether a local file was written since; one that is gone was not, nor is one in a bucket."""
    if storage.is_remote(stamp.uri):
        return False
    try:
        status = local_path(stamp.uri).stat()
    except OSError:
        return False
    return stamps.of_status(stamp.uri, status) != stamp


def is_gone(uri: str) -> bool:
    """Whether there is no local file of this name any more; of a bucket it is not known."""
    return not storage.is_remote(uri) and not os.path.lexists(local_path(uri))


def local_path(uri: str) -> Path:
    """The file that a local uri stands for."""
    path = Path(uri)
    if "\\x" in uri and not path.exists():
        escaped = re.sub(
            rb"\\x([0-9a-f]{2})", lambda match: bytes([int(match[1], 16)]), uri.encode()
        )
        path = Path(os.fsdecode(escaped))
    return path


def input_folders(inputs: Sequence[str]) -> list[str]:
    """The folders below which the sources of inputs lie, but for those that lists name.

    What is exported keeps the sub-folders of these.
    """
    return sorted({_folder(name) for name in inputs if not _is_list(name)})


def _folder(name: str) -> str:
    if storage.is_remote(name):
        fixed = _GLOB.split(name)[0]
        is_folder = fixed == name and not _has_suffix(name)
        return name.rstrip("/") if is_folder else fixed.rpartition("/")[0]
    path = Path(name)
    if path.is_dir():
        return _uri(path)
    fixed = name if path.exists() else _GLOB.split(name)[0] + "*"
    return _uri(Path(fixed).parent)


def _is_list(name: str) -> bool:
    path = Path(name)
    is_named = name.startswith("@") and not path.exists()
    return is_named or (path.suffix.lower() == ".txt" and path.is_file())


def _find(name: str, passed_over: Counter[str]) -> Iterator[str]:
    if not name:  # of a shell's variable that is not set; it would be the current folder
        raise ConfigError("the name of an input is empty")
    path = Path(name)
    if storage.is_remote(name):
        yield from _find_remote(name, passed_over)
    elif path.is_dir():
        yield from _walk(path, passed_over)
    elif _is_list(name):
        yield from _read_list(Path(name.removeprefix("@")), passed_over)
    elif path.exists():  # before globs: a[1].pdf is a name like any other
        yield _uri(path)
    elif _GLOB.search(name):
        yield from _expand(name, passed_over)
    else:
        raise ConfigError(f"no such file or folder: {name}")


def _walk(folder: Path, passed_over: Counter[str]) -> Iterator[str]:
    def fail(error: OSError) -> None:
        raise ConfigError(f"cannot look into {error.filename}: {error.strerror}") from error

    for parent, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in folders:
            passed_over.update([_LINKED] if Path(parent, name).is_symlink() else [])
        for name in sorted(names):
            if _is_taken(name, passed_over):
                yield _uri(Path(parent, name))


def _scan(folder: str, fail: Callable[[OSError], None]) -> Iterator[os.DirEntry[str]]:
    """What is in a folder, by name; of a large one, some thousand names at a time."""
    try:
        with os.scandir(folder) as entries:
            while batch := list(itertools.islice(entries, _BATCH_NAMES)):
                yield from sorted(batch, key=lambda entry: entry.name)
    except OSError as error:
        fail(error)


def _stamp_of(entry: os.DirEntry[str], fail: Callable[[OSError], None]) -> Iterator[Stamp]:
    """The stamp of a file; none of what is no file, or is gone."""
    try:
        status = entry.stat()
    except FileNotFoundError:
        return
    except OSError as error:
        fail(error)
        return
    if stat.S_ISREG(status.st_mode):
        yield stamps.of_status(_uri(entry.path), status)


def _walk_remote(folder: str, passed_over: Counter[str]) -> Iterator[Stamp]:
    for found in storage.match(storage.join(folder, "**")):
        if _is_taken(found.path.rpartition("/")[2], passed_over):
            yield Stamp(found.path, found.size_bytes, int(found.modified_s * 1e9))


def _read_list(path: Path, passed_over: Counter[str]) -> Iterator[str]:
    """What is on the lines of a list; names are relative to the current folder."""
    try:
        text = path.read_bytes().decode("utf-8-sig", "surrogateescape")
    except OSError as error:
        raise ConfigError(f"cannot read the list {path}: {error}") from error
    for name in filter(None, map(_listed, text.split("\n"))):
        if storage.is_remote(name):
            is_file = _has_suffix(name) and not _GLOB.search(name)
            yield from [name] if is_file else _find(name, passed_over)
        elif Path(name).is_dir() or (_GLOB.search(name) and not Path(name).exists()):
            yield from _find(name, passed_over)
        else:  # what is missing gets its row in the output, like whatever cannot be read
            yield _uri(Path(name))


def _listed(line: str) -> str:
    """The name on a line: with the spaces around it if there is such a file."""
    name = line.removesuffix("\r")
    return name if name.strip() and os.path.lexists(name) else line.strip()


def _expand(pattern: str, passed_over: Counter[str]) -> Iterator[str]:
    matches = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - takes absolute patterns too
    names_suffix = _names_suffix(pattern)
    for match in matches:
        path = Path(match)
        if path.is_dir():
            if "**" not in pattern:  # `**` has matched what is in it too
                yield from _walk(path, passed_over)
        elif names_suffix or _is_taken(path.name, passed_over):
            yield _uri(path)
    if not matches:
        raise ConfigError(f"no file matches {pattern}")


def _find_remote(name: str, passed_over: Counter[str]) -> Iterator[str]:
    if not _GLOB.search(name) and not name.endswith("/") and _match(name):
        yield name
        return
    pattern = name if _GLOB.search(name) else name.rstrip("/") + "/**"
    found = _match(pattern)
    if not found:
        raise ConfigError(f"nothing is at {name}, or it may not be listed")
    names_suffix = _names_suffix(pattern)
    for uri in sorted(found):
        if names_suffix or _is_taken(uri.rpartition("/")[2], passed_over):
            yield uri


def _match(pattern: str) -> list[str]:
    return [found.path for found in storage.match(pattern)]


def _is_taken(name: str, passed_over: Counter[str]) -> bool:
    """Whether a file is a source by its name; counts those that are not, but for hidden ones."""
    is_source = _is_source(name)
    if not is_source and not name.startswith("."):
        passed_over[os.path.splitext(name)[1].lower() or _NO_SUFFIX] += 1  # noqa: PTH122 - as there
    return is_source


def _is_source(name: str) -> bool:
    return (
        not name.startswith(".")
        and not name.lower().endswith(_UNFINISHED)
        and os.path.splitext(name)[1].lower() in sources.SUFFIXES  # noqa: PTH122 - of a million
    )


def _names_suffix(pattern: str) -> bool:
    """Whether a glob says which suffix it wants, as `*.scan` does and `scans/*` does not."""
    suffix = Path(pattern).suffix
    return suffix != "" and not _GLOB.search(suffix)


def _has_suffix(name: str) -> bool:
    return Path(name).suffix.lower() in sources.SUFFIXES


def _uri(path: Path | str) -> str:
    return os.fsencode(os.path.abspath(path)).decode("utf-8", "backslashreplace")  # noqa: PTH100
