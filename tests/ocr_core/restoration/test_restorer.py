from dataclasses import asdict

import numpy as np
import pytest
import torch

from ocr_core import weights
from ocr_core.errors import WeightsError
from ocr_core.restoration import restorer
from ocr_core.restoration.network import RestorerConfig, RestorerNetwork
from ocr_core.restoration.restorer import Restorer, find_restorer, open_restorer

SMALL = RestorerConfig(height=16, channels=(4, 4, 8), depth=1, embedding=8)


def network_of(seed=1):
    torch.manual_seed(seed)
    network = RestorerNetwork(SMALL)
    torch.nn.init.normal_(network.leave.weight, std=0.2)
    return network


def crops_of(*widths):
    rng = np.random.default_rng(3)
    return [rng.integers(0, 256, (16, width)).astype(np.uint8) for width in widths]


def save(folder, network, **changes):
    path = folder / "restorer.safetensors"
    weights.save(path, "restorer", {**asdict(SMALL), **changes}, network.state_dict(), {})
    return path


def test_crops_keep_their_sizes_and_are_changed():
    crops = crops_of(1, 30, 31, 64)
    restored = Restorer(network_of()).restore(crops)
    assert [one.shape for one in restored] == [one.shape for one in crops]
    assert {one.dtype for one in restored} == {np.dtype(np.uint8)}
    assert not any(np.array_equal(*pair) for pair in zip(crops, restored, strict=True))
    assert Restorer(network_of()).restore([]) == []


def test_a_crop_is_restored_the_same_each_time_and_whatever_its_neighbours():
    crops = crops_of(40, 17, 64)
    opened = Restorer(network_of())
    together = opened.restore(crops)
    for crop, restored in zip(crops, together, strict=True):
        np.testing.assert_array_equal(opened.restore([crop])[0], restored)


def test_more_steps_come_to_something_else():
    few, many = (Restorer(network_of(), steps=steps).restore(crops_of(40))[0] for steps in (1, 8))
    assert not np.array_equal(few, many)


def test_untrained_it_gives_back_what_it_was_given():
    [crop] = crops_of(50)
    np.testing.assert_array_equal(Restorer(RestorerNetwork(SMALL)).restore([crop])[0], crop)


@pytest.mark.parametrize("shape", [(17, 30), (16, 0), (16, 30, 1)])
def test_crops_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match="16 pixels high"):
        Restorer(network_of()).restore([np.zeros(shape, np.uint8)])


def test_a_restorer_comes_back_from_its_weights(tmp_path):
    opened = open_restorer(weights.load_file(save(tmp_path, network_of()), "restorer"), steps=2)
    assert (opened.height, opened.steps) == (16, 2)
    crops = crops_of(40)
    [found], [expected] = opened.restore(crops), Restorer(network_of(), steps=2).restore(crops)
    np.testing.assert_allclose(found.astype(int), expected, atol=2)  # weights are halves


def test_weights_of_another_version_are_refused(tmp_path):
    path = save(tmp_path, network_of(), breadth=3)
    with pytest.raises(WeightsError, match="version"):
        open_restorer(weights.load_file(path, "restorer"))
    path = save(tmp_path, network_of(), depth=2)
    with pytest.raises(WeightsError, match="do not fit"):
        open_restorer(weights.load_file(path, "restorer"))


def test_ones_own_restorer_is_found_before_the_shipped_one(tmp_path, monkeypatch):
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    for folder in (shipped, own):
        folder.mkdir()
    monkeypatch.setattr(restorer, "_SHIPPED", shipped)
    assert find_restorer() is None
    assert find_restorer(own) is None
    path = save(shipped, network_of())
    assert find_restorer() == find_restorer(own) == find_restorer(tmp_path / "none") == path
    own_path = save(own, network_of())
    assert find_restorer(own) == own_path
