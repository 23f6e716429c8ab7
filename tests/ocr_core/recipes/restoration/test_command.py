import argparse

import pytest

from ocr_core import weights
from ocr_core.errors import ConfigError, WeightsError
from ocr_core.recipes.restoration import command
from ocr_core.recipes.restoration.training import learnable
from ocr_core.synth.corpus import Corpus
from ocr_core.training.hard_lines import HardLines
from tests import tiny_networks
from tests.ocr_core.recipes.restoration.conftest import WORDS


@pytest.fixture
def trained(monkeypatch):
    """What would be trained: in the place of the loop, something that only remembers."""
    loops = []

    class Remembering:
        def __init__(self, *given):
            loops.append(given)

        def run(self):
            return {}

    monkeypatch.setattr(command, "Loop", Remembering)
    monkeypatch.setattr(command, "load_corpora", lambda cache: [Corpus("en", (), WORDS)])
    return loops


def run(*flags):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    words = [*flags, "--device", "cpu", "--fonts"]
    return command.main(parser.parse_args([str(word) for word in words]))


def test_a_restorer_is_trained_as_the_flags_say(trained, tmp_path, capsys):
    flags = ("--minutes", 3, "--session-minutes", 2, "--rate", 0.01, "--seed", 7)
    more = ("--wear", 0.5, 0.75, "--guidance", 0, "--schedule", "linear")
    assert run("--to", tmp_path, *flags, *more) == 0
    [(task, folder, settings, device)] = trained
    assert (folder, device.type) == (tmp_path, "cpu")
    assert (settings.minutes, settings.session_minutes) == (3, 2)
    assert (settings.rate, settings.seed) == (0.01, 7)
    assert settings.data == {"worn_least": 0.5, "worn_most": 0.75}
    assert task.network.config.schedule == "linear"
    told = capsys.readouterr().out
    assert "guidance=0.0" in told
    assert f"{tmp_path / 'restorer'}.safetensors" in told


def test_lines_are_made_that_the_shipped_recogniser_has_trouble_with(trained, tmp_path):
    assert run("--to", tmp_path) == 0
    [(task, *_)] = trained
    assert isinstance(task._maker, HardLines)
    lines = [line for seed in range(3) for line in learnable(task._maker.make(seed))]
    assert lines
    assert {len(line.clean) for line in lines} == {40}
    assert max(line.clean.shape[1] for line in lines) <= 512


def test_a_folder_of_fonts_that_is_not_there_is_refused(trained, tmp_path):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    words = ["--to", str(tmp_path), "--device", "cpu", "--fonts", str(tmp_path / "nowhere")]
    with pytest.raises(ConfigError, match=r"no folder of fonts .*nowhere"):
        command.main(parser.parse_args(words))


def test_what_minutes_do_not_count_is_told():
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert "measuring come on top" in " ".join(parser.format_help().split())


def test_what_guides_must_be_a_recogniser(trained, tmp_path):
    detector, _ = weights.find()
    with pytest.raises(WeightsError, match="not of `recogniser`"):
        run("--to", tmp_path, "--guide", detector)
    small = tiny_networks.network_of(tiny_networks.RECOGNISER)
    assert run("--to", tmp_path, "--guide", tiny_networks.save(tmp_path, small)) == 0
    [(task, *_)] = trained
    assert task._charset.characters == "ab "
