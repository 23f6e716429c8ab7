from dataclasses import asdict

import pytest
import torch

from ocr_core import weights
from ocr_core.recogniser import Recogniser, RecogniserConfig
from ocr_core.training.carry import with_charset

SMALL = {"channels": (4, 4, 4, 4, 4), "row": 8, "hidden": 8}


@pytest.fixture
def given(tmp_path):
    config = RecogniserConfig("abc ", **SMALL)
    path = tmp_path / "recogniser.safetensors"
    weights.save(path, "recogniser", asdict(config), Recogniser(config).state_dict(), {})
    return weights.load_file(path, "recogniser")


def read(given, crops):
    config = {**given.config, "channels": (4, 4, 4, 4, 4), "depths": (1, 1, 2, 1, 1)}
    network = Recogniser(RecogniserConfig(**config)).eval()
    weights.fill(network, given)
    with torch.inference_mode():
        return network(crops)


def test_what_was_learned_of_a_character_moves_with_it(given):
    moved = with_charset(given, "xc ab●")
    crops = torch.rand(2, 1, 40, 32)
    before, after = read(given, crops), read(moved, crops)
    same = before[..., [0, 3, 4, 1, 2]] - before[..., :1]
    torch.testing.assert_close(after[..., [0, 2, 3, 4, 5]] - after[..., :1], same)


def test_new_characters_are_not_read_at_first(given):
    after = read(with_charset(given, "xabc "), torch.rand(2, 1, 40, 32))
    assert after[..., 1].exp().max() < 0.01


def test_characters_may_be_left_out(given):
    assert read(with_charset(given, "ca"), torch.rand(1, 1, 40, 32)).shape[-1] == 3


def test_the_same_charset_changes_nothing(given):
    assert with_charset(given, "abc ") is given
