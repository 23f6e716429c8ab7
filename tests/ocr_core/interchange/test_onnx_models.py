import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from ocr_core import weights
from ocr_core.errors import ConfigError, WeightsError
from ocr_core.interchange.onnx_models import Session, require, to_onnx
from ocr_core.interchange.portable import portable
from tests import tiny_networks
from tests.tiny_networks import DETECTOR, RECOGNISER, network_of

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")


@pytest.fixture(params=[DETECTOR, RECOGNISER], ids=["detector", "recogniser"])
def network(request, tmp_path):
    path = tiny_networks.save(tmp_path, network_of(request.param))
    return portable(weights.load_file(path, path.stem))


def test_a_model_says_what_its_network_says_in_every_number_and_size(network):
    session = Session(to_onnx(network))
    for pixels in network.samples():
        with torch.inference_mode():
            expected = network.module(torch.from_numpy(pixels))
        for name, values in zip(network.outputs, expected, strict=True):
            given = session(pixels, name)
            assert given.dtype == np.float32
            np.testing.assert_allclose(given, values.numpy(), atol=1e-4)


def test_a_model_states_its_metadata_and_its_open_axes(network):
    model = to_onnx(network)
    assert dict(Session(model).metadata) == network.metadata
    graph = onnx.load_from_string(model).graph
    [given] = graph.input
    open_axes = {
        axis: size.dim_param
        for axis, size in enumerate(given.type.tensor_type.shape.dim)
        if size.dim_param
    }
    assert open_axes == network.axes
    assert [output.name for output in graph.output] == list(network.outputs)
    for output in graph.output:
        sizes = output.type.tensor_type.shape.dim
        assert {
            axis: sizes[axis].dim_param for axis in network.outputs[output.name]
        } == network.outputs[output.name]


def test_exporting_leaves_filters_of_warnings_and_gradients_as_they_were(network):
    before = list(warnings.filters)
    to_onnx(network)
    assert warnings.filters == before
    assert torch.is_grad_enabled()


def test_threads_may_share_a_session(network):
    session = Session(to_onnx(network))
    name, *_ = network.outputs
    samples = network.samples() * 8
    expected = [session(pixels, name) for pixels in samples]
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda pixels: session(pixels, name), samples))
    for one, other in zip(given, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_is_no_model_is_refused():
    with pytest.raises(WeightsError, match="ONNX Runtime"):
        Session(b"no model")


def test_a_package_that_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ConfigError, match=r"package onnxruntime: pip install 'beam-ocr\[onnx\]'"):
        require("onnxruntime")
