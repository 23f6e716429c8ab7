"""The scripts that build and start the Flex Template, with stand-ins for what they call."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import template

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "deploy" / "dataflow"
DIGEST = "europe-west4-docker.pkg.dev/some-project/ocr/beam-ocr@sha256:0123"

# Writes down how it was called, one JSON list a line; says the digest if it is asked to inspect.
STAND_IN = f"""#!{sys.executable}
import json, os, sys
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps([os.path.basename(sys.argv[0]), *sys.argv[1:]]) + "\\n")
if sys.argv[1] == "inspect":
    print({DIGEST!r})
"""


@pytest.fixture
def call(tmp_path):
    """`call(script, *arguments, **environment)`: what it called, and what it printed."""
    for name in ("docker", "gcloud"):
        path = tmp_path / name
        path.write_text(STAND_IN)
        path.chmod(0o755)

    def run(script, *arguments, **more):
        log = tmp_path / "calls"
        log.unlink(missing_ok=True)
        path = f"{tmp_path}:{os.environ['PATH']}"
        done = subprocess.run(
            [SCRIPTS / script, *arguments],
            check=True,
            capture_output=True,
            text=True,
            env={"PATH": path, "CALLS": str(log), **more},
        )
        return [json.loads(line) for line in log.read_text().splitlines()], done.stdout

    return run


def flags_of(words):
    return dict(word.removeprefix("--").split("=", 1) for word in words if word.startswith("--"))


def parameters_of(words):
    """What gcloud makes of `--parameters`: by its rules, `^~^` at the start sets ~ between them."""
    told = flags_of(words)["parameters"]
    assert told.startswith("^~^")
    return dict(one.split("=", 1) for one in told.removeprefix("^~^").split("~"))


def check_against_metadata(parameters):
    """Makes sure that the service would take them, and that the launcher understands them."""
    known = {one["name"]: one for one in template.metadata()["parameters"]}
    assert parameters.keys() <= known.keys()
    assert {name for name, one in known.items() if not one["isOptional"]} <= parameters.keys()
    for name, value in parameters.items():
        for pattern in known[name].get("regexes", []):
            assert re.search(pattern, value), name
    return template.read_parameters([f"--{name}={value}" for name, value in parameters.items()])


@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_clean(script):
    found = shutil.which("shellcheck", path=Path(sys.executable).parent)
    found = found or shutil.which("shellcheck")
    if found is None:
        pytest.skip("there is no shellcheck: pip install 'beam-ocr[test]'")
    linted = subprocess.run([found, script], check=False, capture_output=True, text=True)
    assert (linted.returncode, linted.stdout) == (0, "")
    assert os.access(script, os.X_OK)


def test_the_image_is_built_sent_and_named_by_its_digest(call):
    repository = DIGEST.partition("/beam-ocr")[0]
    calls, printed = call("build.sh", repository, "gs://some-bucket/beam-ocr.json", "cuda")
    built, pushed, _, made = calls
    version = re.search(r'version="(.+)"', (ROOT / "setup.py").read_text(encoding="utf-8"))[1]
    image = f"{repository}/beam-ocr:{version}-cuda"
    assert built[:2] == ["docker", "build"]
    assert built[built.index("--file") + 1] == str(ROOT / "deploy" / "Dockerfile")
    assert "VARIANT=cuda" in built
    assert "RUN_AS=0" in built
    assert built[built.index("--tag") + 1] == pushed[-1] == image
    assert made[:5] == [
        *("gcloud", "dataflow", "flex-template", "build"),
        "gs://some-bucket/beam-ocr.json",
    ]
    flags = flags_of(made)
    assert flags["image"] == DIGEST
    assert Path(flags["metadata-file"]).samefile(SCRIPTS / "metadata.json")
    assert printed.splitlines()[-1] == DIGEST


WHERE = {"REGION": "europe-west4", "IMAGE": DIGEST, "TEMP": "gs://some-bucket/temp"}
WHAT = ("gs://some-bucket/beam-ocr.json", "gs://a/in/**,gs://b/in", "gs://a/out")


def test_a_run_has_the_parameters_that_the_template_takes(call):
    [started], _ = call("run.sh", *WHAT, "dpi=300", "no_correct=true", **WHERE)
    assert started[1:4] == ["dataflow", "flex-template", "run"]
    assert re.fullmatch(r"[a-z][-a-z0-9]*", started[4])
    flags = flags_of(started)
    assert flags["template-file-gcs-location"] == WHAT[0]
    assert (flags["region"], flags["temp-location"]) == ("europe-west4", "gs://some-bucket/temp")
    assert flags["worker-machine-type"] == "n2-standard-4"
    ocr = check_against_metadata(parameters_of(started))
    assert ocr.inputs == ("gs://a/in/**", "gs://b/in")
    assert (ocr.output, ocr.read.dpi, ocr.read.correct) == ("gs://a/out", 300, False)
    assert f"--sdk_container_image={DIGEST}" in ocr.beam
    assert not [flag for flag in ocr.beam if "accelerator" in flag]


def test_a_gpu_comes_with_its_driver_and_a_machine_that_takes_it(call):
    more = {"GPU": "nvidia-l4", "MAX_WORKERS": "3", "DISK_GB": "80"}
    [started], _ = call("run.sh", *WHAT, **WHERE, **more)
    flags = flags_of(started)
    assert (flags["worker-machine-type"], flags["max-workers"]) == ("g2-standard-8", "3")
    ocr = check_against_metadata(parameters_of(started))
    assert ocr.read.device == "cuda"
    gpu = "worker_accelerator=type:nvidia-l4;count:1;install-nvidia-driver:580"
    assert f"--dataflow_service_options={gpu}" in ocr.beam
    assert "--disk_size_gb=80" in ocr.beam


@pytest.mark.parametrize("name", sorted(WHERE))
def test_nothing_is_started_without_a_place(call, name):
    with pytest.raises(subprocess.CalledProcessError):
        call("run.sh", *WHAT, **{key: value for key, value in WHERE.items() if key != name})
