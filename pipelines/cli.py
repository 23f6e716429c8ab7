"""`beam-ocr`: one parser, one line for each command.

Commands are imported when they are called, so that help and mistakes are answered at once.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import os
import sys
from collections.abc import Sequence

from ocr_core.errors import ConfigError, OcrError
from pipelines import logs
from pipelines.guides import GUIDES
from pipelines.help_pages import CommandList, Parser
from pipelines.locks import InUseError
from pipelines.suggestions import suggest

# Command -> module with `add_arguments(parser)` and `main(args) -> exit code`, and what it does.
COMMANDS = {
    "run": ("pipelines.run", "read files, folders, globs, lists, gs:// and s3://"),
    "ingest": ("pipelines.inbox", "read what is new in a folder since the last time"),
    "page": ("pipelines.page", "one page to the terminal, for a quick look"),
    "explain": ("pipelines.explain", "how a page is read, stage by stage, in pictures"),
    "export": ("pipelines.export", "write what was read as PDF, hOCR, ALTO, PAGE, Markdown ..."),
    "restore": ("pipelines.restore", "show a page before and after its worn lines are restored"),
    "view": ("pipelines.view", "a web page to look at what was read"),
    "evaluate": ("pipelines.evaluate", "compare what was read with ground truth"),
    "synth": ("ocr_core.synth.command", "write a sample of synthetic pages"),
    "train": ("ocr_core.training.command", "train the detector or the recogniser"),
    "calibrate": ("ocr_core.training.calibration", "make a recogniser's confidences mean it"),
    "average": ("ocr_core.training.averaging", "take the mean of two weights files"),
    "prune": ("ocr_core.training.pruning", "leave out units of a recogniser, to train on"),
    "quantise": ("ocr_core.training.ranges", "measure a network's ranges, so that int8 can run it"),
    "export-model": ("pipelines.export_model", "write the networks as ONNX or TorchScript"),
    "chars": ("ocr_core.recipes.chars.command", "a reader of single characters, trained"),
    "classic": ("ocr_core.recipes.classic.command", "reading as before networks, to learn from"),
    "lines": ("ocr_core.recipes.lines.command", "teach a recogniser lines of your own"),
    "handwriting": ("ocr_core.recipes.handwriting.command", "teach a recogniser handwriting"),
    "plates": ("ocr_core.recipes.plates.command", "a reader of number plates, made and trained"),
    "restorer": ("ocr_core.recipes.restoration.command", "train what restores worn lines"),
    "bench": ("pipelines.bench", "measure what a page costs on one core"),
    "compact": ("pipelines.compact", "put many small runs together into few"),
    "gc": ("pipelines.gc", "remove what was never committed"),
    "completion": ("pipelines.completion", "print a script that lets a shell complete all this"),
}

_SEE_HELP = "(see beam-ocr --help)"


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    as_json = "--log-json" in arguments
    logs.begin(as_json)
    try:
        return _call(arguments)
    except ConfigError as error:
        return logs.complain(2, str(error), as_json)
    except InUseError as error:
        return logs.complain(4, str(error), as_json)
    except OcrError as error:
        return logs.complain(1, str(error), as_json)
    except KeyboardInterrupt:
        words = "interrupted; what was committed stays, `beam-ocr gc` removes the rest"
        logs.complain(130, words, as_json)
        if argv is None:  # as a program: not waiting for threads that are in the midst of a page
            sys.stdout.flush()
            os._exit(130)
        return 130
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def version() -> str:
    """The version of the installed package."""
    return importlib.metadata.version("beam-ocr")


def make_parser(*called: str) -> Parser:
    """The parser of all commands, with the arguments of those that are `called`."""
    parser = Parser(
        prog="beam-ocr",
        description="Reads folders of PDFs and scans into Parquet, with its own models.",
        epilog="beam-ocr COMMAND --help tells of each.",
        allow_abbrev=False,
        formatter_class=CommandList,
    )
    parser.add_argument("--version", action="version", version=f"beam-ocr {version()}")
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True, title="commands"
    )
    for name, (module, summary) in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        if name in called:
            importlib.import_module(module).add_arguments(command)
            command.follow(GUIDES[name])
    return parser


def parse(arguments: list[str]) -> argparse.Namespace:
    """What is called, and with what; Beam's options are in `beam`.

    Raises:
        ConfigError: nobody knows the command or an argument.
    """
    called = next((name for name in arguments if not name.startswith("-")), "")
    if called and called not in COMMANDS:
        raise ConfigError(f"there is no command {called}{suggest(called, COMMANDS)} {_SEE_HELP}")
    parser = make_parser(called)
    arguments, beam = _split(arguments) if called == "run" else (arguments, [])
    args, unknown = parser.parse_known_args(arguments)
    [commands] = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    beam += _sort_unknown(unknown, commands.choices[args.command], called)
    if beam:
        args.beam = beam
    return args


def _call(arguments: list[str]) -> int:
    args = parse(arguments)
    status: int = importlib.import_module(COMMANDS[args.command][0]).main(args)
    return status


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Our arguments, and Beam's after a bare `--`."""
    if "--" not in arguments:
        return arguments, []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


def _sort_unknown(unknown: list[str], command: argparse.ArgumentParser, called: str) -> list[str]:
    """Beam's options among arguments that our parser does not know.

    Raises:
        ConfigError: an argument is nobody's.
    """
    if not unknown:
        return []
    if called == "run":
        from pipelines import runners

        unknown_to_all = [flag for flag in unknown if not runners.takes(flag)]
    else:
        unknown_to_all = unknown
    if unknown_to_all:
        flag = unknown_to_all[0]
        ours = [name for action in command._actions for name in action.option_strings]
        raise ConfigError(f"unknown argument {flag}{suggest(flag, ours)}")
    return unknown


if __name__ == "__main__":
    sys.exit(main())
