"""The command line: what it understands, and how it says what it does not."""

import argparse
import json
import logging
import subprocess
import sys
from types import SimpleNamespace

import pytest

from ocr_core.errors import ConfigError, WeightsError
from pipelines import cli, logs
from pipelines.locks import InUseError


@pytest.fixture
def called(monkeypatch):
    """Commands that only keep what they are called with, and end as `ends` says."""
    kept = SimpleNamespace(args=None, ends=0)

    def main(args):
        kept.args = args
        if isinstance(kept.ends, BaseException):
            raise kept.ends
        return kept.ends

    def import_module(name):
        return SimpleNamespace(add_arguments=modules[name].add_arguments, main=main)

    modules = {
        module: cli.importlib.import_module(module)
        for module in ("pipelines.run", "pipelines.gc", "pipelines.export")
    }
    monkeypatch.setattr(cli, "importlib", SimpleNamespace(import_module=import_module))
    monkeypatch.setattr(cli, "version", lambda: "1.2.3")
    return kept


def test_a_command_gets_its_flags_and_gives_the_exit_code(called):
    called.ends = 3
    assert cli.main(["run", "in", "--output", "out", "--dpi", "300"]) == 3
    assert (called.args.inputs, called.args.output, called.args.dpi) == (["in"], "out", 300)
    assert called.args.beam == []


def test_options_of_beam_follow_a_bare_dash_dash_or_have_their_value_with_them(called):
    beam = ["--runner", "FlinkRunner", "--anything", "else"]
    cli.main(["run", "in", "-o", "out", "--", *beam])
    assert called.args.beam == beam
    cli.main(["run", "in", "--runner=FlinkRunner", "-o", "out", "--streaming"])
    assert called.args.beam == ["--runner=FlinkRunner", "--streaming"]
    assert called.args.inputs == ["in"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "in", "-o", "out", "--dip", "300"], "unknown argument --dip; did you mean --dpi?"),
        (["run", "in", "-o", "out", "--runner", "X"], "write --runner=VALUE"),
        (["run", "in"], "required: --output/-o (see beam-ocr run --help)"),
        (["gc", "out", "--older", "3"], "unknown argument --older; did you mean --older-than?"),
        (["run", "in", "-o", "out", "--quality", "best"], "invalid choice: 'best'"),
        (["rnu"], "there is no command rnu; did you mean run? (see beam-ocr --help)"),
        (["xyz", "--help"], "there is no command xyz (see beam-ocr --help)"),
        ([], "required: COMMAND"),
    ],
)
def test_a_mistake_is_told_in_one_line(called, capsys, arguments, message):
    assert cli.main(arguments) == 2
    told = capsys.readouterr().err
    assert message in told
    assert told.startswith("beam-ocr: ")
    assert len(told.splitlines()) == 1
    assert called.args is None


def test_a_mistake_is_told_as_json_to_who_asked_for_it(called, capsys):
    assert cli.main(["run", "in", "-o", "out", "--quiet", "--log-json"]) == 2
    [told] = capsys.readouterr().err.splitlines()
    event = json.loads(told)
    assert (event["event"], event["exit_code"]) == ("error", 2)
    assert "not allowed with argument" in event["message"]
    assert called.args is None


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (ConfigError("no such file: a.pdf"), 2, "no such file: a.pdf"),
        (WeightsError("the weights are damaged"), 1, "the weights are damaged"),
        (KeyboardInterrupt(), 130, "what was committed stays"),
    ],
)
def test_errors_of_ours_have_an_exit_code_and_no_traceback(called, capsys, error, code, message):
    called.ends = error
    assert cli.main(["gc", "out"]) == code
    told = capsys.readouterr().err
    assert message in told
    assert "Traceback" not in told


def test_a_bug_is_not_hidden(called):
    called.ends = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        cli.main(["gc", "out"])


def test_every_command_declares_arguments_and_has_a_main():
    for module, summary in cli.COMMANDS.values():
        command = cli.importlib.import_module(module)
        command.add_arguments(argparse.ArgumentParser())
        assert callable(command.main)
        assert summary


@pytest.mark.parametrize(
    "arguments",
    [["--version"], ["--help"], ["run", "--help-all"]]
    + [
        [name, "--help"]
        for name, (module, _) in cli.COMMANDS.items()
        if not any(part in module for part in ("training", "synth", "recipes"))
    ],
)
def test_help_needs_neither_beam_nor_torch(arguments):
    code = (
        "import sys\nfrom pipelines import cli\n"
        f"try: cli.main({arguments})\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'apache_beam', 'torch'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert "beam-ocr" in told.stdout


def test_the_log_is_set_up_for_beams_errors_only(called):
    logger = logging.getLogger()
    before, logger.handlers = logger.handlers, []
    level = logger.level
    try:
        cli.main(["gc", "out"])
        assert logger.level == logging.ERROR
    finally:
        logger.handlers = before
        logger.setLevel(level)


@pytest.mark.parametrize(
    ("error", "exit_code"), [(ConfigError("no"), 2), (WeightsError("no"), 1), (InUseError("no"), 4)]
)
def test_with_a_json_log_errors_are_events(called, capsys, monkeypatch, error, exit_code):
    monkeypatch.setattr(logs, "begin", lambda _: None)  # which is for a process of its own
    called.ends = error
    assert cli.main(["run", "in", "--output", "out", "--log-json"]) == exit_code
    event = json.loads(capsys.readouterr().err)
    assert (event["event"], event["exit_code"], event["message"]) == ("error", exit_code, "no")


def test_with_a_json_log_mistakes_in_flags_are_events(capsys, monkeypatch):
    monkeypatch.setattr(logs, "begin", lambda _: None)
    assert cli.main(["run", "in", "--log-json"]) == 2
    assert json.loads(capsys.readouterr().err)["event"] == "error"
