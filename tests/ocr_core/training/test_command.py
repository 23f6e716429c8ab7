import argparse
from dataclasses import asdict

import pytest
import torch

from ocr_core import weights
from ocr_core.detector import Detector, DetectorConfig
from ocr_core.errors import WeightsError
from ocr_core.synth.corpus import Corpus
from ocr_core.training import command
from ocr_core.training.detector import DetectorTask
from ocr_core.training.recogniser import RecogniserTask

WORDS = tuple("the of and a to in is was for with that letter account number paper".split())


@pytest.fixture
def trained(monkeypatch):
    """What would be trained: in the place of the loop, something that only remembers."""
    loops = []

    class Remembering:
        def __init__(self, task, folder, settings, device):
            self.task, self.folder, self.settings, self.device = task, folder, settings, device
            loops.append(self)

        def run(self):
            self.ran = True

    monkeypatch.setattr(command, "Loop", Remembering)
    monkeypatch.setattr(command, "load_corpora", lambda cache: [Corpus("en", (), WORDS)])
    return loops


def run(*flags):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.main(parser.parse_args([*flags, "--device", "cpu", "--fonts"]))


@pytest.mark.parametrize(
    ("network", "kind"), [("detector", DetectorTask), ("recogniser", RecogniserTask)]
)
def test_each_network_is_trained_in_a_folder_of_its_own(trained, tmp_path, capsys, network, kind):
    assert run(network, "--to", str(tmp_path), "--minutes", "7", "--rate=0.1", "--seed=3") == 0
    (one,) = trained
    assert one.ran
    assert isinstance(one.task, kind)
    assert one.folder == tmp_path / network
    assert (one.settings.minutes, one.settings.rate, one.settings.seed) == (7, 0.1, 3)
    assert one.device == torch.device("cpu")
    assert f"{network}.safetensors" in capsys.readouterr().out


def test_a_training_can_begin_with_a_weights_file(trained, tmp_path):
    torch.manual_seed(5)
    network = Detector(DetectorConfig())
    path = tmp_path / "detector.safetensors"
    weights.save(path, "detector", asdict(network.config), network.state_dict(), {})
    run("detector", "--to", str(tmp_path), "--start-from", str(path))
    begun = trained[0].task.network.state_dict()["join.0.weight"]
    torch.testing.assert_close(begun, network.join[0].weight.half().float())


def test_a_weights_file_of_another_shape_is_refused(trained, tmp_path):
    network = Detector(DetectorConfig(pyramid=8))
    path = tmp_path / "detector.safetensors"
    weights.save(path, "detector", asdict(network.config), network.state_dict(), {})
    with pytest.raises(WeightsError, match="do not fit"):
        run("detector", "--to", str(tmp_path), "--start-from", str(path))
    with pytest.raises(WeightsError, match="holds a detector"):
        run("recogniser", "--to", str(tmp_path), "--start-from", str(path))
