"""Everything that can go wrong, by who can put it right.

    OcrError
    ├── InputError            the document is at fault: it is set aside, the run goes on
    │   ├── UnsupportedFormatError    unsupported-format
    │   ├── CorruptSourceError        corrupt-source
    │   ├── EmptySourceError          empty-source
    │   ├── EncryptedSourceError      encrypted-source
    │   ├── MissingSourceError        missing-source
    │   ├── SourceTooLargeError       source-too-large
    │   ├── PageTooLargeError         page-too-large
    │   ├── TooManyPagesError         too-many-pages
    │   ├── TookTooLongError          timeout
    │   ├── CrashedRendererError      crashed-renderer
    │   ├── OutOfMemoryError          out-of-memory
    │   ├── NotArchivableError        not-archivable
    │   └── UnusableNameError         unusable-name
    ├── WeightsError          the model files are at fault: the run stops
    └── ConfigError           the flags are at fault: the run never starts

Any other exception is a bug of ours, and stops the run.
"""


def first_line(words: object, otherwise: str) -> str:
    """The first line that says something of what others say in many, such as a library's error."""
    return next(filter(None, str(words).splitlines()), otherwise)


class OcrError(Exception):
    """Base of every error that this project raises on purpose."""


class InputError(OcrError):
    """A source or a page cannot be read.

    Failures are counted by `code`, so a code is never renamed. The message goes into rows: of what
    a library quotes from a damaged file, only text is kept, and not much of it.
    """

    code: str = "input-error"

    def __init__(self, message: str = "", code: str = "") -> None:
        super().__init__(message[:1000].encode(errors="backslashreplace").decode())
        if code:  # of a failure that was told before
            self.code = code


class NotArchivableError(InputError):
    """It is not known to conform to PDF/A, or how it could."""

    code = "not-archivable"


class UnusableNameError(InputError):
    """The file system gives no file the name that an export of it would have."""

    code = "unusable-name"


class UnsupportedFormatError(InputError):
    """The bytes are of no format that is read here."""

    code = "unsupported-format"


class CorruptSourceError(InputError):
    """The bytes do not parse as the format that they claim to be."""

    code = "corrupt-source"


class EmptySourceError(InputError):
    """There is nothing in it: no bytes, no pages, or a page without area."""

    code = "empty-source"


class EncryptedSourceError(InputError):
    """A password is needed to open it, and none of those given does."""

    code = "encrypted-source"


class MissingSourceError(InputError):
    """It was found, but can no longer be read: gone, or not permitted."""

    code = "missing-source"


class SourceTooLargeError(InputError):
    """A file has more bytes than allowed."""

    code = "source-too-large"


class PageTooLargeError(InputError):
    """A page would take more pixels than allowed."""

    code = "page-too-large"


class TooManyPagesError(InputError):
    """A source has more pages than allowed."""

    code = "too-many-pages"


class TookTooLongError(InputError):
    """A source was not opened, or a page not drawn, within the time allowed."""

    code = "timeout"


class CrashedRendererError(InputError):
    """What opens and draws sources crashed over it."""

    code = "crashed-renderer"


class OutOfMemoryError(InputError):
    """A page alone does not fit into the memory of the device, or into what it may take."""

    code = "out-of-memory"


class WeightsError(OcrError):
    """A weights file is missing, damaged, or made for another network."""


class ConfigError(OcrError):
    """A flag, or a pair of them, cannot be followed."""
