import io
import sys

import pytest

from ocr_core.recipes import display
from ocr_core.recipes.display import Display


def terminal():
    stream = io.StringIO()
    stream.isatty = lambda: True
    return stream


def shown(monkeypatch, stream, first_epoch=0):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys, "stderr", stream)
    with Display(4, 100) as display:
        for _ in range(2):
            display.step(first_epoch, 50, 0.25)
        display.end_epoch({"epoch": first_epoch + 1, "loss": 0.123456789}, first_epoch + 1)
        display.step(first_epoch + 1, 50, 0.125)
    return stream.getvalue()


def test_logs_get_a_line_for_each_epoch(monkeypatch):
    text = shown(monkeypatch, io.StringIO())
    assert text == '{"epoch": 1, "loss": 0.12346} (best)\n'


@pytest.mark.parametrize(("first_epoch", "share"), [(0, "38%"), (2, "88%")])
def test_terminals_get_a_bar_with_loss_and_rate(monkeypatch, first_epoch, share):
    text = shown(monkeypatch, terminal(), first_epoch)
    assert f"epoch {first_epoch + 2}/4, loss 0.1250" in text
    assert "samples/s" in text
    assert share in text
    assert "(best)" in text


@pytest.mark.parametrize(("stream", "told"), [(io.StringIO(), False), (terminal(), True)])
def test_steps_are_counted_on_terminals_only(monkeypatch, stream, told):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys, "stderr", stream)
    assert list(display.shown("drawing", range(7))) == list(range(7))
    assert ("drawing" in stream.getvalue()) == told
