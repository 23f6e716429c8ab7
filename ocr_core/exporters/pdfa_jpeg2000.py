"""What a JPEG 2000 picture may be in PDF/A-2 (ISO 19005-2:2011, 6.2.8.3): the plain ones.

Boxes and markers are those of ISO/IEC 15444-1, annexes I and A.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

# Boxes of the header that say something of colours beside the one space: palettes, opacity.
_OF_MORE = frozenset((b"pclr", b"cmap", b"cdef"))
# How many channels a colour space has: by its number, or in an ICC profile by its name.
_ENUMERATED, _PROFILE = 1, 2
_CHANNELS = {
    _ENUMERATED: {bytes([0, 0, 0, 16]): 3, bytes([0, 0, 0, 17]): 1},  # sRGB and grey
    _PROFILE: {b"RGB ": 3, b"GRAY": 1},
}
_SPACE_AT = {_ENUMERATED: 3, _PROFILE: 3 + 16}
_SIZE = b"\xff\x4f\xff\x51"
# Within the code stream: how many components there are, then three bytes of each, of which the
# first is its depth.
_COUNT_AT, _COMPONENTS_AT = 40, 42


def is_plain(data: bytes) -> bool:
    """Whether a picture is grey or RGB throughout, in as many channels, all of one depth."""
    boxes = dict(_boxes(data))
    header = list(_boxes(boxes.get(b"jp2h", b"")))
    spaces = [content for kind, content in header if kind == b"colr"]
    if len(spaces) != 1 or not _OF_MORE.isdisjoint(kind for kind, _ in header):
        return False
    stream = boxes.get(b"jp2c", b"")
    if not stream.startswith(_SIZE) or len(stream) < _COMPONENTS_AT:
        return False
    [count] = struct.unpack(">H", stream[_COUNT_AT:_COMPONENTS_AT])
    depths = set(stream[_COMPONENTS_AT : _COMPONENTS_AT + 3 * count : 3])
    return _channels(spaces[0]) == count and len(depths) == 1


def _channels(space: bytes) -> int | None:
    """How many channels the colours of a box `colr` have; None if they are neither grey nor RGB."""
    method = space[0] if space else 0
    at = _SPACE_AT.get(method, 0)
    return _CHANNELS.get(method, {}).get(space[at : at + 4])


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
