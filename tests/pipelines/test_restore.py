"""A page before and after its lines are restored."""

import argparse
from dataclasses import asdict

import cv2
import numpy as np
import pytest

import ocr_core
from ocr_core import weights
from ocr_core.errors import ConfigError, WeightsError
from ocr_core.restoration import restorer
from ocr_core.restoration.network import RestorerConfig, RestorerNetwork
from pipelines import restore
from tests import documents

SMALL = RestorerConfig(height=16, channels=(4, 4, 8), depth=1, embedding=8)


@pytest.fixture(autouse=True)
def stand_ins(monkeypatch, handle, tmp_path):
    """Stand-in models in place of weights, and no restorer that comes with the package."""
    monkeypatch.setattr(ocr_core, "load", lambda **_: handle.make_engine())
    monkeypatch.setattr(restorer, "_SHIPPED", tmp_path / "nothing")


@pytest.fixture
def own(tmp_path):
    """A folder with a restorer that makes everything lighter."""
    network = RestorerNetwork(SMALL)
    network.leave.bias.data.fill_(-0.5)
    path = tmp_path / "own" / "restorer.safetensors"
    weights.save(path, "restorer", asdict(SMALL), network.state_dict(), {})
    return path.parent


def run_command(*arguments):
    parser = argparse.ArgumentParser()
    restore.add_arguments(parser)
    arguments = [*arguments, "--dpi", documents.DPI]
    return restore.main(parser.parse_args([str(argument) for argument in arguments]))


def read(path):
    return cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)


def test_a_page_is_shown_before_and_after(tmp_path, own, capsys):
    path = documents.write_png(tmp_path / "a.png", "aa bb")
    assert run_command(path, "--to", tmp_path / "looks", "--weights", own) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "lines restored: 1"
    after, both = (read(name) for name in told[1:])
    before = read(path)
    assert after.shape == before.shape
    np.testing.assert_array_equal(both[:, : before.shape[1]], before)
    np.testing.assert_array_equal(both[:, -before.shape[1] :], after)
    assert np.all(after[65:75, 45:50] > before[65:75, 45:50].astype(int) + 90)
    np.testing.assert_array_equal(after[120:], before[120:])


def test_another_page_of_a_document_can_be_shown(tmp_path, own, capsys):
    path = documents.write_pdf(tmp_path / "a.pdf", ["ab", "", "ba"])
    assert run_command(path, "--page", 2, "--to", tmp_path, "--weights", own) == 0
    assert capsys.readouterr().out.startswith("lines restored: 0\n")
    assert (tmp_path / "a-2-restored.png").exists()


def test_a_page_that_fails_is_shown_as_it_is(tmp_path, own, capsys):
    path = documents.write_png(tmp_path / "a.png", "poison")
    assert run_command(path, "--to", tmp_path, "--weights", own) == 0
    assert capsys.readouterr().out.startswith("lines restored: 0\n")


def test_without_a_restorer_it_is_said_how_to_get_one(tmp_path):
    path = documents.write_png(tmp_path / "a.png", "aa")
    with pytest.raises(ConfigError, match="`beam-ocr restorer` trains one"):
        run_command(path)
    with pytest.raises(ConfigError, match="no such weights"):
        run_command(path, "--weights", tmp_path / "none")


def test_a_folder_without_a_restorer_is_not_taken_for_one(tmp_path, own, monkeypatch):
    monkeypatch.setattr(restorer, "_SHIPPED", own)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=r"empty holds no restorer\.safetensors"):
        run_command(tmp_path / "a.png", "--weights", tmp_path / "empty")


def test_weights_may_be_a_file(tmp_path, own):
    assert restore.find(own / "restorer.safetensors") == restore.find(own)
    with pytest.raises(WeightsError, match="not of `restorer`"):
        run_command(tmp_path / "a.png", "--weights", weights.find()[0])


def test_no_more_steps_are_taken_than_there_are(tmp_path, own):
    with pytest.raises(ConfigError, match="at most 100, not 101"):
        run_command(tmp_path / "a.png", "--steps", 101, "--weights", own)


def test_sources_that_cannot_be_opened_end_with_their_code(tmp_path, own, capsys):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 nothing")
    assert run_command(path, "--weights", own) == 3
    assert "corrupt-source" in capsys.readouterr().err


@pytest.mark.parametrize("flag", ["--page", "--steps"])
def test_numbers_begin_at_one(tmp_path, own, flag):
    with pytest.raises(ConfigError, match=flag):
        run_command(tmp_path / "a.png", flag, 0, "--weights", own)
