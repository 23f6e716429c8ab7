import argparse
from dataclasses import replace
from functools import partial

import pytest

from ocr_core.errors import ConfigError
from ocr_core.recipes.handwriting import command
from tests import tiny_networks
from tests.ocr_core.recipes.handwriting.conftest import BRIEF


def run(*flags):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.main(parser.parse_args([str(flag) for flag in flags]))


@pytest.fixture
def flags(tmp_path, monkeypatch, corpora):
    monkeypatch.setattr(command, "load_corpora", lambda cache: corpora)
    monkeypatch.setattr(command, "HandwritingSettings", partial(replace, BRIEF))
    start = tiny_networks.save(tmp_path, tiny_networks.network_of(tiny_networks.RECOGNISER))
    out = tmp_path / "out"
    return ["--to", out, "--start-from", start, "--minutes", 0.01, "--workers", 0]


def test_a_recogniser_is_taught_and_what_it_reads_is_told(flags, monkeypatch, hands, capsys):
    monkeypatch.setattr(command, "find_faces", lambda characters, folders: hands)
    assert run(*flags) == 0
    told = capsys.readouterr().out
    assert "before: " in told
    assert "after: " in told
    assert "on drawn lines in other hands" in told
    assert "recogniser.safetensors" in told


def test_folders_without_handwriting_are_told(flags, tmp_path):
    with pytest.raises(ConfigError, match="none of the fonts is handwriting"):
        run(*flags, "--fonts", tmp_path)


def test_by_default_the_larger_recogniser_is_learnt_on_from(flags, monkeypatch, hands):
    begun = []
    monkeypatch.setattr(command, "find_faces", lambda characters, folders: hands)
    monkeypatch.setattr(command, "teach", partial(_note, begun))
    del flags[2:4]
    run(*flags)
    [(start, settings)] = begun
    assert start.config["hidden"] > 100
    assert settings.batches.workers == 0


def _note(begun, matter, folder, start, settings, device):
    begun.append((start, settings))
    figures = {"cer": 0.5, "exact": 0.5}
    return command.Taught(folder / "x", figures, figures)


def test_a_folder_of_fonts_that_is_not_there_is_refused(flags, tmp_path):
    with pytest.raises(ConfigError, match=r"no folder of fonts .*nowhere"):
        run(*flags, "--fonts", tmp_path / "nowhere")


def test_what_minutes_do_not_count_is_told():
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert "after come on top" in " ".join(parser.format_help().split())
