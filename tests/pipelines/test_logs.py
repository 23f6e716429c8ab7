"""The log of `--log-json`."""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import logs


def test_a_line_is_one_object_whatever_is_in_it():
    text = logs.line("failed", uri="/in/a\nb \udce9 ü", page=None, path=Path("/x"))
    assert "\n" not in text
    assert text.isascii()
    event = json.loads(text)
    assert (event["event"], event["uri"], event["path"]) == ("failed", "/in/a\nb \udce9 ü", "/x")
    assert event["time"] > 1.7e9


def test_only_who_wants_json_is_told(capsys):
    for report in ("quiet", "progress", "json"):
        logs.teller(report)("start", report=report)
    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line)["report"] == "json"


@pytest.mark.parametrize("as_json", [False, True])
def test_complaints_are_words_or_an_event(as_json, capsys):
    assert logs.complain(2, "no such folder: x", as_json) == 2
    told = capsys.readouterr().err
    if as_json:
        event = json.loads(told)
        assert (event["event"], event["exit_code"]) == ("error", 2)
        assert event["message"] == "no such folder: x"
    else:
        assert told == "beam-ocr: no such folder: x\n"


PROGRAM = """
import logging, threading, warnings
from pipelines import logs

logs.begin(as_json=True)
logging.getLogger("library").error("it %s", "broke")
logging.getLogger("library").warning("not told")
warnings.warn("soon gone", stacklevel=1)
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
raise RuntimeError("a bug")
"""


def test_nothing_but_events_is_told_whoever_speaks():
    process = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    events = [json.loads(line) for line in process.stderr.splitlines()]
    assert process.returncode == 1
    assert [(event["event"], event.get("level")) for event in events] == [
        ("message", "ERROR"),
        ("message", "WARNING"),
        ("message", "ERROR"),
        ("message", "CRITICAL"),
        ("error", None),
    ]
    assert events[0]["message"] == "it broke"
    assert "soon gone" in events[1]["message"]
    assert events[2]["message"] == "ZeroDivisionError: division by zero"
    assert "1 / 0" in events[2]["traceback"] or "in <lambda>" in events[2]["traceback"]
    assert (events[4]["exit_code"], events[4]["message"]) == (1, "RuntimeError: a bug")


# A worker's connections break once while the program works, and once when it is over; and so does
# something else.
BROKEN_CONNECTIONS = """
import atexit, logging, sys, threading
import grpc
from pipelines import logs

as_json = sys.argv[1] == "True"
logs.begin(as_json)
logs.begin(as_json)

def listen(error):
    try:
        raise error
    except Exception:
        logging.getLogger("apache_beam.worker").exception("Failed to read")
        raise

def break_off(when):
    for error in (grpc.RpcError(f"socket closed {when}"), OSError(f"no room {when}")):
        thread = threading.Thread(target=listen, args=[error], daemon=True)
        thread.start()
        thread.join()

break_off("early")
atexit.register(break_off, "late")
"""


@pytest.mark.parametrize("as_json", [False, True])
def test_connections_that_end_with_the_program_are_no_errors(as_json):
    process = subprocess.run(
        [sys.executable, "-c", BROKEN_CONNECTIONS, str(as_json)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    if as_json:
        traces = [json.loads(line)["traceback"] for line in process.stderr.splitlines()]
    else:
        traces = process.stderr.split("Traceback")[1:]
    told = [word for trace in traces for word in re.findall(r"RpcError: .*|OSError: .*", trace)]
    assert told == [
        *["RpcError: socket closed early"] * 2,  # in the log, and as the end of a thread
        *["OSError: no room early"] * 2,
        *["OSError: no room late"] * 2,
    ]


def test_every_event_is_in_the_list_that_users_read():
    root = Path(logs.__file__).parent
    words = set(logs.__doc__.split())
    sources = "".join(path.read_text(encoding="utf-8") for path in root.glob("*.py"))
    for event in ("start", "chunk-begun", "failed", "progress", "chunk-committed", "done"):
        assert event in words
        assert f'"{event}"' in sources


@pytest.mark.parametrize(
    ("flags", "report"), [([], "progress"), (["--quiet"], "quiet"), (["--log-json"], "json")]
)
def test_flags_say_who_is_told(flags, report):
    parser = argparse.ArgumentParser()
    logs.add_flags(parser)
    assert parser.parse_args(flags).report == report
