"""The digest of weights."""

import pytest

from ocr_core.errors import WeightsError
from ocr_core.weights import LARGER
from pipelines import digest


def write_weights(folder, recogniser=b"x"):
    folder.mkdir()
    (folder / "detector.safetensors").write_bytes(b"x")
    (folder / "recogniser.safetensors").write_bytes(recogniser)
    return folder


def test_it_is_of_the_bytes_of_both_networks(tmp_path):
    folders = [write_weights(tmp_path / name) for name in "ab"]
    folders.append(write_weights(tmp_path / "c", recogniser=b"other"))
    one, same, other = map(digest.weights_digest, folders)
    assert one == same != other
    assert len(one) == 64


def test_it_is_of_the_larger_recogniser_too_if_there_is_one(tmp_path):
    folder = write_weights(tmp_path / "a")
    without = digest.weights_digest(folder)
    (folder / LARGER).write_bytes(b"larger")
    assert digest.weights_digest(folder) != without


def test_weights_that_are_not_there(tmp_path):
    with pytest.raises(WeightsError, match="cannot read the weights"):
        digest.weights_digest(tmp_path)
