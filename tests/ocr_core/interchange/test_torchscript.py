import json

import numpy as np
import pytest
import torch

from ocr_core import weights
from ocr_core.interchange import torchscript
from ocr_core.interchange.portable import portable
from ocr_core.interchange.torchscript import Script
from tests import tiny_networks
from tests.tiny_networks import DETECTOR, RECOGNISER, network_of


@pytest.fixture(params=[DETECTOR, RECOGNISER], ids=["detector", "recogniser"])
def network(request, tmp_path):
    path = tiny_networks.save(tmp_path, network_of(request.param))
    return portable(weights.load_file(path, path.stem))


def test_a_script_says_what_its_network_says_in_every_number_and_size(network, tmp_path):
    torchscript.save(network, tmp_path / "network.pt")
    script = Script(tmp_path / "network.pt", network.outputs)
    for pixels in network.samples():
        with torch.inference_mode():
            expected = network.module(torch.from_numpy(pixels))
        for name, values in zip(network.outputs, expected, strict=True):
            given = script(pixels, name)
            assert given.dtype == np.float32
            np.testing.assert_allclose(given, values.numpy(), atol=1e-4)


@pytest.mark.filterwarnings("ignore:.*torch.jit.load:DeprecationWarning")
def test_a_script_states_its_metadata_and_needs_none_of_our_code(network, tmp_path):
    torchscript.save(network, tmp_path / "network.pt")
    extra = {"metadata.json": ""}
    module = torch.jit.load(tmp_path / "network.pt", _extra_files=extra)
    assert json.loads(extra["metadata.json"]) == network.metadata
    assert isinstance(module, torch.jit.ScriptModule)
    assert "ocr_core" not in module.code
