from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ocr_core.sandbox import confinement

ROOT = Path(__file__).parents[3]
is_filtered = os.uname().machine in confinement._CALLS

# What a source that has taken its helper over might do; run in a folder that has a file `a`.
SCRIPT = """
import ctypes, json, os, pathlib, signal, socket, subprocess, sys
from ocr_core.sandbox import confinement

def gets_memory():
    bytearray(400_000_000)

tries = {
    "read": lambda: pathlib.Path("a").read_bytes(),
    "get memory": gets_memory,
    "make a file": lambda: os.open("b", os.O_CREAT | os.O_WRONLY),
    "write to a file": lambda: os.open("a", os.O_RDWR),
    "empty a file": lambda: os.open("a", os.O_RDONLY | os.O_TRUNC),
    "shorten a file": lambda: os.truncate("a", 0),
    "remove a file": lambda: os.unlink("a"),
    "move a file": lambda: os.rename("a", "b"),
    "link a file": lambda: os.link("a", "b"),
    "name a file": lambda: os.symlink("a", "b"),
    "lock a file": lambda: os.chmod("a", 0),
    "make a folder": lambda: os.mkdir("b"),
    "reach the network": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "reach other processes": lambda: socket.socket(socket.AF_UNIX),
    "run a script": lambda: subprocess.run(["true"]),
}

if sys.argv[1] == "confined":
    confinement.confine(300_000_000, may_start_programs=sys.argv[2] == "programs")
done = []
for what, try_it in tries.items():
    try:
        try_it()
    except (OSError, MemoryError):
        continue
    done.append(what)
print(json.dumps(done))
"""


def done_when(folder, *arguments):
    (folder / "a").write_bytes(b"a letter")
    script = [sys.executable, "-c", SCRIPT, *arguments]
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    run = subprocess.run(script, cwd=folder, env=environment, capture_output=True, check=True)
    return json.loads(run.stdout)


@pytest.mark.skipif(not is_filtered, reason="no filter for this machine")
def test_a_helper_can_read_and_little_else(tmp_path):
    assert done_when(tmp_path, "confined", "alone") == ["read"]
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"a letter"


@pytest.mark.skipif(not is_filtered, reason="no filter for this machine")
def test_a_helper_that_needs_programs_can_start_them(tmp_path):
    assert done_when(tmp_path, "confined", "programs") == ["read", "run a script"]


def test_others_can_do_more(tmp_path):
    assert {"get memory", "make a file", "reach the network"} <= set(done_when(tmp_path, "free"))


def test_a_kernel_without_filters_is_told():
    assert not confinement.filter_calls(b"")  # none that it would take
