"""A store in memory that Beam finds by its scheme, in place of one on another machine."""

from __future__ import annotations

import io
import time

from apache_beam.io.filesystem import BeamIOError, CompressionTypes, FileMetadata, FileSystem


class MemoryFileSystem(FileSystem):
    """`mem://`: a name for each file, and no folders."""

    files: dict[str, bytes] = {}  # noqa: RUF012 - what a bucket is: one for all

    @classmethod
    def scheme(cls):
        return "mem"

    def join(self, basepath, *paths):
        return "/".join([basepath.rstrip("/"), *paths])

    def split(self, path):
        head, _, tail = path.rpartition("/")
        return head, tail

    def mkdirs(self, path):
        """There are no folders."""

    def has_dirs(self):
        return False

    def _list(self, dir_or_prefix):
        for name, content in list(self.files.items()):
            if name.startswith(dir_or_prefix):
                yield FileMetadata(name, len(content), time.time())

    def create(self, path, mime_type="", compression_type=CompressionTypes.AUTO):
        return _Draft(self.files, path)

    def open(self, path, mime_type="", compression_type=CompressionTypes.AUTO):
        if path not in self.files:
            raise BeamIOError("open failed", {path: FileNotFoundError(path)})
        return io.BytesIO(self.files[path])

    def copy(self, source_file_names, destination_file_names):
        for source, destination in zip(source_file_names, destination_file_names, strict=True):
            self.files[destination] = self.files[source]

    def rename(self, source_file_names, destination_file_names):
        self.copy(source_file_names, destination_file_names)
        self.delete(source_file_names)

    def exists(self, path):
        return path in self.files

    def size(self, path):
        return len(self.files[path])

    def last_updated(self, path):
        return time.time()

    def checksum(self, path):
        return str(hash(self.files[path]))

    def metadata(self, path):
        return FileMetadata(path, self.size(path), self.last_updated(path))

    def delete(self, paths):
        for path in paths:
            below = [name for name in self.files if name.startswith(path + "/")]
            for name in [path, *below]:
                self.files.pop(name, None)


class _Draft(io.BytesIO):
    """Appears in the store when it is closed, as an object does."""

    def __init__(self, files, path):
        super().__init__()
        self._files, self._path = files, path

    def close(self):
        if not self.closed:
            self._files[self._path] = self.getvalue()
        super().close()
