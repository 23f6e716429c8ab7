import math

import pytest
import torch

from ocr_core.recogniser import Recogniser, RecogniserConfig
from ocr_core.training.guidance import Guide, GuidedRecogniser, plain_state, positions

CONFIG = RecogniserConfig("abc ", 16, (4, 4, 4, 4, 4), (1, 1, 1, 1, 1), row=8, hidden=8)


def labels(*lines):
    return [torch.tensor(line, dtype=torch.long) for line in lines]


def test_a_guide_changes_nothing_of_what_is_read():
    torch.manual_seed(0)
    guided = GuidedRecogniser(CONFIG).eval()
    plain = Recogniser(CONFIG).eval()
    plain.load_state_dict(plain_state(guided))
    crops = torch.rand(2, 1, 16, 32)
    torch.testing.assert_close(guided(crops), plain(crops))
    assert set(guided.state_dict()) > set(plain.state_dict())


def test_a_guide_learns_to_write_what_the_features_say():
    torch.manual_seed(0)
    guide = Guide(16, 5)
    said = labels([1, 2, 3], [3, 1], [])
    rows = torch.rand(3, 12, 16)
    steps = torch.tensor([12, 8, 12])
    optimiser = torch.optim.AdamW(guide.parameters(), lr=1e-2)
    first = float(guide(rows, steps, said).detach())
    for _ in range(150):
        loss = guide(rows, steps, said)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    # Smoothing leaves the entropy of a tenth spread over all five labels.
    sure, other = 0.9 + 0.1 / 5, 0.1 / 5
    least = -sure * math.log(sure) - 4 * other * math.log(other)
    assert least < float(loss.detach()) < least + 0.2 * (first - least)


def test_what_is_beyond_a_crop_has_no_influence():
    torch.manual_seed(0)
    guide = Guide(16, 5).eval()
    rows = torch.rand(1, 12, 16)
    other = rows.clone()
    other[:, 8:] = 7
    said = labels([1, 2])
    before, after = (guide(one, torch.tensor([8]), said) for one in (rows, other))
    torch.testing.assert_close(before, after)
    seen = guide(other, torch.tensor([12]), said)
    assert float(seen.detach()) != pytest.approx(float(before.detach()))


def test_gradients_reach_the_convolutions():
    network = GuidedRecogniser(CONFIG)
    rows = network.look(torch.rand(2, 1, 16, 32))
    network.guide(rows, torch.tensor([8, 8]), labels([1, 2], [3])).backward()
    assert network.features[0].shrink[0].weight.grad.abs().sum() > 0
    assert network.head.weight.grad is None


def test_no_two_places_are_alike():
    table = positions(500, 16)
    assert table.shape == (500, 16)
    assert torch.cdist(table, table).fill_diagonal_(1).min() > 0.01
    assert table.abs().max() <= 1
