import argparse
import importlib.util

import pytest
import torch

import ocr_core
from ocr_core import devices, running, weights
from ocr_core.backends import TorchDetector, TorchRecogniser
from ocr_core.errors import ConfigError
from tests import tiny_networks
from tests.stand_ins import blank_page, draw_text
from tests.tiny_networks import DETECTOR, RECOGNISER, network_of

needs_onnx = pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("onnx", "onnxruntime"))), reason="no ONNX Runtime"
)


@pytest.fixture
def folder(tmp_path):
    """The weights of two tiny networks."""
    for config in (DETECTOR, RECOGNISER):
        tiny_networks.save(tmp_path, network_of(config))
    return tmp_path


def opened(how, folder):
    detector, recogniser = weights.find(folder)
    return (
        how.open_detector(weights.load_file(detector, "detector")),
        how.open_recogniser(weights.load_file(recogniser, "recogniser")),
    )


def test_torch_runs_on_the_device_and_in_the_precision_asked_for(folder, monkeypatch):
    chosen = []
    choose = devices.choose_precision
    monkeypatch.setattr(
        devices,
        "choose_precision",
        lambda name, device: chosen.append(name) or choose(name, device),
    )
    how = running.choose("torch", "cpu", "float32")
    detector, recogniser = opened(how, folder)
    assert how.device == torch.device("cpu")
    assert isinstance(detector, TorchDetector)
    assert isinstance(recogniser, TorchRecogniser)
    assert chosen == ["float32", "float32"]


@needs_onnx
@pytest.mark.parametrize("device", ["auto", "cpu"])
@pytest.mark.parametrize("precision", ["auto", "float32"])
def test_onnx_runs_on_the_cpu(folder, device, precision):
    from ocr_core.interchange.onnx_networks import OnnxDetector, OnnxRecogniser

    how = running.choose("onnx", device, precision)
    detector, recogniser = opened(how, folder)
    assert how.device == torch.device("cpu")
    assert isinstance(detector, OnnxDetector)
    assert isinstance(recogniser, OnnxRecogniser)


@needs_onnx
def test_an_engine_reads_with_onnx_what_it_reads_with_torch(folder):
    page = blank_page(200, 200)
    draw_text(page, "abc", left=40, top=80)
    read = [
        ocr_core.ocr_page(page, ocr_core.load(folder, "cpu", False, "float32", backend=backend))
        for backend in running.BACKENDS
    ]
    lines = [[(line.text, line.quad) for line in one.lines] for one in read]
    assert lines[0] == lines[1]


@pytest.mark.parametrize(
    ("backend", "device", "precision", "complaint"),
    [
        ("tensorflow", "cpu", "auto", "--backend is torch or onnx, not 'tensorflow'"),
        ("onnx", "cuda", "auto", "runs on CPUs, not with --device cuda"),
        ("onnx", "cpu", "int8", "in float32, not with --precision int8"),
        ("onnx", "cpu", "bfloat16", "in float32, not with --precision bfloat16"),
    ],
)
def test_what_does_not_go_together_is_refused(backend, device, precision, complaint):
    with pytest.raises(ConfigError, match=complaint):
        running.choose(backend, device, precision)


@pytest.mark.parametrize("package", ["onnx", "onnxruntime"])
def test_a_missing_package_is_named_with_how_to_get_it(monkeypatch, package):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == package else find("json")
    )
    with pytest.raises(ConfigError, match=rf"package {package}: pip install 'beam-ocr\[onnx\]'"):
        ocr_core.load(device="cpu", backend="onnx")
    running.check("torch", "cpu", "auto")


def test_the_flag_knows_the_backends():
    parser = argparse.ArgumentParser()
    running.add_backend_argument(parser)
    assert parser.parse_args([]).backend == "torch"
    assert parser.parse_args(["--backend", "onnx"]).backend == "onnx"
