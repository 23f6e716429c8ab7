import signal
from itertools import islice
from types import SimpleNamespace

import pytest

from ocr_core.training import seeds
from ocr_core.training.seeds import rising_seeds


@pytest.fixture
def interrupt():
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def test_without_workers_every_seed_comes_in_order():
    assert list(islice(rising_seeds(7, 0), 4)) == [7, 8, 9, 10]


def test_workers_share_the_seeds_and_leave_an_interrupt_to_the_trainer(monkeypatch, interrupt):
    shares = []
    for worker in range(2):
        monkeypatch.setattr(seeds, "get_worker_info", lambda n=worker: SimpleNamespace(id=n))
        shares.append(list(islice(rising_seeds(7, 2), 3)))
    assert shares == [[7, 9, 11], [8, 10, 12]]
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
