"""Which seeds a process that makes training data is to use."""

from __future__ import annotations

import signal
from collections.abc import Iterator

from torch.utils.data import get_worker_info


def rising_seeds(first: int, workers: int) -> Iterator[int]:
    """This process's share of the seeds from `first` on, endlessly.

    In a worker, Ctrl-C is left to the trainer, which saves before it ends.
    """
    worker = get_worker_info()
    seed = first
    if worker is not None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        seed += worker.id
    while True:
        yield seed
        seed += max(workers, 1)
