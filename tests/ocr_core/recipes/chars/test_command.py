import argparse
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr_core import weights
from ocr_core.errors import ConfigError
from ocr_core.recipes.chars import command
from ocr_core.recipes.chars.settings import CharsConfig


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    def small(inputs):
        return CharsConfig(inputs, channels=(4, 8, 8), dense=(16, 16), dropout=0.0)

    monkeypatch.setattr(command, "CharsConfig", small)
    monkeypatch.setattr(command, "_TEST_SAMPLES", 62)


def run(*words):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.main(parser.parse_args(list(map(str, words))))


def write_folder(folder):
    rng = np.random.default_rng(0)
    for name, rows in (("upper_A", slice(4, 9)), ("b", slice(19, 24))):
        (folder / name).mkdir(parents=True)
        for i in range(12):
            picture = rng.integers(0, 60, (28, 28, 3)).astype(np.uint8)
            picture[rows] = 220
            cv2.imwrite(str(folder / name / f"{i}.png"), picture)


@pytest.mark.parametrize("inputs", ["both", "colour"])
def test_drawn_characters_are_learnt_and_resumed(tmp_path, capfd, inputs):
    words = ["--to", tmp_path, "--fonts", "--samples", 80, "--inputs", inputs, "--minutes", 1e-6]
    assert run(*words, "--epochs", 2) == 0
    assert run(*words, "--epochs", 2) == 0
    told = capfd.readouterr().out
    learnt_from = "drawing in 5 typefaces; none is held out for the test, whose figures are of"
    assert told.count(f"{learnt_from} typefaces that it knows ...") == 2  # PyMuPDF's
    assert "best of 1 epochs" in told
    assert "best of 2 epochs" in told
    assert (tmp_path / "chars.safetensors").exists()
    assert len((tmp_path / "log.jsonl").read_text().splitlines()) == 2


def test_typefaces_that_are_held_out_are_counted(tmp_path, capfd, monkeypatch, faces):
    family = next(name for name in map(str, range(99)) if replace(faces[0], family=name).held_out)
    given = [*faces, replace(faces[0], family=family)]
    monkeypatch.setattr(command, "find_faces", lambda characters, folders: given)
    run("--to", tmp_path, "--samples", 80, "--epochs", 1)
    assert "drawing in 5 typefaces, 1 for the test ..." in capfd.readouterr().out
    run("--to", tmp_path, "--evaluate")
    assert "is held out" not in capfd.readouterr().out


def test_a_users_pictures_are_learnt_and_read(tmp_path, capfd):
    write_folder(tmp_path / "own")
    to = ["--to", tmp_path / "run"]
    quick = ["--epochs", 40, "--batch", 4, "--rate", 5e-3]
    assert run(*to, "--from-folder", tmp_path / "own", *quick) == 0
    assert "kinds=(), samples=24, " in capfd.readouterr().out
    saved = weights.load_file(tmp_path / "run" / "chars.safetensors", "chars").provenance
    assert saved["data"]["samples"] == 24
    assert run(*to, "--predict", tmp_path / "own" / "b" / "3.png") == 0
    assert run(*to, "--evaluate", tmp_path / "own") == 0
    read, counted = capfd.readouterr().out.splitlines()[-2:]
    assert read.startswith("b\t")
    assert counted.startswith("24 pictures: 100.0 % right")
    twice = 2 * [tmp_path / "run" / "chars.safetensors"]
    assert run("--weights", *twice, "--evaluate", tmp_path / "own") == 0
    assert capfd.readouterr().out.splitlines()[-1] == counted


def test_the_shipped_network_reads_every_kind_in_typefaces_that_it_has_not_seen(tmp_path, capsys):
    run("--evaluate", "--to", tmp_path, "--fonts")
    _, first, *told = capsys.readouterr().out.splitlines()
    assert first.startswith("none of 5 typefaces is held out: figures are of such as are learnt")
    assert [line.split(" pictures")[0] for line in told] == [
        "scene: 62", "poster: 62", "print: 62", "all: 186",
    ]  # fmt: skip
    folded = [float(re.search(r"([0-9.]+) % if a is as good", line)[1]) for line in told]
    assert folded[0] > 60
    assert min(folded[1:3]) > 85
    assert min(folded[:3]) < folded[3] < max(folded[:3])


def test_a_broken_picture_is_left_out(tmp_path, capfd):
    write_folder(tmp_path / "own")
    (tmp_path / "own" / "b" / "3.png").write_bytes(b"no picture")
    run("--to", tmp_path / "run", "--from-folder", tmp_path / "own", "--epochs", 1)
    told = capfd.readouterr()
    assert "samples=23, " in told.out
    assert "left out (corrupt-source): " in told.err
    run("--to", tmp_path / "run", "--evaluate", tmp_path / "own")
    assert capfd.readouterr().out.startswith("23 pictures")


def test_a_folder_of_fonts_that_is_not_there_is_refused(tmp_path):
    for more in (["--samples", 80], ["--evaluate"]):
        with pytest.raises(ConfigError, match=r"no folder of fonts .*nowhere"):
            run("--to", tmp_path, "--fonts", tmp_path / "nowhere", *more)


@pytest.mark.parametrize(
    ("kinds", "name"),
    [
        (["scene"], "chars-scene"),
        (["print"], "chars-line"),
        (["print", "poster"], "chars-line"),
        (["scene", "print"], "chars"),
    ],
)
def test_ways_of_cutting_have_networks_of_their_own(tmp_path, capsys, kinds, name):
    write_folder(tmp_path)
    read = {}
    for own in ("chars", "chars-scene", "chars-line"):
        path = weights.of_recipe(own, tmp_path / "none")
        run("--predict", tmp_path / "b" / "0.png", "--weights", path)
        read[own] = capsys.readouterr().out
    assert len(set(read.values())) == 3  # confidences tell them apart
    run("--predict", tmp_path / "b" / "0.png", "--kind", *kinds, "--to", tmp_path / "none")
    assert capsys.readouterr().out == read[name]


def test_the_folder_that_one_is_in_is_a_folder_as_well(tmp_path, capsys, monkeypatch):
    write_folder(tmp_path)
    monkeypatch.chdir(tmp_path)
    run("--evaluate", ".")
    assert capsys.readouterr().out.startswith("24 pictures")


def test_a_picture_is_read_or_a_folder_counted_and_not_both(tmp_path):
    with pytest.raises(SystemExit):
        run("--predict", tmp_path, "--evaluate", tmp_path)
