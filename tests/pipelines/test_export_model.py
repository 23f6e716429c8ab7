import argparse
import shutil

import pytest
import torch

from ocr_core import weights
from ocr_core.errors import ConfigError, WeightsError
from ocr_core.interchange.writing import FORMATS
from pipelines import export_model
from tests import tiny_networks
from tests.tiny_networks import DETECTOR, RECOGNISER, network_of


@pytest.fixture
def folder(tmp_path):
    """The weights of tiny networks, the second recogniser among them."""
    folder = tmp_path / "weights"
    folder.mkdir()
    for config in (DETECTOR, RECOGNISER):
        tiny_networks.save(folder, network_of(config))
    shutil.copy(folder / "recogniser.safetensors", folder / weights.LARGER)
    return folder


def call(*words):
    parser = argparse.ArgumentParser()
    export_model.add_arguments(parser)
    return export_model.main(parser.parse_args([str(word) for word in words]))


def test_the_flag_knows_the_formats():
    assert set(export_model.FORMATS) == set(FORMATS)


@pytest.mark.parametrize(("form", "suffix"), [("onnx", "onnx"), ("torchscript", "pt")])
def test_every_network_of_a_folder_is_written(folder, tmp_path, capsys, form, suffix):
    if form == "onnx":
        pytest.importorskip("onnx")
        pytest.importorskip("onnxruntime")
    to = tmp_path / "models" / "new"
    assert call("--format", form, "--to", to, "--weights", folder) == 0
    names = ("detector", "recogniser", "recogniser-large")
    assert {path.name for path in to.iterdir()} == {f"{name}.{suffix}" for name in names}
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 3
    assert told[2].endswith("of those of recogniser-large.safetensors")


def test_one_file_is_written_alone(folder, tmp_path):
    file = folder / "recogniser.safetensors"
    call("--format", "torchscript", "--to", tmp_path / "models", "--weights", file)
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["recogniser.pt"]


def test_the_shipped_weights_are_the_default():
    found = export_model.list_weights(None)
    assert found[:2] == list(weights.find())


def test_what_cannot_be_written_says_why(folder, tmp_path):
    with pytest.raises(WeightsError, match="no weights file at"):
        call("--format", "torchscript", "--to", tmp_path, "--weights", tmp_path / "none")
    other = tmp_path / "chars.safetensors"
    weights.save(other, "chars", {}, {"a": torch.zeros(1)}, {})
    with pytest.raises(WeightsError, match="only detectors and recognisers"):
        call("--format", "torchscript", "--to", tmp_path / "models", "--weights", other)
    file = folder / "detector.safetensors"
    with pytest.raises(ConfigError, match="--to is a folder"):
        call("--format", "torchscript", "--to", file)
