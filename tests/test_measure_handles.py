"""What is told of models that are loaded, of batches that are filled, and of the time it takes."""

import json
import os

import numpy as np
import pytest

import ocr_core
from ocr_core import backends
from ocr_core.engine import Engine
from ocr_core.engine_options import EngineOptions
from tests import measure_handles
from tests.measure_handles import Fill, Measured, Setting


@pytest.fixture
def measured(monkeypatch):
    """Numbers to be filled in; all that is watched is let go again."""
    monkeypatch.setattr(ocr_core, "load", lambda: np.ones(8 << 20))
    monkeypatch.setattr(Engine, "__init__", lambda *args: None)
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


@pytest.fixture
def detector():
    return object.__new__(backends.TorchDetector)


def test_batches_are_measured_against_their_limits(measured, detector, monkeypatch):
    measure_handles.watch_batches(measured, batch_pages=8)
    monkeypatch.setattr(measure_handles.time, "perf_counter", iter([5.0, 7.0]).__next__)
    engine = object.__new__(Engine)
    for count in (8, 4):
        assert engine.detect_pages([None] * count) == ([None] * count,)
    assert measured.wall_s == -5.0  # the time of the first batch, to which that of the end is added
    tiles = np.zeros((2, 1024, 1024), np.uint8)
    detector(tiles)
    crops = np.zeros((4, 40, 1024), np.uint8)
    object.__new__(backends.TorchRecogniser)(crops, np.full(4, 1000))
    assert (measured.pages.counts, measured.pages.shares) == ([8, 4], [1.0, 0.5])
    assert (measured.tiles.counts, measured.tiles.shares) == ([2], [0.5])
    assert measured.lines.counts == [4]
    assert measured.lines.shares == [pytest.approx(4 * 40 / 1024, abs=1e-3)]


def test_limits_are_those_of_the_engine(measured, detector):
    measure_handles.watch_batches(measured, batch_pages=8)
    Engine(None, None, None, EngineOptions(max_tile_pixels=1 << 23))
    detector(np.zeros((2, 1024, 1024), np.uint8))
    assert measured.tiles.shares == [0.25]


def test_time_in_the_networks_is_added_up(measured, detector, monkeypatch):
    ticks = iter([1.0, 1.5, 10.0, 12.0])
    monkeypatch.setattr(measure_handles.time, "perf_counter", lambda: next(ticks))
    measure_handles.watch_networks(measured, "cuda")
    for _ in range(2):
        detector(np.zeros((1, 64, 64), np.uint8))
    assert measured.network_s == 2.5


FILL = Fill([8, 4], [1.0, 0.5])
SOME = Measured(
    *(1, 9 << 20, 35 << 20, 3 << 29, 5 << 28),
    *(6.0, 9.0, 3.0, FILL, Fill(), FILL),
)


def test_what_was_measured_is_told_in_words():
    assert measure_handles.describe(Setting(2), SOME).splitlines() == [
        "2 threads: models were loaded 1 times; 9 MiB before, 35 MiB after, 1536 MiB while reading",
        "  pages: 2 batches of 6.0, 75% of the limit",
        "  tiles: 0 batches of 0.0, 0% of the limit",
        "  lines: 2 batches of 6.0, 75% of the limit",
        "  9.0 CPU-seconds, networks 3.0 seconds",
    ]


@pytest.mark.parametrize(("device", "gpu"), [("cpu", "-"), ("cuda", "1.25 GiB")])
def test_what_was_measured_is_told_as_a_table(device, gpu):
    cells = ["2", "16", "2.00", "0.750", "0.250", "0", "8", "1.50 GiB", gpu]
    told = measure_handles.as_row(Setting(2, device=device, batch_pages=16), SOME)
    assert told == "| " + " | ".join(cells) + " |"
    assert len(cells) == len(measure_handles.COLUMNS)


def test_a_setting_is_given_on_as_it_is():
    setting = Setting(3, "fast", "cuda", 16)
    args = measure_handles.make_parser().parse_args(setting.flags)
    given = Setting(args.threads[0], args.quality, args.device, args.batch_pages[0])
    assert given == setting


def test_what_another_process_tells_is_understood(monkeypatch, tmp_path, capsys):
    told = Measured(1, 1 << 20, 2 << 20, 3 << 20, pages=Fill([2], [0.25]))
    monkeypatch.setattr(measure_handles, "measure", lambda *args: told)
    assert measure_handles.main([str(tmp_path), "--threads", "2", "--here"]) == 0
    line = capsys.readouterr().out
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\ncat <<'END'\nsomething else\n{line}END\n")
    script.chmod(0o755)
    monkeypatch.setattr(measure_handles.sys, "executable", os.fspath(script))
    assert measure_handles.measure_apart(tmp_path, Setting(2)) == told
    assert json.loads(line)["pages"] == {"counts": [2], "shares": [0.25]}


@pytest.mark.parametrize(("loads", "expected"), [([1, 1], 0), ([1, 2], 1)])
def test_models_that_are_loaded_twice_are_a_failure(monkeypatch, capsys, loads, expected):
    answers = iter(loads)
    monkeypatch.setattr(measure_handles, "measure_apart", lambda *args: Measured(next(answers)))
    assert measure_handles.main(["--threads", "1", "2"]) == expected
    assert capsys.readouterr().out.count("models were loaded") == 2


def test_every_combination_has_a_row(monkeypatch, capsys):
    monkeypatch.setattr(measure_handles, "measure_apart", lambda *args: Measured(1))
    flags = ["--threads", "1", "2", "--batch-pages", "8", "16", "--table"]
    assert measure_handles.main(flags) == 0
    head, line, *rows = capsys.readouterr().out.splitlines()
    assert head.count("|") == line.count("|")
    assert [one.split(" | ")[:2] for one in rows] == [
        [f"| {threads}", pages] for pages in ("8", "16") for threads in (1, 2)
    ]
