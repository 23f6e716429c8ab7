"""What a JPEG 2000 picture may be in PDF/A-2 (ISO 19005-2:2011, 6.2.8.3): the plain ones.

Boxes and markers are those of ISO/IEC 15444-1, annexes I and A.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

# Boxes of the header that say something of colours beside the one space: palettes, opacity.
_OF_MORE = frozenset((b"pclr", b"cmap", b"cdef"))
_ENUMERATED = 1
_SRGB, _GREY = 16, 17
_CHANNELS = {_SRGB: 3, _GREY: 1}
_SIZE = b"\xff\x4f\xff\x51"
# Within the code stream: how many components there are, then three bytes of each, of which the
# first is its depth.
_COUNT_AT, _COMPONENTS_AT = 40, 42


def is_plain(data: bytes) -> bool:
    """Whether a picture is grey or sRGB throughout, in as many channels, all of one depth."""
    boxes = dict(_boxes(data))
    header = list(_boxes(boxes.get(b"jp2h", b"")))
    spaces = [content for kind, content in header if kind == b"colr"]
    if len(spaces) != 1 or not _OF_MORE.isdisjoint(kind for kind, _ in header):
        return False
    stream = boxes.get(b"jp2c", b"")
    if len(spaces[0]) < 7 or not stream.startswith(_SIZE) or len(stream) < _COMPONENTS_AT:
        return False
    method, _, _, space = struct.unpack(">BBBI", spaces[0][:7])
    [count] = struct.unpack(">H", stream[_COUNT_AT:_COMPONENTS_AT])
    depths = set(stream[_COMPONENTS_AT : _COMPONENTS_AT + 3 * count : 3])
    return method == _ENUMERATED and _CHANNELS.get(space) == count and len(depths) == 1


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes that are side by side, each with its kind and content."""
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        begin = at + 8
        if length == 1 and begin + 8 <= len(data):  # its length is in the next eight bytes
            [length] = struct.unpack(">Q", data[begin : begin + 8])
            begin += 8
        end = at + length if length else len(data)
        if end < begin:
            return
        yield kind, data[begin:end]
        at = end
