import numpy as np
import pytest
import torch

from ocr_core import weights
from ocr_core.errors import ConfigError, WeightsError
from ocr_core.interchange import onnx_models, writing
from ocr_core.interchange.portable import portable
from ocr_core.interchange.writing import FORMATS
from tests import tiny_networks
from tests.tiny_networks import DETECTOR, RECOGNISER, network_of


@pytest.fixture(params=[DETECTOR, RECOGNISER], ids=["detector", "recogniser"])
def file(request, tmp_path):
    path = tiny_networks.save(tmp_path, network_of(request.param))
    return weights.load_file(path, path.stem)


def need(form):
    if form == "onnx":
        pytest.importorskip("onnx")
        pytest.importorskip("onnxruntime")


@pytest.mark.parametrize("form", list(FORMATS))
def test_a_file_is_written_and_tells_how_close_it_is(file, tmp_path, form):
    need(form)
    path = tmp_path / "models" / f"network{FORMATS[form].suffix}"
    assert writing.write(file, path, FORMATS[form]) < 1e-4
    assert list(path.parent.iterdir()) == [path]
    answer = FORMATS[form].open(path, portable(file))
    assert answer.metadata["weights_digest"] == file.digest


@pytest.mark.parametrize("form", list(FORMATS))
@pytest.mark.parametrize("name", ["detector", "recogniser", "recogniser-large"])
def test_the_shipped_networks_can_be_written(tmp_path, name, form):
    need(form)
    path = weights.find()[0].with_name(f"{name}.safetensors")
    if not path.exists():
        pytest.skip("no weights have been trained yet")
    file = weights.load_file(path, weights.network_of(path))
    assert writing.write(file, tmp_path / name, FORMATS[form]) < 1e-3


def test_a_file_that_says_something_else_is_not_left_behind(file, tmp_path):
    other = tiny_networks.save(tmp_path, network_of(DETECTOR, seed=1))
    if file.network == "recogniser":
        other = tiny_networks.save(tmp_path, network_of(RECOGNISER, seed=1))
    wrong = portable(weights.load_file(other, file.network))
    save = FORMATS["torchscript"].save
    form = writing.Format(".pt", lambda _, path: save(wrong, path), FORMATS["torchscript"].open)
    path = tmp_path / "models" / "network.pt"
    with pytest.raises(WeightsError, match=r"was not written: its logits would differ .* by \d"):
        writing.write(file, path, form)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("given", [np.nan, np.inf, 2e-3])
def test_no_difference_above_the_limit_is_let_through(file, tmp_path, given):
    network = portable(file)

    def answer(pixels, name):
        with torch.inference_mode():
            values = network.module(torch.from_numpy(pixels))[-1].numpy().copy()
        values[0, 0, 0] += given
        return values

    form = writing.Format("", lambda _, path: path.write_bytes(b""), lambda *_: answer)
    with pytest.raises(WeightsError, match="not written"):
        writing.write(file, tmp_path / "network", form)


def test_answers_of_another_size_are_infinitely_far_off(file):
    zeros = np.zeros((1, 1, 1), np.float32)
    assert writing.greatest_difference(file, portable(file), lambda *_: zeros) == float("inf")


def test_a_file_that_was_there_stays_when_its_successor_fails(file, tmp_path, monkeypatch):
    def missing(package):
        raise ConfigError(package)

    monkeypatch.setattr(onnx_models, "require", missing)
    path = tmp_path / "network.onnx"
    path.write_text("before")
    with pytest.raises(ConfigError, match="onnx"):
        writing.write(file, path, FORMATS["onnx"])
    assert path.read_text() == "before"
    assert not list(tmp_path.glob("*.part"))
