from __future__ import annotations

import signal
import time
from pathlib import Path

import numpy as np
import pytest

from ocr_core.errors import ConfigError, EncryptedSourceError
from ocr_core.sandbox import child
from ocr_core.sandbox.messages import (
    Count,
    CountPages,
    Done,
    DrawPages,
    Refused,
    Request,
    Stumbled,
)
from ocr_core.sources import RenderOptions
from schemas import Failure, PageImage, PageRange, PageRef, Source

COUNT = Request(CountPages(Path("a"), "image/png", RenderOptions()), 5)
DRAW = Request(
    DrawPages(Path("a"), PageRange(Source("d", "u", 1, "image/png", 2), (0, 1)), RenderOptions()), 5
)


def image(page_index):
    return PageImage(PageRef("d", "u", page_index), np.zeros((2, 2), np.uint8), 100)


def fails(error):
    def count_pages(path, media_type, options):
        raise error

    return count_pages


def test_pages_are_counted(monkeypatch):
    monkeypatch.setattr(child.sources, "count_pages", lambda path, media_type, options: 7)
    assert list(child.answers_to(COUNT)) == [Count(7), Done()]


def test_pages_are_drawn(monkeypatch):
    drawn = [image(0), image(1)]
    monkeypatch.setattr(child.sources, "render_pages", lambda path, pages, options: iter(drawn))
    assert list(child.answers_to(DRAW)) == [*drawn, Done()]


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (EncryptedSourceError("locked"), Refused("encrypted-source", "locked")),
        (ConfigError("no poppler"), Refused("", "no poppler")),
        (MemoryError(), Refused("out-of-memory", "it needs too much memory")),
        (KeyError("x"), Stumbled("KeyError: 'x'")),
    ],
)
def test_what_ends_a_task_is_told(monkeypatch, error, answer):
    monkeypatch.setattr(child.sources, "count_pages", fails(error))
    assert list(child.answers_to(COUNT)) == [answer]


def test_alarms_ring_for_the_time_of_one_answer_only(monkeypatch):
    left = []

    def render_pages(path, pages, options):
        for page_index in (0, 1):
            left.append(signal.getitimer(signal.ITIMER_PROF)[0])
            yield image(page_index)

    monkeypatch.setattr(child.sources, "render_pages", render_pages)
    for _ in child.answers_to(DRAW):
        assert signal.getitimer(signal.ITIMER_PROF) == (0, 0)
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert left == [pytest.approx(5, abs=1), pytest.approx(5, abs=1)]


def test_pages_that_fail_share_the_time_of_one(monkeypatch):
    left = []

    def render_pages(path, pages, options):
        for page_index in (0, 1):
            left.append(signal.getitimer(signal.ITIMER_PROF)[0])
            until = time.process_time() + 0.3
            while time.process_time() < until:
                pass
            yield Failure("d", "u", page_index, "render", "corrupt-source", "damaged")

    monkeypatch.setattr(child.sources, "render_pages", render_pages)
    assert len(list(child.answers_to(DRAW))) == 3
    assert left[1] < left[0] - 0.25
