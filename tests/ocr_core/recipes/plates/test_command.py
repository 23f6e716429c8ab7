import argparse
import re
from dataclasses import asdict, replace

import numpy as np
import pytest

from ocr_core import devices, weights
from ocr_core.errors import ConfigError
from ocr_core.recipes.picture_files import read_grey
from ocr_core.recipes.plates import command, data, network, settings, training


@pytest.fixture(autouse=True)
def _in_float32(monkeypatch):
    monkeypatch.setattr(devices, "_cpu_has_fast_bfloat16", lambda: False)


def run(*words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.main(parser.parse_args([str(word) for word in words]))


@pytest.fixture
def reader(tmp_path):
    """Untrained weights of a reader of five digits."""
    path = tmp_path / "plates.safetensors"
    chosen = settings.digits()
    made = training.new_network(chosen)
    weights.save(path, network.NAME, asdict(chosen.network), made.state_dict(), {})
    return path


def test_plates_are_written(tmp_path, capsys):
    assert run("data", "--to", tmp_path / "plates", "--count", 3, "--fonts") == 0
    listed = data.list_plates(tmp_path / "plates")
    assert [len(text) for _, text in listed] == [5, 5, 5]
    assert read_grey(listed[0][0]).shape == (64, 128)
    told = capsys.readouterr()
    assert "3 plates" in told.out
    assert "4 typefaces for plates" in told.out
    assert "warning: these are fewer than the 22 that are asked for" in told.err
    assert "--fonts" in told.err


def test_with_as_many_faces_as_are_asked_for_there_is_no_warning(tmp_path, capsys, monkeypatch):
    few = settings.digits()
    monkeypatch.setattr(settings, "of_kind", lambda kind: replace(few, fonts=4))
    run("data", "--to", tmp_path, "--count", 1, "--fonts")
    told = capsys.readouterr()
    assert "4 typefaces for plates" in told.out
    assert "warning" not in told.err


def test_a_folder_of_fonts_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"no folder of fonts .*nowhere"):
        run("data", "--to", tmp_path / "to", "--count", 1, "--fonts", tmp_path / "nowhere")
    assert not (tmp_path / "to").exists()


def test_real_plates_are_written_too(tmp_path):
    run("data", "--kind", "real", "--to", tmp_path, "--count", 3, "--fonts")
    assert len(data.list_plates(tmp_path)) == 3


def test_the_smallest_training_runs_and_goes_on(tmp_path, capsys):
    words = ("train", "--to", tmp_path, "--images", 24, "--device", "cpu", "--fonts")
    run(*words, "--epochs", 1)
    run(*words, "--epochs", 2)
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 2
    assert len(data.list_plates(tmp_path / "data" / "training")) == 24
    assert weights.load_file(tmp_path / "plates.safetensors", "plates").provenance["settings"]
    told = capsys.readouterr().out
    assert "plates.safetensors" in told
    assert told.count("4 typefaces for plates") == 2
    assert f"curves: {tmp_path / 'curves.png'}" in told
    assert (tmp_path / "curves.png").is_file()


def test_plates_that_were_written_for_a_smaller_training_are_not_taken_for_all(tmp_path):
    words = ("train", "--to", tmp_path, "--device", "cpu", "--epochs", 1, "--fonts")
    run(*words, "--images", 8)
    with pytest.raises(ConfigError, match="training holds 8 plates, not 16"):
        run(*words, "--images", 16)


def test_a_real_training_starts_from_the_shipped_recogniser(tmp_path):
    run(
        "train", "--kind", "real", "--to", tmp_path, "--images", 4, "--epochs", 1,
        "--start-from", weights.find()[1], "--device", "cpu", "--fonts",
    )  # fmt: skip
    assert network.load(tmp_path / "plates.safetensors")


def test_plates_of_ones_own_are_learnt_and_counted(tmp_path, capsys):
    for part, number in (("training", 5), ("validation", 3)):
        run("data", "--to", tmp_path / "own" / part, "--count", number, "--fonts")
    capsys.readouterr()
    run(
        "train", "--data", tmp_path / "own", "--to", tmp_path / "to", "--epochs", 1,
        "--device", "cpu", "--fonts",
    )  # fmt: skip
    assert (tmp_path / "to" / "plates.safetensors").exists()
    assert not (tmp_path / "to" / "data").exists()
    told = capsys.readouterr().out
    assert "images=5, validation=3, fonts=0" in told
    assert "typefaces" not in told
    saved = weights.load_file(tmp_path / "to" / "plates.safetensors", "plates").provenance
    assert [saved["settings"][name] for name in ("images", "validation", "fonts")] == [5, 3, 0]


def test_a_folder_without_plates_of_ones_own_is_refused(tmp_path):
    with pytest.raises(ConfigError):
        run("train", "--data", tmp_path, "--to", tmp_path / "to", "--fonts")


def test_pictures_are_read(tmp_path, reader, capsys):
    run("data", "--to", tmp_path / "plates", "--count", 2, "--fonts")
    files = [path for path, _ in data.list_plates(tmp_path / "plates")]
    capsys.readouterr()
    run("predict", *files, "--weights", reader, "--to", tmp_path / "texts")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == [str(path) for path in files]
    assert (tmp_path / "texts" / "000001.txt").exists()


@pytest.mark.parametrize(("kind", "least"), [("real", 0.4), ("digits", 0.9)])
def test_the_shipped_readers_read_plates_that_they_have_not_seen(
    tmp_path, capsys, monkeypatch, kind, least
):
    monkeypatch.setattr(command, "_FOLDER", tmp_path / "none")
    run("data", "--kind", kind, "--to", tmp_path / "plates", "--count", 40, "--fonts")
    run("evaluate", tmp_path / "plates", "--kind", kind)
    right = float(re.search(r"right: .*, ([0-9.]+)", capsys.readouterr().out)[1])
    assert right >= least


def test_a_reader_is_measured(tmp_path, reader, capsys, monkeypatch):
    data.write_plates(tmp_path / "set", lambda _: (np.zeros((8, 8), np.uint8), "AB 1"), 4, 1)
    said = [["AB1"], ["AB2", "AB1"], ["ab"], []]
    monkeypatch.setattr(command, "_read", lambda args, paths: said)
    run("evaluate", tmp_path / "set", "--weights", reader)
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "right: 2 of 4, 0.5000",
        "cer: 0.50000",  # "ab" has nothing of AB1, and nothing has nothing
        "plates a picture: 1.00",
    ]


def test_a_car_without_a_plate_says_nothing(tmp_path, reader, capsys):
    data.write_plates(tmp_path, lambda _: (np.full((96, 96), 255, np.uint8), ""), 1, 1)
    run("predict", tmp_path / "000" / "000000.png", "--weights", reader, "--cars")
    assert capsys.readouterr().out.rstrip().endswith("000000.png:")
