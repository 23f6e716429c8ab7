"""deploy/gpu.sh, with stand-ins for Python and for what asks the driver."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import measure_handles

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "deploy" / "gpu.sh"


@pytest.fixture
def call(tmp_path):
    """`call(*arguments)`: the finished script, and how it called Python."""
    log = tmp_path / "calls"
    python, nvidia = tmp_path / "python", tmp_path / "nvidia-smi"
    python.write_text(f'#!/bin/sh\necho "$*" >>{log}\n[ "$FAILS" ] && exit 2\nexit 0\n')
    nvidia.write_text("#!/bin/sh\necho NVIDIA L4, 23034 MiB, 580.1\n")
    for program in (python, nvidia):
        program.chmod(0o755)

    def run(*arguments, **more):
        log.write_text("")
        path = f"{tmp_path}:{os.environ['PATH']}"
        done = subprocess.run(
            [SCRIPT, *arguments],
            check=False,
            capture_output=True,
            text=True,
            env={"PATH": path, "PYTHON": str(python), **more},
        )
        return done, log.read_text().splitlines()

    return run


def test_the_script_is_clean():
    found = shutil.which("shellcheck", path=Path(sys.executable).parent)
    found = found or shutil.which("shellcheck")
    if found is None:
        pytest.skip("there is no shellcheck: pip install 'beam-ocr[test]'")
    linted = subprocess.run([found, SCRIPT], check=False, capture_output=True, text=True)
    assert (linted.returncode, linted.stdout) == (0, "")
    assert os.access(SCRIPT, os.X_OK)


def test_another_device_is_told_how_it_is_used(call):
    done, calls = call("tpu")
    assert (done.returncode, calls) == (2, [])
    assert done.stderr.startswith("usage: deploy/gpu.sh [cuda|cpu")


def test_nothing_is_measured_where_no_gpu_can_be_used(call):
    done, calls = call(FAILS="yes")
    assert done.returncode == 2
    [tried] = calls
    assert tried.endswith("pipelines.cli page samples/letter-scanned.pdf --device cuda")


@pytest.mark.parametrize(
    ("arguments", "device", "folder", "batches"),
    [
        ((), "cuda", "samples", [8, 16, 32]),
        (("cpu", "scans", "8", "16"), "cpu", "scans", [8, 16]),
    ],
)
def test_what_is_measured_is_what_was_asked_for(call, arguments, device, folder, batches):
    done, calls = call(*arguments, OMP_NUM_THREADS="1")
    assert done.returncode == 0
    assert ("NVIDIA L4" in done.stdout) == (device == "cuda")
    module = "-m tests.measure_handles "
    assert calls[-1].startswith(module)
    args = measure_handles.make_parser().parse_args(calls[-1].removeprefix(module).split())
    assert (args.device, str(args.folder), args.batch_pages) == (device, folder, batches)
    assert args.threads == [1, len(os.sched_getaffinity(0))]
    assert args.table
