"""What a page costs, beside a program that stands in for another."""

import argparse
import re
import shlex
import sys

import pytest

import ocr_core
from ocr_core.errors import ConfigError
from pipelines import bench
from tests import documents

# Takes as long as it is told to for a page, and next to nothing for the small blank image; counts
# its calls.
PEER = """
import sys, time
from pathlib import Path
page, calls = Path(sys.argv[2]), Path(sys.argv[1])
assert sys.argv[3] == "stdout"
with calls.open("a") as file:
    file.write(page.name + "\\n")
if page.name == "bad.png":
    sys.exit(4)
while page.name != "blank.png" and time.process_time() < 0.4:
    pass
"""


@pytest.fixture
def read(monkeypatch, handle):
    """Stand-in models in place of weights; tells how many pages each call of them was given."""
    engine = handle.make_engine()
    pages = []

    def read_pages(images):
        pages.extend(image.ref.uri for image in images)
        return type(engine).read_pages(engine, images)

    monkeypatch.setattr(engine, "read_pages", read_pages, raising=False)
    monkeypatch.setattr(ocr_core, "load", lambda *_, **__: engine)
    return pages


@pytest.fixture
def peer(tmp_path):
    """The command of the stand-in, and the file in which it counts its calls."""
    script = tmp_path / "peer.py"
    script.write_text(PEER)
    calls = tmp_path / "calls.txt"
    return shlex.join([sys.executable, str(script), str(calls)]), calls


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    documents.write_png(folder / "a.png", "ab cd")
    documents.write_tiff(folder / "b.tif", ["a", "bb"])
    documents.write_pdf(folder / "c.pdf", ["e"])
    (folder / "a.gt.txt").write_text("ab cd")
    return folder


def run_command(*arguments):
    parser = argparse.ArgumentParser()
    bench.add_arguments(parser)
    return bench.main(parser.parse_args([str(argument) for argument in arguments]))


def test_each_image_is_read_once_after_the_first_warmed_up(folder, read, capsys):
    assert run_command(folder) == 0
    assert [uri.rpartition("/")[2] for uri in read] == ["a.png", "a.png", "b.tif", "b.tif"]
    first, second = capsys.readouterr().out.splitlines()
    assert re.match(r"pages: 2 images, \d+\.\d{3} CPU-seconds each; .* lines a CPU-second$", first)
    assert {"render", "detect", "recognise"} <= set(re.findall(r"[a-z]+", second))


def test_it_reads_with_the_quality_precision_and_backend_of_a_run(folder, monkeypatch, handle):
    given = {}
    monkeypatch.setattr(
        ocr_core, "load", lambda *_, **how: given.update(how) or handle.make_engine()
    )
    flags = ("--quality", "fast", "--precision", "float32", "--backend", "onnx")
    assert run_command(folder, *flags) == 0
    assert given == {
        "quality": "fast",
        "precision": "float32",
        "backend": "onnx",
        "restore": False,
    }
    assert run_command(folder, "--restore") == 0
    assert given["restore"] is True


def test_another_program_reads_the_same_images_in_turn(folder, read, peer, capsys):
    command, calls = peer
    assert run_command(folder, "--peer", command) == 0
    assert calls.read_text().split() == ["blank.png"] * 3 + ["a.png", "b.tif"]
    out = capsys.readouterr().out
    cpu_s, startup_s = map(float, re.search(r"(\d\.\d+) \(start-up of (\d\.\d+)", out).groups())
    assert 0 < startup_s < 0.4
    assert cpu_s == pytest.approx(0.4 - startup_s, abs=0.1)


def test_several_folders_are_summed_up(folder, tmp_path, read, capsys):
    other = tmp_path / "other"
    other.mkdir()
    documents.write_png(other / "d.png", "dd")
    assert run_command(folder, other, "--pages", 1) == 0
    names = [line.split(":")[0] for line in capsys.readouterr().out.splitlines()[::2]]
    assert names == ["pages", "other", "all"]


def test_costs_add_up():
    one = bench.Cost(1, 3, 0.5, 2.0, {"detect": 0.1})
    two = bench.Cost(1, 4, 0.25, 1.0, {"detect": 0.2, "layout": 0.1})
    total = one + two
    assert (total.pages, total.lines, total.cpu_s, total.peer_cpu_s) == (2, 7, 0.75, 3.0)
    assert total.seconds == pytest.approx({"detect": 0.3, "layout": 0.1})
    first, _ = bench.table("all", total, bench.Peer(("other",), 0.25))
    assert first.endswith("other 1.500 (start-up of 0.250 left out): 0.250 of it")
    assert "0.375 CPU-seconds each; 2.67 images and 9 lines a CPU-second" in first


def test_an_image_that_cannot_be_read_does_not_count(folder, read, peer, capsys):
    command, calls = peer
    (folder / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    assert run_command(folder, "--peer", command) == 3
    out = capsys.readouterr().out
    assert "a.png: " in out
    assert "pages: 1 images" in out
    assert "a.png" not in calls.read_text()


def test_what_cannot_be_compared_says_why(tmp_path, folder, read, peer):
    command, _ = peer
    with pytest.raises(ConfigError, match="no images in"):
        run_command(tmp_path)
    with pytest.raises(ConfigError, match="there is no folder"):
        run_command(tmp_path / "nowhere")
    with pytest.raises(ConfigError, match="no program 'no-such-program'"):
        run_command(folder, "--peer", "no-such-program")
    documents.write_png(folder / "bad.png", "ab")
    with pytest.raises(ConfigError, match="exit code 4"):
        run_command(folder, "--peer", command)
