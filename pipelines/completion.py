"""`beam-ocr completion`: what a shell needs to complete commands, flags, choices and files."""

from __future__ import annotations

import argparse

import shtab

# What is completed in the place of an argument, by the name that help gives it.
_FILES = {"FILE", "FILE.prom", "PATH", "PNG", "INPUT", "WEIGHTS"}
_FOLDERS = {"DIR", "FOLDER", "INBOX", "RUN", "TRUTH"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `beam-ocr completion`."""
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="whose script is printed")


def main(args: argparse.Namespace) -> int:
    """Prints the script for a shell; returns the exit code."""
    from pipelines import cli  # whose parser imports every command

    print(script_for(cli.make_parser(*cli.COMMANDS), args.shell))
    return 0


def script_for(parser: argparse.ArgumentParser, shell: str) -> str:
    """The script by which a shell completes what a parser takes.

    Args:
        shell: `bash`, `zsh` or `fish`.
    """
    _mark_places(parser)
    script: str = shtab.complete(parser, shell=shell)
    return script


def _mark_places(parser: argparse.ArgumentParser) -> None:
    """Tells which arguments are files, and which are folders."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                _mark_places(command)
        elif action.metavar in _FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # as shtab wants it
        elif action.metavar in _FOLDERS:
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
