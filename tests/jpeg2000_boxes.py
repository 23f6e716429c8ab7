"""Boxes of JPEG 2000 files (ISO/IEC 15444-1, annex I) that Pillow does not write."""

import struct

INCHES_A_METRE = 39.3701


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def stating(file: bytes, dpi: int) -> bytes:
    """The same picture with the resolution at which it was captured."""
    dots_a_metre = round(dpi * INCHES_A_METRE)
    numbers = struct.pack(">HHHHBB", dots_a_metre, 1, dots_a_metre, 1, 0, 0)
    resolution = box(b"res ", box(b"resc", numbers))
    at = file.index(b"jp2h") - 4
    [length] = struct.unpack(">I", file[at : at + 4])
    header = box(b"jp2h", file[at + 8 : at + length] + resolution)
    return file[:at] + header + file[at + length :]
