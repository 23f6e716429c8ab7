import json
import sys

import cv2
import pytest

from ocr_core.errors import ConfigError
from ocr_core.recipes.plots import plot_log, plot_trained

EPOCH = {"epoch": 1, "loss": 2.0, "validation_loss": 1.5, "rate": 1e-3, "samples_per_s": 9.0}


def write_log(folder, **measures):
    lines = [{**EPOCH, "epoch": n, **measures, "seconds": 1.0} for n in (1, 2)]
    (folder / "log.jsonl").write_text("\n".join(map(json.dumps, lines)))


@pytest.mark.parametrize("measures", [{}, {"accuracy": 0.5}, {"cer": 0.1, "exact": 0.3}])
def test_losses_and_every_measure_get_a_panel(tmp_path, measures):
    pytest.importorskip("matplotlib")
    write_log(tmp_path, **measures)
    path = plot_log(tmp_path)
    assert path == tmp_path / "curves.png"
    height, width = cv2.imread(str(path)).shape[:2]
    assert (height, width) == (408, 540 * (1 + len(measures)))


def test_without_matplotlib_it_is_said_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    write_log(tmp_path)
    with pytest.raises(ConfigError, match=r"beam-ocr\[train\]"):
        plot_log(tmp_path)


def test_where_curves_are_is_told_or_why_there_are_none(tmp_path, monkeypatch, capsys):
    pytest.importorskip("matplotlib")
    write_log(tmp_path)
    plot_trained(tmp_path)
    assert capsys.readouterr().out == f"curves: {tmp_path / 'curves.png'}\n"
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    plot_trained(tmp_path)
    told = capsys.readouterr()
    assert told.err.startswith("curves: curves need matplotlib")
    assert not told.out


def test_there_is_nothing_to_draw_before_a_training(tmp_path):
    with pytest.raises(ConfigError, match="no training"):
        plot_log(tmp_path)
