"""TIFF files, frame after frame: one that cannot be read takes no other with it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from PIL import TiffImagePlugin

from ocr_core.errors import (
    CorruptSourceError,
    EmptySourceError,
    InputError,
    OutOfMemoryError,
    UnsupportedFormatError,
)

# Tags of TIFF 6.0; NewSubfileType has bits 0 and 2 set for thumbnails and masks.
NEW_SUBFILE_TYPE = 254
THUMBNAIL_OR_MASK = 0b101
BITS_PER_SAMPLE = 258
COMPRESSION = 259
PHOTOMETRIC = 262
SAMPLE_FORMAT = 339
UNSIGNED = (1,)


class Tiff(TiffImagePlugin.TiffImageFile):
    """A TIFF that moves on to its next frame whether or not this one can be read.

    Attributes:
        fault: why the pixels of this frame cannot be read; None where they can.
    """

    fault: InputError | None

    def pages(self) -> Iterator[InputError | None]:
        """Moves to one frame after the other that is a page, and gives its fault.

        Ends where frames begin to repeat, and where the way to the next is lost.
        """
        pages = 0
        for frame in count():
            try:
                self.seek(frame)
            except EOFError:
                break
            except Exception as error:  # noqa: BLE001 - as in `_setup`, over the tags themselves
                self.fault = self._fault(error)
                yield self.fault
                return
            if not self._is_thumbnail_or_mask():
                pages += 1
                yield self.fault
        if not pages:
            self.seek(0)
            yield self.fault

    @property
    def is_unsigned(self) -> bool:
        """Whether integers in this frame are from 0 on."""
        return bool(self.tag_v2.get(SAMPLE_FORMAT, UNSIGNED) == UNSIGNED)

    @property
    def is_negative(self) -> bool:
        """Whether 0 is white in this frame."""
        return bool(self.tag_v2.get(PHOTOMETRIC, 1) == 0)

    def _setup(self) -> None:
        """What Pillow calls to make an image of the tags of a frame."""
        self.fault = None
        # Of the frame before, which Pillow forgets only where this one has its own. A palette
        # that is left makes the pixels of other modes unreadable.
        self.palette = None
        self.info.pop("dpi", None)
        try:
            self._check_compression()
            super()._setup()
            if min(self.size) <= 0:
                raise EmptySourceError("the image has no area: its width or height is 0")
        except Exception as error:  # noqa: BLE001 - Pillow raises whatever it stumbles over
            self.fault = self._fault(error)
            self._mode, self._size = "L", (1, 1)  # a first frame without them is refused

    def _check_compression(self) -> None:
        compression = self.tag_v2.get(COMPRESSION, 1)
        if isinstance(compression, int) and compression not in TiffImagePlugin.COMPRESSION_INFO:
            raise UnsupportedFormatError(f"compression {compression} is not read here")

    def _fault(self, error: Exception) -> InputError:
        if isinstance(error, InputError):
            return error
        if isinstance(error, MemoryError):
            return OutOfMemoryError("the image needs too much memory")
        if str(error) == "unknown pixel mode":
            bits, kind = (
                "+".join(map(str, self.tag_v2.get(tag, (1,))[:8]))
                for tag in (BITS_PER_SAMPLE, SAMPLE_FORMAT)
            )
            photometric = self.tag_v2.get(PHOTOMETRIC, 0)
            return UnsupportedFormatError(
                f"pixels of {bits} bits, photometric interpretation {photometric} and sample "
                f"format {kind} are not read here"
            )
        return CorruptSourceError(f"the frame cannot be opened: {error}")

    def _is_thumbnail_or_mask(self) -> bool:
        kind = self.tag_v2.get(NEW_SUBFILE_TYPE, 0)
        return isinstance(kind, int) and bool(kind & THUMBNAIL_OR_MASK)
