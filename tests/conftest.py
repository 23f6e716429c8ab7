"""What all tests share: one thread, no network, and where pages to measure on would be."""

import os

# Before torch and OpenCV are first imported: on few cores, threads of theirs only wait.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import ipaddress
import socket
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
EVALUATION_PAGES = Path(__file__).parents[2] / "shared" / "eval" / "dev"


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Nothing is fetched at run time: a connection to another machine fails its test."""
    connect = socket.socket.connect

    def connect_here(self, address):
        if self.family != socket.AF_UNIX and not is_here(address[0]):
            raise AssertionError(f"a test connects to {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


def is_here(host):
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture
def evaluation_pages():
    """The folder of real pages with ground truth, which is no part of the project."""
    if not EVALUATION_PAGES.is_dir():
        pytest.skip("there are no pages to measure on beside this checkout")
    return EVALUATION_PAGES


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium, without a window."""
    api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM.exists():
        pytest.skip("there is no Chromium")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()
