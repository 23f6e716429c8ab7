"""JPEG 2000: how far a picture may be shrunk while it is decoded, which saves most of the work."""

from __future__ import annotations

import math
import struct

# What boxes may hold before the code stream: profiles, metadata, thumbnails.
HEAD_BYTES = 1 << 20

# Markers of the code stream (ISO/IEC 15444-1, annex A): its start, its coding style in general and
# of a component, and its first tile.
_START = b"\xff\x4f\xff\x51"
_STYLE, _COMPONENT_STYLE, _TILE = 0xFF52, 0xFF53, 0xFF90
# Where the two styles tell the number of halvings, in bytes from their marker on.
_HALVINGS_AT = {_STYLE: 9, _COMPONENT_STYLE: 6}


def halvings(head: bytes) -> int:
    """How often the sides of a picture can be halved while it is decoded; 0 where it is not told.

    Args:
        head: the first `HEAD_BYTES` of its file.
    """
    at = head.find(_START) + 2
    told: list[int] = []
    while 2 <= at <= len(head) - 4:
        marker, length = struct.unpack(">HH", head[at : at + 4])
        if marker == _TILE:
            break
        place = at + _HALVINGS_AT.get(marker, len(head))
        told += head[place : place + 1]
        at += 2 + length
    return min(told, default=0)


def useful_halvings(head: bytes, times: float) -> int:
    """How often to halve a picture that is to be shrunk so many times.

    >>> useful_halvings(b"", 4.0)
    0
    """
    return min(halvings(head), int(math.log2(max(times, 1.0))))
