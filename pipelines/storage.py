"""Files and folders by name, on a local disk or, through Beam's file systems, in a bucket.

Local names never go through Beam, whose patterns take `[1]` in a folder's name for a wildcard.
Beam is imported only when a name is remote.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ocr_core.errors import ConfigError, OcrError

if TYPE_CHECKING:
    from apache_beam.io.filesystems import FileSystems

_SCHEME = re.compile(r"^([a-z][a-z0-9+]+)://")
_EXTRAS = {"gs": "gcp", "s3": "s3"}
# What the system answers when a disk is full, read-only, somebody else's, or broken.
_REFUSALS = frozenset(
    (
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
        errno.EIO,
        errno.ESTALE,
    )
)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was found.

    Attributes:
        modified_s: when it was last written, in seconds since 1970; 0 if the store does not tell.
    """

    path: str
    modified_s: float
    size_bytes: int


def is_remote(name: str) -> bool:
    """Whether a name has a scheme such as `gs://`."""
    return _SCHEME.match(name) is not None


def join(folder: str, *names: str) -> str:
    """The name of what lies in a folder."""
    return "/".join([folder.rstrip("/"), *names])


def absolute(name: str) -> str:
    """A name that means the same in every folder."""
    return name if is_remote(name) else os.path.abspath(name)  # noqa: PTH100 - takes out `..`


def list_files(folder: str) -> list[StoredFile]:
    """Every file below a folder; none if there is no such folder."""
    if is_remote(folder):
        return match(join(folder, "**"))
    paths = (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
    found = []
    for path in sorted(paths):
        with suppress(FileNotFoundError):  # since it was listed
            status = path.stat()
            found.append(StoredFile(str(path), status.st_mtime, status.st_size))
    return found


def match(pattern: str) -> list[StoredFile]:
    """The files that match a remote pattern; `**` also matches what has slashes.

    Raises:
        ConfigError: the store cannot be reached.
    """
    try:
        [result] = _file_systems().match([pattern])
    except (OSError, ValueError) as error:
        raise _unreachable(pattern, error) from error
    return [
        StoredFile(found.path, found.last_updated_in_seconds, found.size_in_bytes)
        for found in result.metadata_list
    ]


def open_remote(uri: str) -> BinaryIO:
    """A remote file, open for reading; a suffix such as `.gz` does not change its bytes.

    Raises:
        OSError: it cannot be opened.
    """
    from apache_beam.io.filesystem import CompressionTypes

    return _file_systems().open(uri, compression_type=CompressionTypes.UNCOMPRESSED)


def read(path: str) -> bytes:
    """The bytes of a file."""
    if not is_remote(path):
        return Path(path).read_bytes()
    with open_remote(path) as stream:
        return stream.read()


def create(path: str) -> BinaryIO:
    """A new file, open for writing; its folder is made if there is none.

    Of a bucket, it is there once it is closed.
    """
    if is_remote(path):
        from apache_beam.io.filesystem import CompressionTypes

        return _file_systems().create(path, compression_type=CompressionTypes.UNCOMPRESSED)
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    return Path(path).open("wb")


def exists(path: str) -> bool:
    """Whether there is a file of this name."""
    return bool(match(path)) if is_remote(path) else Path(path).exists()


def write_whole(path: str, content: bytes) -> None:
    """Writes a file that is either there and whole, or not there."""
    if is_remote(path):
        with _file_systems().create(path) as stream:  # an object appears when it is closed
            stream.write(content)
        return
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    # A name may be as long as names can be, and its draft's no longer.
    code = hashlib.sha256(target.name.encode(errors="surrogateescape")).hexdigest()[:16]
    draft = target.with_name(f".{code}{target.suffix}.{os.getpid()}")
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def make_folder(folder: str) -> None:
    """Makes sure that there is a folder in which files can be written.

    Raises:
        ConfigError: there cannot be.
    """
    try:
        if is_remote(folder):
            _file_systems().get_filesystem(folder)
        else:
            Path(folder).mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
    except (OSError, ValueError) as error:
        raise _unreachable(folder, error) from error


@contextmanager
def refusals_told(folder: str) -> Iterator[None]:
    """Tells in words that the system does not let a folder be written to, as on a full disk.

    Raises:
        OcrError: it does not.
    """
    try:
        yield
    except (OSError, RuntimeError) as error:
        number = _refusal(error)
        if number is None:
            raise
        where = getattr(error, "filename", None) or folder
        raise OcrError(
            f"cannot write to {where}: {os.strerror(number)}; what was committed stays"
        ) from error


def _refusal(error: Exception) -> int | None:
    """The number of the system's answer; of errors that Beam makes its own, the text is left."""
    number = getattr(error, "errno", None)
    if number is None and (told := re.search(r"\[Errno (\d+)\]", str(error))):
        number = int(told[1])
    return number if number in _REFUSALS else None


def sync_folder(folder: Path) -> None:
    """Makes sure that a local folder and all files in it outlast a loss of power."""
    for parent, _, names in os.walk(folder):
        for path in [*(Path(parent, name) for name in names), Path(parent)]:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def remove_file(path: str) -> None:
    """Removes a file, if there is one."""
    if not is_remote(path):
        Path(path).unlink(missing_ok=True)
    elif match(path):
        _file_systems().delete([path])


def remove_folder(folder: str) -> None:
    """Removes a folder, if there is one, and all that is in it."""
    if not is_remote(folder):
        if Path(folder).exists():
            shutil.rmtree(folder)
        return
    if found := match(join(folder, "**")):
        _file_systems().delete([file.path for file in found])


def _file_systems() -> type[FileSystems]:
    """Beam's file systems, with the options of a run or, outside of any, with none.

    Without options S3 is not even tried.
    """
    from apache_beam.io.filesystems import FileSystems
    from apache_beam.options.pipeline_options import PipelineOptions

    if FileSystems._pipeline_options is None:
        FileSystems.set_options(PipelineOptions([]))
    return FileSystems


def _unreachable(name: str, error: Exception) -> ConfigError:
    causes = getattr(error, "exception_details", None) or {name: error}
    cause = "; ".join(str(getattr(cause, "strerror", None) or cause) for cause in causes.values())
    extra = _EXTRAS.get(name.partition(":")[0])
    advice = f"; it may need beam-ocr[{extra}] to be installed" if extra else ""
    return ConfigError(f"cannot reach {name}: {cause}{advice}")
