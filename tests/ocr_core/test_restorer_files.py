"""The restorer's weights, with a stand-in for the network."""

import hashlib
import sys
from types import SimpleNamespace

import pytest
import torch

from ocr_core import restorer_files, weights
from ocr_core.errors import ConfigError, WeightsError
from ocr_core.reading import LineReader
from ocr_core.restored_lines import LineRestorer
from tests.stand_ins import GreyRecogniser

CPU = torch.device("cpu")


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """A folder in the place of that of the shipped weights; without a restorer at first."""
    folder = tmp_path / "shipped"
    folder.mkdir()

    def find_restorer(own):
        paths = [place / "restorer.safetensors" for place in (own, folder) if place]
        return next((path for path in paths if path.exists()), None)

    stand_in = SimpleNamespace(
        find_restorer=find_restorer,
        open_restorer=lambda file, device: SimpleNamespace(height=40, file=file, device=device),
    )
    monkeypatch.setitem(sys.modules, "ocr_core.restoration.restorer", stand_in)
    monkeypatch.setattr("ocr_core.restoration.restorer", stand_in, raising=False)
    return folder


def write(folder, value=1.0):
    folder.mkdir(exist_ok=True)
    path = folder / "restorer.safetensors"
    weights.save(path, "restorer", {}, {"one": torch.tensor([value])}, {})
    return path


def test_the_shipped_restorer_or_that_of_a_folder_is_found(shipped, tmp_path):
    own = tmp_path / "own"
    theirs, ours = write(shipped), write(own)
    assert restorer_files.find(None) == theirs
    assert restorer_files.find(own) == ours
    # Weights of one network alone say nothing of where a restorer is.
    (own / "recogniser.safetensors").touch()
    assert restorer_files.find(own / "recogniser.safetensors") == theirs


def test_a_restorer_that_is_not_there_is_told(shipped, tmp_path):
    for given, where in ((None, "with the package"), (tmp_path, f"in {tmp_path}")):
        with pytest.raises(ConfigError, match=f"restoring needs .* there is none {where}"):
            restorer_files.find(given)
    with pytest.raises(ConfigError, match="restoring needs"):
        restorer_files.open_restorer(None, 40, CPU)


def test_its_digest_is_of_its_bytes(shipped, tmp_path):
    path = write(shipped)
    assert restorer_files.digest(None) == hashlib.sha256(path.read_bytes()).hexdigest()
    write(tmp_path / "own", value=2.0)
    assert restorer_files.digest(tmp_path / "own") != restorer_files.digest(None)


def test_it_is_opened_for_crops_of_the_recognisers_height(shipped):
    path = write(shipped)
    opened = restorer_files.open_restorer(None, 40, CPU)
    assert opened.file.tensors["one"] == 1
    assert opened.device == CPU
    with pytest.raises(WeightsError, match="restores lines 40 pixels high, not 32"):
        restorer_files.open_restorer(None, 32, CPU)
    reader = LineReader(GreyRecogniser())
    lines = restorer_files.open_for(reader, None, None, CPU)
    assert isinstance(lines, LineRestorer)
    path.write_bytes(b"nothing")
    with pytest.raises(WeightsError, match="no readable weights file"):
        restorer_files.open_restorer(None, 40, CPU)
