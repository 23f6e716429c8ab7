"""Helpers that misbehave as told, and helpers that are none."""

import sys
from dataclasses import dataclass

import pytest

from ocr_core.sandbox import helper
from ocr_core.sandbox import pool as pools
from ocr_core.sandbox.drawing import Sandbox
from ocr_core.sandbox.helper import Terms

# Does `misbehave()` before it draws a page whose index is in the name of the file.
SCRIPT = """
import os, signal, sys, time
from pathlib import Path
from ocr_core.sandbox import child
from ocr_core import sources

is_second = Path({marker!r}).exists()
Path({marker!r}).touch()

def misbehave():
    {deed}

def render(render, source, page_index, original=sources._render):
    if str(page_index) in source.uri:
        misbehave()
    return original(render, source, page_index)

sources._render = render
sys.exit(child.main(sys.argv[1:]))
"""


@pytest.fixture
def misbehaving(tmp_path, monkeypatch):
    """Has helpers do a deed over pages whose index is in the uri, such as `a 13` for two pages."""

    def misbehave(deed):
        script = tmp_path / "child.py"
        script.write_text(SCRIPT.format(marker=str(tmp_path / "started"), deed=deed))
        monkeypatch.setattr(helper, "_COMMAND", (sys.executable, "-P", str(script)))

    return misbehave


@pytest.fixture
def sandbox():
    made = Sandbox()
    yield made
    made.close()


@dataclass(eq=False)
class StandIn:
    """A helper without a process."""

    terms: Terms
    requests: int = 0
    is_idle: bool = True
    is_closed: bool = False

    def ask(self):
        self.requests += 1

    def close(self):
        self.is_closed = True


@pytest.fixture
def pool(monkeypatch):
    """A pool of helpers without processes, each for three requests."""
    monkeypatch.setattr(pools, "Helper", StandIn)
    return pools.Pool(requests_per_helper=3)
