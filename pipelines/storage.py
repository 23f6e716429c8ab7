"""Files and folders by name, on a local disk or, through Beam's file systems, in a bucket.

Local names never go through Beam, whose patterns take `[1]` in a folder's name for a wildcard.
Beam is imported only when a name is remote.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ocr_core.errors import ConfigError

if TYPE_CHECKING:
    from apache_beam.io.filesystems import FileSystems

_SCHEME = re.compile(r"^([a-z][a-z0-9+]+)://")
_EXTRAS = {"gs": "gcp", "s3": "s3"}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was found.

    Attributes:
        modified_s: when it was last written, in seconds since 1970; 0 if the store does not tell.
    """

    path: str
    modified_s: float


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
    return [StoredFile(str(path), path.stat().st_mtime) for path in sorted(paths)]


def match(pattern: str) -> list[StoredFile]:
    """The files that match a remote pattern; `**` also matches what has slashes.

    Raises:
        ConfigError: the store cannot be reached.
    """
    try:
        [result] = _file_systems().match([pattern])
    except (OSError, ValueError) as error:
        raise _unreachable(pattern, error) from error
    return [StoredFile(found.path, found.last_updated_in_seconds) for found in result.metadata_list]


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


def write_whole(path: str, content: bytes) -> None:
    """Writes a file that is either there and whole, or not there."""
    if is_remote(path):
        with _file_systems().create(path) as stream:  # an object appears when it is closed
            stream.write(content)
        return
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
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
    cause = "; ".join(str(cause) for cause in causes.values())
    extra = _EXTRAS.get(name.partition(":")[0])
    advice = f"; it may need beam-ocr[{extra}] to be installed" if extra else ""
    return ConfigError(f"cannot reach {name}: {cause}{advice}")
