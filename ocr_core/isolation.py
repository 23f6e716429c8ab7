"""One page's trouble is not its neighbours': work on a few pages at a time, each failing alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import torch

from ocr_core.errors import InputError, OcrError, OutOfMemoryError
from schemas import Failure, PageRef
from schemas.document import Stage

_NO_MEMORY = ("allocate memory", "CUDA error: out of memory", "STATUS_ALLOC_FAILED")

Item = TypeVar("Item")
Result = TypeVar("Result")


def apart(
    items: Sequence[Item],
    work: Callable[[Sequence[Item]], list[Result]],
    set_aside: Callable[[Item, Exception], Failure],
) -> list[Result | Failure]:
    """One result for each item, in order: `work` on all of them, or on each alone if that fails.

    Where memory runs out, halves are tried before single items.

    Raises:
        WeightsError, ConfigError: they would fail every page alike.
    """
    try:
        return list(work(items))
    except Exception as error:
        if _stops_the_run(error):
            raise
        if len(items) == 1:
            return [set_aside(items[0], error)]
        size = (len(items) + 1) // 2 if is_out_of_memory(error) else 1
    return [
        result
        for start in range(0, len(items), size)
        for result in apart(items[start : start + size], work, set_aside)
    ]


def alone(
    item: Item, work: Callable[[Item], Result], set_aside: Callable[[Exception], Failure]
) -> Result | Failure:
    """What `work` makes of one item, or why it was set aside.

    Raises:
        WeightsError, ConfigError: they would fail every page alike.
    """
    try:
        return work(item)
    except Exception as error:
        if _stops_the_run(error):
            raise
        return set_aside(error)


def failure_of(ref: PageRef, stage: Stage, error: Exception) -> Failure:
    """What the page's row says about an error that the page raised alone."""
    if isinstance(error, InputError):
        code, message = error.code, str(error)
    elif is_out_of_memory(error):
        code, message = OutOfMemoryError.code, f"the page does not fit into memory: {error}"
    else:
        code, message = "internal-error", f"{type(error).__name__}: {error}"
    return Failure(ref.doc_id, ref.uri, ref.page_index, stage, code, message)


def is_out_of_memory(error: Exception) -> bool:
    """Whether a smaller batch may go through."""
    if isinstance(error, MemoryError | OutOfMemoryError | torch.OutOfMemoryError):
        return True
    # On CPUs torch raises a plain RuntimeError, and so it does for libraries of CUDA that allocate
    # for themselves.
    return isinstance(error, RuntimeError) and any(words in str(error) for words in _NO_MEMORY)


def _stops_the_run(error: Exception) -> bool:
    return isinstance(error, OcrError) and not isinstance(error, InputError)
