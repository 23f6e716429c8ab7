"""Sources as local files: those in a bucket are fetched, and the last few of them kept."""

from __future__ import annotations

import shutil
import tempfile
from collections import OrderedDict
from pathlib import Path

from ocr_core.errors import MissingSourceError
from pipelines import discovery, storage


class LocalCopies:
    """Local paths of sources.

    A worker draws a source range after range, so the last few that it fetched are kept. Only for
    use by one thread.
    """

    def __init__(self, max_copies: int = 4) -> None:
        self._max_copies = max_copies
        self._folder: Path | None = None
        self._paths: OrderedDict[str, Path] = OrderedDict()
        self._fetched = 0

    def path_of(self, uri: str) -> Path:
        """Where a source can be read; a fetched copy lasts until `max_copies` others are asked for.

        Raises:
            MissingSourceError: it is not there, or cannot be fetched.
        """
        if not storage.is_remote(uri):
            path = discovery.local_path(uri)
            if not path.exists():
                raise MissingSourceError("there is no such file")
            return path
        if uri not in self._paths:
            while len(self._paths) >= self._max_copies:
                self._paths.popitem(last=False)[1].unlink()
            self._paths[uri] = self._fetch(uri)
        self._paths.move_to_end(uri)
        return self._paths[uri]

    def close(self) -> None:
        """Removes the copies."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = None
        self._paths.clear()

    def _fetch(self, uri: str) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="beam-ocr-"))
        self._fetched += 1
        path = self._folder / f"{self._fetched}{Path(uri).suffix}"
        try:
            with storage.open_remote(uri) as remote, path.open("wb") as local:
                shutil.copyfileobj(remote, local, length=1 << 20)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise MissingSourceError(f"cannot fetch {uri}: {error}") from error
        return path
