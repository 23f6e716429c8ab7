import argparse
from functools import partial

import pytest

from ocr_core.errors import ConfigError
from ocr_core.recipes.lines import command, pictures, reading, samples
from tests import tiny_networks
from tests.ocr_core.recipes.lines.conftest import SMALL


def run(*flags):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.main(parser.parse_args([str(flag) for flag in flags]))


@pytest.fixture
def weights(tmp_path):
    return tiny_networks.save(tmp_path, tiny_networks.network_of(SMALL))


def test_lines_are_learnt_compared_and_read(lines, weights, tmp_path, capsys):
    out = tmp_path / "out"
    assert run(lines, "--to", out, "--start-from", weights, "--epochs", 2) == 0
    told = capsys.readouterr().out
    assert "before: " in told
    assert "after: " in told
    assert (out / "recogniser.safetensors").is_file()
    assert (out / "curves.png").is_file()
    assert run("--evaluate", lines, "--to", out) == 0
    assert "60 lines: " in capsys.readouterr().out
    assert run("--predict", lines / "00.png", "--weights", weights) == 0
    _, confidence = capsys.readouterr().out.rstrip("\n").split("\t")
    assert 0 <= float(confidence) <= 1


def test_lines_that_were_learnt_raw_are_read_raw(lines, weights, tmp_path, capsys, monkeypatch):
    out = tmp_path / "out"
    run(lines, "--to", out, "--start-from", weights, "--epochs", 1, "--data", "raw")
    seen = []
    plain = pictures.make_strip
    for place in (reading, samples):
        note = partial(_noting, seen, plain)
        monkeypatch.setattr(place, "make_strip", note)
    run("--predict", lines / "00.png", "--to", out)
    run("--evaluate", lines, "--to", out)
    assert seen == ["raw"] * 61
    seen.clear()
    run("--predict", lines / "00.png", "--to", out, "--data", "processed")
    assert seen == ["processed"]
    with pytest.raises(ConfigError, match="is of a training with --data raw"):
        run(lines, "--to", out, "--start-from", weights, "--epochs", 2)
    with pytest.raises(ConfigError, match="is of a training with --wear 1"):
        run(lines, "--to", out, "--start-from", weights, "--data", "raw", "--wear", 0.5)


def _noting(seen, plain, pixels, data, height):
    seen.append(data)
    return plain(pixels, data, height)


def test_learning_may_begin_with_nothing(lines, tmp_path, capsys):
    assert run(lines, "--to", tmp_path / "out", "--from-nothing", "--epochs", 1) == 0
    assert "before" not in capsys.readouterr().out


def test_learning_begins_with_weights_or_with_nothing(lines, weights, capsys):
    with pytest.raises(SystemExit):
        run(lines, "--from-nothing", "--start-from", weights)
    assert "not allowed with" in capsys.readouterr().err


def test_lines_have_to_be_given():
    with pytest.raises(ConfigError, match="give LINES"):
        run()


def test_lines_none_of_which_can_be_read_cannot_be_compared(lines, weights):
    for path in lines.glob("*.png"):
        path.write_text("no picture")
    with pytest.raises(ConfigError, match="can be read"):
        run("--evaluate", lines, "--weights", weights)


def test_the_larger_of_the_shipped_recognisers_is_learnt_on_from():
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command._start(parser.parse_args([])).name == "recogniser-large.safetensors"
