from __future__ import annotations

import os
import pickle
import struct
import threading
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from ocr_core.sandbox import pipes
from ocr_core.sandbox.messages import Count, CountPages, Done, DrawPages, Request
from ocr_core.sources import RenderOptions
from schemas import Box, Line, Page, PageImage, PageRange, PageRef, Quad, Ruling, Source, Word

LARGE = 1 << 30


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    yield reading, writing
    for end in (reading, writing):
        with suppress(OSError):  # the test may have closed it
            os.close(end)


def through(pipe, message, max_bytes=LARGE):
    reading, writing = pipe
    sender = threading.Thread(target=pipes.send, args=(writing, message))
    sender.start()
    try:
        return pipes.receive_answer(reading, 10, max_bytes)
    finally:
        sender.join()


def test_pixels_arrive_as_they_were(pipe):
    pixels = np.random.default_rng(1).integers(0, 256, (1500, 1000), np.uint8)
    page = PageImage(PageRef("d", "u", 3), pixels, 200, seconds={"render": 0.5})
    arrived = through(pipe, page)
    assert np.array_equal(arrived.pixels, pixels)
    assert arrived.pixels.flags.writeable
    assert (arrived.ref, arrived.dpi, arrived.seconds) == (page.ref, 200, {"render": 0.5})


def test_pixels_that_do_not_lie_in_order_arrive_as_they_were(pipe):
    pixels = np.arange(6, dtype=np.uint8).reshape(2, 3)[:, ::-1]
    arrived = through(pipe, PageImage(PageRef("d", "u", 0), pixels, 200))
    assert np.array_equal(arrived.pixels, pixels)


def test_a_page_of_text_arrives_as_it_was(pipe):
    box = Box(0, 0, 10, 5)
    line = Line("to", "to", 0.5, Quad.from_box(box), (Word("to", "to", box, 0.5),))
    ruling = Ruling((0, 0), (1, 0), 1)
    page = Page(PageRef("d", "u", 0), 20, 30, 200, (line,), rulings=(ruling,))
    assert through(pipe, page) == page


def test_a_request_arrives_as_it_was(pipe):
    pages = PageRange(Source("d", "u", 1, "image/png", 9), (7, 8))
    request = Request(DrawPages(Path("a"), pages, RenderOptions(passwords=("p",))), 2.5)
    pipes.send(pipe[1], request)
    assert pipes.receive_request(pipe[0]) == request


def test_nobody_left_to_ask(pipe):
    os.close(pipe[1])
    assert pipes.receive_request(pipe[0]) is None


def test_nobody_left_to_answer(pipe):
    os.write(pipe[1], struct.pack("<IQ", 1, 100) + b"only a part")
    os.close(pipe[1])
    with pytest.raises(EOFError):
        pipes.receive_answer(pipe[0], 10, LARGE)


def test_an_answer_is_not_waited_for_longer_than_told(pipe):
    pipes.send(pipe[1], Count(1))
    assert pipes.receive_answer(pipe[0], 0, LARGE) == Count(1)
    with pytest.raises(TimeoutError):
        pipes.receive_answer(pipe[0], 0.01, LARGE)


def test_an_answer_may_not_be_larger_than_told(pipe):
    pipes.send(pipe[1], "x" * 1000)
    with pytest.raises(pickle.UnpicklingError, match="bytes"):
        pipes.receive_answer(pipe[0], 1, max_bytes=1000)


def test_an_answer_cannot_run_anything(pipe, tmp_path):
    touched = tmp_path / "touched"
    evil = f"cposix\nsystem\n(Vtouch {touched}\ntR.".encode()  # calls os.system
    os.write(pipe[1], struct.pack("<IQ", 1, len(evil)) + evil)
    with pytest.raises(pickle.UnpicklingError, match=r"posix\.system is not to be sent"):
        pipes.receive_answer(pipe[0], 1, LARGE)
    assert not touched.exists()
    pickle.loads(evil)
    assert touched.exists()


@pytest.mark.parametrize("content", [b"", b"nonsense", pickle.dumps(Done())[:-3]])
def test_an_answer_that_is_no_pickle(pipe, content):
    os.write(pipe[1], struct.pack("<IQ", 1, len(content)) + content)
    with pytest.raises(pickle.UnpicklingError, match="makes no sense"):
        pipes.receive_answer(pipe[0], 1, LARGE)


@pytest.mark.parametrize("count", [0, 1 << 31])
def test_an_answer_of_no_or_countless_pieces(pipe, count):
    os.write(pipe[1], struct.pack("<I", count))
    with pytest.raises(pickle.UnpicklingError, match="pieces"):
        pipes.receive_answer(pipe[0], 1, LARGE)


def test_nobody_left_to_read(pipe):
    os.close(pipe[0])
    with pytest.raises(BrokenPipeError):
        pipes.send(pipe[1], CountPages(Path("a"), "image/png", RenderOptions()))
