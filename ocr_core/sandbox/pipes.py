"""Messages through pipes between this process and a helper.

They are pickles with the pixels of pages beside them (protocol 5), which are copied into the pipe
and out of it and nowhere else. What a helper sends is not trusted, as a source may have taken the
helper over: it may name our own types and arrays, and nothing else.
"""

from __future__ import annotations

import dataclasses
import io
import os
import pickle
import select
import struct
import time
from typing import Any, Final

import numpy as np

import schemas.document
import schemas.geometry
from ocr_core.sandbox import messages
from ocr_core.sandbox.messages import Answer, Request

# How many pieces, and the bytes of each: the pickle first, then the buffers beside it.
_COUNT = struct.Struct("<I")
_MAX_PIECES = 1000


def send(pipe: int, message: object) -> None:
    """Writes a message to a pipe.

    Raises:
        BrokenPipeError: nobody reads it.
    """
    buffers: list[pickle.PickleBuffer] = []
    content = pickle.dumps(message, protocol=5, buffer_callback=buffers.append)
    pieces = [memoryview(content), *(buffer.raw() for buffer in buffers)]
    sizes = struct.pack(f"<{len(pieces)}Q", *(piece.nbytes for piece in pieces))
    for piece in (memoryview(_COUNT.pack(len(pieces)) + sizes), *pieces):
        while piece:
            piece = piece[os.write(pipe, piece) :]


def receive_request(pipe: int) -> Request | None:
    """Waits for a request; None when there is nobody left to send one."""
    try:
        content, *buffers = _receive(pipe, None, max_bytes=1 << 30)
    except EOFError:
        return None
    request: Request = pickle.loads(content, buffers=buffers)
    return request


def receive_answer(pipe: int, timeout_s: float, max_bytes: int) -> Answer:
    """Waits for what a helper says.

    Raises:
        TimeoutError: it did not come in time.
        EOFError: there is nobody to send it.
        pickle.UnpicklingError: it makes no sense, or is larger than `max_bytes`.
    """
    content, *buffers = _receive(pipe, time.monotonic() + timeout_s, max_bytes)
    try:
        answer: Answer = _Unpickler(io.BytesIO(content), buffers=buffers).load()
    except Exception as error:  # whatever nonsense makes it stumble over
        raise pickle.UnpicklingError(f"a message that makes no sense: {error}") from error
    return answer


def _receive(pipe: int, deadline: float | None, max_bytes: int) -> list[bytearray]:
    (count,) = _COUNT.unpack(_read(pipe, _COUNT.size, deadline))
    if not 0 < count <= _MAX_PIECES:
        raise pickle.UnpicklingError(f"a message of {count} pieces")
    sizes = struct.unpack(f"<{count}Q", _read(pipe, 8 * count, deadline))
    if sum(sizes) > max_bytes:
        raise pickle.UnpicklingError(f"a message of {sum(sizes)} bytes")
    return [_read(pipe, size, deadline) for size in sizes]


def _read(pipe: int, size: int, deadline: float | None) -> bytearray:
    content = bytearray(size)
    rest = memoryview(content)
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    while rest:
        left_s = None if deadline is None else max(deadline - time.monotonic(), 0)
        if not poll.poll(None if left_s is None else 1000 * left_s):
            raise TimeoutError
        got = os.readv(pipe, [rest])
        if not got:
            raise EOFError
        rest = rest[got:]
    return content


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _TRUSTED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is not to be sent") from None


def _types_of(module: Any) -> dict[tuple[str, str], Any]:
    return {
        (value.__module__, name): value
        for name, value in vars(module).items()
        if isinstance(value, type) and dataclasses.is_dataclass(value)
    }


def _makers_of_arrays() -> dict[tuple[str, str], Any]:
    """What the pickles of arrays name, with buffers beside them and without."""
    array: Any = np.zeros(1)
    makers = (np.ndarray, np.dtype, array.__reduce_ex__(5)[0], array.__reduce_ex__(2)[0])
    return {(maker.__module__, maker.__name__): maker for maker in makers}


_TRUSTED: Final = {
    **_types_of(schemas.document),
    **_types_of(schemas.geometry),
    **_types_of(messages),
    **_makers_of_arrays(),
}
