"""What is told of models that are loaded and of batches that are filled."""

import json
import os

import numpy as np
import pytest

import ocr_core
from ocr_core import backends
from ocr_core.engine import Engine
from tests import measure_handles
from tests.measure_handles import Fill, Measured


@pytest.fixture
def measured(monkeypatch):
    """Numbers to be filled in; all that is watched is let go again."""
    monkeypatch.setattr(ocr_core, "load", lambda: np.ones(8 << 20))
    for owner, name in (
        (Engine, "detect_pages"),
        (backends.TorchDetector, "__call__"),
        (backends.TorchRecogniser, "__call__"),
    ):
        monkeypatch.setattr(owner, name, lambda *args: args[1:])
    return Measured()


def test_every_load_is_counted_and_the_first_is_measured(measured):
    measure_handles.watch_loading(measured)
    first, second = ocr_core.load(), ocr_core.load()
    assert len(first) == len(second)
    assert measured.loads == 2
    grown = measured.after_bytes - measured.before_bytes
    assert first.nbytes * 0.9 < grown < first.nbytes * 1.9


def test_batches_are_measured_against_their_limits(measured):
    measure_handles.watch_batches(measured)
    engine = object.__new__(Engine)
    for count in (8, 4):
        assert engine.detect_pages([None] * count) == ([None] * count,)
    tiles = np.zeros((2, 1024, 1024), np.uint8)
    object.__new__(backends.TorchDetector)(tiles)
    crops = np.zeros((4, 40, 1024), np.uint8)
    object.__new__(backends.TorchRecogniser)(crops, np.full(4, 1000))
    assert (measured.pages.counts, measured.pages.shares) == ([8, 4], [1.0, 0.5])
    assert (measured.tiles.counts, measured.tiles.shares) == ([2], [0.5])
    assert measured.lines.counts == [4]
    assert measured.lines.shares == [pytest.approx(4 * 40 / 1024, abs=1e-3)]


def test_what_was_measured_is_told_in_words():
    fill = Fill([8, 4], [1.0, 0.5])
    measured = Measured(1, 9 << 20, 35 << 20, 90 << 20, fill, Fill(), fill)
    assert measure_handles.describe(2, measured).splitlines() == [
        "2 threads: models were loaded 1 times; 9 MiB before, 35 MiB after, 90 MiB while reading",
        "  pages: 2 batches of 6.0, 75% of the limit",
        "  tiles: 0 batches of 0.0, 0% of the limit",
        "  lines: 2 batches of 6.0, 75% of the limit",
    ]


def test_what_another_process_tells_is_understood(monkeypatch, tmp_path, capsys):
    told = Measured(1, 1 << 20, 2 << 20, 3 << 20, Fill([2], [0.25]))
    monkeypatch.setattr(measure_handles, "measure", lambda *args: told)
    assert measure_handles.main([str(tmp_path), "--threads", "2", "--here"]) == 0
    line = capsys.readouterr().out
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\ncat <<'END'\nsomething else\n{line}END\n")
    script.chmod(0o755)
    monkeypatch.setattr(measure_handles.sys, "executable", os.fspath(script))
    assert measure_handles.measure_apart(tmp_path, 2, "fast") == told
    assert json.loads(line)["pages"] == {"counts": [2], "shares": [0.25]}


@pytest.mark.parametrize(("loads", "expected"), [([1, 1], 0), ([1, 2], 1)])
def test_models_that_are_loaded_twice_are_a_failure(monkeypatch, capsys, loads, expected):
    answers = iter(loads)
    monkeypatch.setattr(measure_handles, "measure_apart", lambda *args: Measured(next(answers)))
    assert measure_handles.main(["--threads", "1", "2"]) == expected
    assert capsys.readouterr().out.count("models were loaded") == 2
