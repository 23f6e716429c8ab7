"""Boxes of JPEG 2000 files (ISO/IEC 15444-1, annex I) that Pillow does not write."""

import struct
from collections.abc import Callable

INCHES_A_METRE = 39.3701


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def with_header(file: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The same picture with the boxes of its header changed."""
    at = file.index(b"jp2h") - 4
    [length] = struct.unpack(">I", file[at : at + 4])
    header = box(b"jp2h", change(file[at + 8 : at + length]))
    return file[:at] + header + file[at + length :]


def stating(file: bytes, dpi: int) -> bytes:
    """The same picture with the resolution at which it was captured."""
    dots_a_metre = round(dpi * INCHES_A_METRE)
    numbers = struct.pack(">HHHHBB", dots_a_metre, 1, dots_a_metre, 1, 0, 0)
    return with_header(file, lambda boxes: boxes + box(b"res ", box(b"resc", numbers)))


def with_profile(file: bytes, space: bytes) -> bytes:
    """The same picture with its colours by a profile of a colour space, such as `RGB `."""
    profile = box(b"colr", bytes([2, 0, 0]) + bytes(16) + space + bytes(108))

    def change(boxes: bytes) -> bytes:
        at = boxes.index(b"colr") - 4
        [length] = struct.unpack(">I", boxes[at : at + 4])
        return boxes[:at] + profile + boxes[at + length :]

    return with_header(file, change)
