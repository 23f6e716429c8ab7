import os
import signal
import threading
import time

import pytest

from pipelines import stopping


def test_sigterm_is_an_interrupt_within_and_as_before_after():
    before = signal.getsignal(signal.SIGTERM)
    with stopping.as_by_ctrl_c(), pytest.raises(KeyboardInterrupt):  # noqa: PT012 - and waits
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)
    assert signal.getsignal(signal.SIGTERM) == before


def test_beside_the_main_thread_signals_are_left_alone():
    seen = []

    def look():
        before = signal.getsignal(signal.SIGTERM)
        with stopping.as_by_ctrl_c():
            seen.append(signal.getsignal(signal.SIGTERM) == before)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [True]
