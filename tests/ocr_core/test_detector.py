import pytest
import torch

from ocr_core.detector import Detector, DetectorConfig

TINY = DetectorConfig(channels=(4, 4, 8, 8, 8), depths=(1, 1, 2, 1, 1), pyramid=8)


@pytest.mark.parametrize("shape", [(32, 32), (64, 96), (160, 32)])
def test_the_map_has_half_the_resolution(shape):
    probability = Detector(TINY)(torch.rand(2, 1, *shape))
    assert probability.shape == (2, 1, shape[0] // 2, shape[1] // 2)
    assert probability.dtype == torch.float32
    assert 0 <= probability.min() <= probability.max() <= 1


def test_training_sees_the_same_probability_as_reading():
    network = Detector(TINY).eval()
    pixels = torch.rand(1, 1, 64, 64)
    torch.testing.assert_close(network.train_maps(pixels).logits.sigmoid(), network(pixels))


def test_the_binary_map_is_a_step_of_probability_over_threshold():
    maps = Detector(TINY).train_maps(torch.rand(1, 1, 64, 64))
    probability = maps.logits.sigmoid()
    torch.testing.assert_close(maps.binary > 0.5, probability > maps.threshold)
    assert maps.threshold.shape == maps.binary.shape == maps.logits.shape


def test_all_of_it_learns():
    network = Detector(TINY)
    maps = network.train_maps(torch.rand(2, 1, 64, 64))
    (maps.logits.sum() + maps.threshold.sum()).backward()
    assert all(parameter.grad is not None for parameter in network.parameters())


def test_the_usual_size_is_a_few_megabytes():
    network = Detector(DetectorConfig())
    assert 2e5 < sum(p.numel() for p in network.parameters()) < 2e6
