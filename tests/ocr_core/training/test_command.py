import argparse
from dataclasses import asdict
from functools import partial

import cv2
import numpy as np
import pymupdf
import pytest
import torch

from ocr_core import charset, language_model, weights
from ocr_core.detector import Detector, DetectorConfig
from ocr_core.errors import ConfigError, WeightsError
from ocr_core.recogniser import STRIDE, RecogniserConfig
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.fonts import find_faces
from ocr_core.synth.text import TextSource
from ocr_core.training import command
from ocr_core.training.characters import CharacterSettings
from ocr_core.training.detector import DetectorTask
from ocr_core.training.guidance import GuidedRecogniser
from ocr_core.training.hard_lines import HardLines
from ocr_core.training.mixing import MixedLines, MixedPages
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


def test_a_folder_of_fonts_that_is_not_there_is_refused(trained, tmp_path):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    words = ["detector", "--to", str(tmp_path), "--fonts", str(tmp_path / "nowhere")]
    with pytest.raises(ConfigError, match=r"no folder of fonts .*nowhere"):
        command.main(parser.parse_args(words))


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
    with pytest.raises(WeightsError, match="holds weights of `detector`"):
        run("recogniser", "--to", str(tmp_path), "--start-from", str(path))


@pytest.fixture
def pdfs(tmp_path):
    folder = tmp_path / "pdfs"
    folder.mkdir()
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=300)
        for row in range(8):
            page.insert_text((40, 40 + 20 * row), f"letter number {row} of the account")
        document.save(folder / "letter.pdf")
    return folder


@pytest.mark.parametrize(
    ("network", "kind"), [("detector", MixedPages), ("recogniser", MixedLines)]
)
def test_a_share_of_the_data_comes_from_pdfs(trained, tmp_path, capsys, pdfs, network, kind):
    flags = "--harvest", str(pdfs), "--harvest-share", "1"
    run(network, "--to", str(tmp_path / "runs"), *flags)
    maker = trained[0].task._maker
    assert isinstance(maker, kind)
    made = maker.make(3)
    lines = made if network == "recogniser" else made.page.lines
    assert {line.text for line in lines} <= {f"letter number {n} of the account" for n in range(8)}
    assert "harvest: PDFs: 1, pages: 1, lines to read: 8" in capsys.readouterr().out
    assert len(list((tmp_path / "runs" / "harvest").iterdir())) == 1


def test_without_pdfs_all_data_is_synthetic(trained, tmp_path):
    run("recogniser", "--to", str(tmp_path))
    texts = [line.text for seed in range(4) for line in trained[0].task._maker.make(seed)]
    assert any(texts)
    assert not any("letter number" in text for text in texts)


def test_a_share_of_the_lines_is_where_the_shipped_detector_finds_them(trained, tmp_path):
    run("recogniser", "--to", str(tmp_path), "--found-share", "1")
    maker = trained[0].task._maker
    texts = {line.text for seed in range(6) for line in maker.make(seed)}
    pages = command._found_pages(argparse.Namespace(photos=[]), *faces_and_texts())
    truth = {line.text for seed in range(6) for line in pages.make(seed).page.lines}
    assert len(texts & truth) > 10
    assert texts <= truth | {""}


def faces_and_texts():
    characters = charset.latin()
    source = TextSource([Corpus("en", (), WORDS)], characters)
    return [face for face in find_faces(characters, ()) if not face.held_out], source


@pytest.mark.parametrize("network", ["detector", "recogniser"])
def test_a_share_of_the_pages_is_photographs_with_signs(trained, tmp_path, network, photos):
    flags = "--photos", str(photos), "--scene-share", "1", "--found-share", "1"
    run(network, "--to", str(tmp_path), *flags)
    maker = trained[0].task._maker
    pages = [maker.make(seed) for seed in range(6)] if network == "detector" else []
    assert all(page.pixels.mean() < 200 for page in pages)  # no paper
    lines = [line for page in pages for line in page.page.lines]
    lines += [line for seed in range(6) for line in maker.make(seed)] if not pages else []
    assert lines
    assert trained[0].settings.data["scenes"] == 1


def test_photographs_are_printed_on_the_other_pages(trained, tmp_path, photos):
    run("detector", "--to", str(tmp_path), "--photos", str(photos), "--scene-share", "0")
    run("detector", "--to", str(tmp_path))
    with_photos, without = (one.task._maker for one in trained)
    pairs = [(with_photos.make(seed), without.make(seed)) for seed in range(12)]
    changed = [
        one.pixels.shape != other.pixels.shape or (one.pixels != other.pixels).any()
        for one, other in pairs
    ]
    assert 0 < sum(changed) < 12


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    wall = np.random.default_rng(0).integers(90, 160, (300, 400), np.uint8)
    cv2.imwrite(str(folder / "wall.png"), wall)
    return folder


def test_easy_lines_can_be_left_out(trained, tmp_path):
    run("recogniser", "--to", str(tmp_path / "all"))
    run("recogniser", "--to", str(tmp_path / "hard"), "--hard")
    every, hard = (one.task._maker for one in trained)
    assert isinstance(hard, HardLines)
    counts = [sum(len(maker.make(seed)) for seed in range(12)) for maker in (every, hard)]
    assert 0 < counts[1] < counts[0]


def test_a_teacher_says_what_it_sees_on_each_line(trained, tmp_path):
    run("recogniser", "--to", str(tmp_path), "--teacher", str(weights.find()[1]))
    maker = trained[0].task._maker
    made = [line for seed in range(3) for line in maker.make(seed)]
    labels = 1 + len(charset.latin().characters)
    assert {line.taught.shape for line in made} == {
        (-(-line.pixels.shape[1] // STRIDE), labels) for line in made
    }
    assert trained[0].settings.data == {"taught": 1}


def test_a_guide_begins_anew_beside_weights_that_are_known(trained, tmp_path):
    shipped = weights.find_larger()
    run("recogniser", "--to", str(tmp_path), "--guided", "--start-from", str(shipped))
    network = trained[0].task.network
    assert isinstance(network, GuidedRecogniser)
    known = weights.load_file(shipped, "recogniser").tensors["sequence.weight_hh_l0"]
    torch.testing.assert_close(network.state_dict()["sequence.weight_hh_l0"], known.float())


def test_a_recogniser_keeps_the_shape_of_what_it_begins_with(trained, tmp_path):
    _, small = weights.find()
    run("recogniser", "--to", str(tmp_path), "--start-from", str(small))
    shape = weights.load_file(small, "recogniser").config
    config = trained[0].task.network.config
    assert (config.hidden, list(config.channels)) == (shape["hidden"], shape["channels"])
    assert config.hidden < RecogniserConfig("").hidden


def test_what_the_data_is_made_of_is_kept_with_the_weights(trained, tmp_path, pdfs):
    run("recogniser", "--to", str(tmp_path / "plain"))
    mixed = "--harvest", str(pdfs), "--harvest-share=0.2", "--found-share=0.3", "--hard"
    run("recogniser", "--to", str(tmp_path / "mixed"), *mixed)
    run("detector", "--to", str(tmp_path / "mixed"), "--harvest", str(pdfs))
    assert [one.settings.data for one in trained] == [
        {}, {"harvested": 0.2, "found": 0.3, "hard": 1}, {"harvested": 0.25}
    ]  # fmt: skip


def test_a_folder_without_usable_pdfs_is_refused(trained, tmp_path):
    (tmp_path / "nothing").mkdir()
    with pytest.raises(ConfigError, match=r"no PDFs in .*nothing"):
        run("recogniser", "--to", str(tmp_path), "--harvest", str(tmp_path / "nothing"))
    assert not trained


@pytest.mark.parametrize("share", ["1.5", "-0.1", "half"])
def test_a_share_lies_between_0_and_1(trained, tmp_path, capsys, share):
    with pytest.raises(SystemExit):
        run("recogniser", "--to", str(tmp_path), f"--harvest-share={share}")
    assert "is no number from 0 to 1" in capsys.readouterr().err


def test_the_model_of_characters_is_built_and_told(trained, tmp_path, monkeypatch, capsys):
    small = partial(CharacterSettings, order=3, words=200, entries=20)
    monkeypatch.setattr(command, "CharacterSettings", small)
    run("characters", "--to", str(tmp_path), "--seed", "4")
    path = tmp_path / "characters" / "characters.npz"
    told = capsys.readouterr().out
    assert "seed=4" in told
    assert f"{path}: " in told
    assert language_model.load(path).order == 3
    assert not trained
