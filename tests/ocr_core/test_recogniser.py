import pytest
import torch

from ocr_core.recogniser import Recogniser, RecogniserConfig

TINY = RecogniserConfig("ab ", 16, (4, 4, 8, 8, 8), (1, 1, 2, 1, 1), row=8, hidden=6)


@pytest.mark.parametrize("height", [8, 16, 24, 40, 48])
@pytest.mark.parametrize("width", [4, 64])
def test_four_columns_are_one_step_and_each_step_scores_each_label(height, width):
    config = RecogniserConfig("ab ", height, (4, 4, 8, 8, 8), row=8, hidden=6)
    output = Recogniser(config)(torch.rand(2, 1, height, width))
    assert output.shape == (2, width // 4, 4)


def test_it_gives_log_probabilities():
    output = Recogniser(TINY)(torch.rand(2, 1, 16, 32))
    assert output.dtype == torch.float32
    torch.testing.assert_close(output.exp().sum(dim=-1), torch.ones(2, 8))


def test_a_step_sees_what_stands_far_to_its_left_and_right():
    torch.manual_seed(0)
    network = Recogniser(TINY).eval()
    crops = torch.rand(1, 1, 16, 128, requires_grad=True)
    network(crops)[0, 16, 1].backward()
    columns = crops.grad[0, 0].abs().sum(dim=0)
    assert columns[:8].max() > 0
    assert columns[-8:].max() > 0


def test_the_config_says_how_large_it_is():
    network = Recogniser(TINY)
    assert network.config is TINY
    assert network.head.out_features == 4
    assert network.sequence.hidden_size == 6
    assert [len(stage.blocks) for stage in network.features] == [0, 0, 1, 0, 0]


def test_the_usual_size_is_a_few_megabytes():
    network = Recogniser(RecogniserConfig("x" * 270))
    assert 1e6 < sum(p.numel() for p in network.parameters()) < 3e6
