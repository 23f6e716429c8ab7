"""The README's Python is run as a reader would, and so are the commands of the guides.

What runs elsewhere, or needs an engine, is read by the parser that would read it.
"""

import argparse
import importlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pymupdf
import pytest

from ocr_core import weights
from pipelines import cli, flink_options, inbox_options, logs, options, runner_profiles, runners

ROOT = Path(__file__).parents[1]
SCAN = ROOT / "samples" / "letter-scanned.pdf"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where a reader has a scan, a picture of it, and a run over it."""
    if not all(path.exists() for path in weights.find()):
        pytest.skip("no weights have been trained yet")
    folder = tmp_path_factory.mktemp("reader")
    shutil.copy(SCAN, folder / "scan.pdf")
    with pymupdf.open(SCAN) as scan:
        scan[0].get_pixmap(dpi=200, colorspace=pymupdf.csGRAY).save(folder / "letter.png")
    command = [sys.executable, "-m", "pipelines.cli", "run", "scan.pdf", "--output", "out"]
    subprocess.run([*command, "--quiet"], cwd=folder, env={"PYTHONPATH": str(ROOT)}, check=True)
    return folder


def examples():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    ("example", "said"),
    list(zip(examples(), ["Dear Miss Thornbury,", "scan.pdf 1\n"], strict=True)),
    ids=["a page", "documents"],
)
def test_examples_run(folder, example, said):
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", example],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said in told.stdout


GUIDES = [ROOT / "deploy" / "README.md", *sorted((ROOT / "deploy" / "guides").glob("*.md"))]
PROGRAM = ".venv/bin/beam-ocr "
# What is run here as it stands, in order.
RUN_HERE = ("laptop", "big-machine")


def name_of(page):
    return page.stem.lower()


def commands(page):
    """The lines that are set apart, those that go on put together."""
    text = re.sub(r"\\\n *", "", page.read_text(encoding="utf-8"))
    return [line.strip() for line in text.splitlines() if line.startswith("    ")]


def calls(page):
    """The lines that call us, as `(line, arguments)`; what a shell would do besides is left out."""
    for line in commands(page):
        if line.startswith(PROGRAM):
            words = shlex.split(line.removeprefix(PROGRAM), comments=True)
            yield line, [word for word in words if word != "&"]


ALL_CALLS = [(page, line, words) for page in GUIDES for line, words in calls(page)]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with what the guides name, in which a reader stands; engines are empty files."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logs, "begin", lambda as_json: None)  # which is for a process of its own
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    for name in ("scans", "inbox", "broken", "engines"):
        (tmp_path / name).mkdir()
    for name in ("flink-job-server.jar", "prism"):
        (tmp_path / "engines" / name).touch()
    shutil.copy(SCAN, tmp_path / "scans")
    shutil.copy(SCAN, tmp_path / "inbox")
    shutil.copy(ROOT / "samples" / "receipt-photographed.jpg", tmp_path / "inbox")
    (tmp_path / "broken" / "notes.pdf").write_text("This is no PDF.")
    return tmp_path


def test_guides_are_found():
    assert {"laptop", "big-machine", "flink", "dataflow"} <= {name_of(page) for page in GUIDES}
    assert len(ALL_CALLS) > 15


def heard_by(monkeypatch):
    """What commands are called with from now on, instead of doing it."""
    heard = []

    def hear(args):
        heard.append(args)
        return 0

    for module, _ in cli.COMMANDS.values():
        monkeypatch.setattr(importlib.import_module(module), "main", hear)
    return heard


@pytest.mark.parametrize(
    ("line", "words"),
    [call for _, *call in ALL_CALLS],
    ids=[f"{name_of(page)}: {words[0]}" for page, _, words in ALL_CALLS],
)
def test_the_command_line_understands_what_guides_say(place, monkeypatch, line, words):
    heard = heard_by(monkeypatch)
    monkeypatch.setattr(runner_profiles.shutil, "which", lambda name: name)  # Java
    for name in ("part-aa.txt", "part-ab.txt"):
        (place / name).write_text("inbox\n")
    assert cli.main(words) == 0, line
    [args] = heard
    if args.command == "run":
        run_options = options.run_options_from(args)
        run_options.check()
        runners.check_flags(run_options.beam)
    if args.command == "ingest":
        inbox_options.ingest_options_from(args).check()


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_files_that_guides_name_are_there(page):
    text = page.read_text(encoding="utf-8")
    named = re.findall(
        r"(?<![\w/.-])((?:deploy|samples|tests|pipelines|ocr_core)/[\w./-]*\w)", text
    )
    modules = [name.replace(".", "/") + ".py" for name in re.findall(r"-m (tests\.\w+)", text)]
    for name in [*named, *modules]:
        assert (ROOT / name).exists(), name
    for name in set(named):
        assert not name.endswith(".sh") or os.access(ROOT / name, os.X_OK)


def anchors(page):
    """What links may end in: its headings, as GitHub makes links of them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_links_of_guides_lead_somewhere(page):
    found = re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", page.read_text(encoding="utf-8"))
    for name, anchor in found:
        if "://" in name:
            continue
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), name
        assert not anchor or anchor in anchors(target), f"{name}#{anchor}"


def flags():
    """Every flag of ours, of Beam's, and of Flink's job server."""
    known = set(runners._names()) | {f"--{name}" for name in flink_options.NAMES}
    for command, (module, _) in cli.COMMANDS.items():
        parser = argparse.ArgumentParser(prog=command)
        importlib.import_module(module).add_arguments(parser)
        known |= {name for action in parser._actions for name in action.option_strings}
    return known


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_flags_that_guides_speak_of_exist(page):
    known, flag = flags(), r"(?<![\w-])--[a-z][\w-]*"
    text = re.sub(r"\\\n *", "", page.read_text(encoding="utf-8"))
    for module, rest in re.findall(r"-m (tests\.\w+)([^`\n]*)", text):
        source = (ROOT / (module.replace(".", "/") + ".py")).read_text(encoding="utf-8")
        assert all(name in source or name in known for name in re.findall(flag, rest)), rest
    # Commands that are set apart are called by the tests above, or are other programs'.
    prose = re.sub(r"^    .*$|-m tests\.[^`\n]*", "", text, flags=re.MULTILINE)
    assert set(re.findall(flag, prose)) <= known


@pytest.mark.parametrize("name", RUN_HERE)
def test_commands_of_guides_run(place, name):
    """As they stand, one after the other; those of a shell are given to one."""
    if not all(path.exists() for path in weights.find()):
        pytest.skip("no weights have been trained yet")
    [page] = [page for page in GUIDES if name_of(page) == name]
    arguments, n_read = dict(calls(page)), 0
    for line in commands(page):
        expected = int((re.findall(r"# ends with (\d+)", line) or [0])[0])
        if line in arguments:
            assert cli.main(arguments[line]) == expected, line
            n_read += 1
        elif line.startswith(("find ", ".venv/bin/python -c ")):
            shell = line.replace(".venv/bin/python", shlex.quote(sys.executable))
            assert subprocess.run(shell, shell=True, check=False).returncode == expected, line
    assert n_read >= 5


def test_the_dry_run_prints_the_job(place, monkeypatch, capsys):
    pytest.importorskip("google.cloud.dataflow", reason="needs beam-ocr[gcp]")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(place / "gcloud"))
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    [page] = [page for page in GUIDES if name_of(page) == "dataflow"]
    [dry] = [words for _, words in calls(page) if "--dry-run" in words]
    assert cli.main(dry) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.keys() == {"job", "stages", "staged"}
    [pool] = told["job"]["environment"]["workerPools"]
    assert pool["machineType"] == "g2-standard-8"
    assert pool["sdkHarnessContainerImages"][0]["containerImage"].endswith("-cuda")
    assert "nvidia-l4" in told["job"]["environment"]["serviceOptions"][0]
