import argparse
import math
from dataclasses import asdict

import pytest
import torch

from ocr_core import weights
from ocr_core.detector import Detector, DetectorConfig
from ocr_core.errors import WeightsError
from ocr_core.training import averaging


def written(path, seed, provenance=(), **config):
    torch.manual_seed(seed)
    network = Detector(DetectorConfig(**config))
    weights.save(path, "detector", asdict(network.config), network.state_dict(), dict(provenance))
    return path


def run(*flags):
    parser = argparse.ArgumentParser()
    averaging.add_arguments(parser)
    return averaging.main(parser.parse_args([str(flag) for flag in flags]))


@pytest.mark.parametrize("share", [0.5, 0.25])
def test_the_mean_lies_between_both(tmp_path, share, capsys):
    first = written(tmp_path / "first.safetensors", 1, {"minutes": 7})
    second = written(tmp_path / "second.safetensors", 2, {"minutes": 9})
    path = tmp_path / "mean.safetensors"
    assert run(first, second, "--to", path, "--share", share) == 0
    assert "quantise" in capsys.readouterr().out
    a, b, mean = (weights.load_file(one, "detector") for one in (first, second, path))
    for name, tensor in mean.tensors.items():
        wanted = a.tensors[name] * (1 - share) + b.tensors[name] * share
        torch.testing.assert_close(tensor, wanted, atol=2e-3, rtol=2e-3)
    assert mean.provenance == {"mean_of": [{"minutes": 7}, {"minutes": 9}], "share": share}
    assert not mean.ranges


def test_networks_of_two_shapes_have_no_mean(tmp_path):
    first = written(tmp_path / "first.safetensors", 1)
    second = written(tmp_path / "second.safetensors", 2, pyramid=8)
    with pytest.raises(WeightsError, match="different configurations"):
        run(first, second, "--to", tmp_path / "mean.safetensors")


def test_what_json_cannot_hold_is_left_out_of_the_origins():
    one = weights.Weights("detector", {}, {}, {"settings": {"minutes": math.inf}, "at": [1.5]}, "")
    origins = averaging.average(one, one).provenance["mean_of"]
    assert origins == [{"settings": {"minutes": None}, "at": [1.5]}] * 2
