"""The flags of exports, as `beam-ocr run` has them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ocr_core import sources
from ocr_core.errors import ConfigError
from ocr_core.exporters import EXPORTERS
from pipelines import source_options, storage
from pipelines.export_files import ExportOptions
from pipelines.suggestions import suggest

_FOLDER = "exports"


def add_run_flags(parser: argparse.ArgumentParser) -> None:
    """The flags of a run that also exports what it reads."""
    parser.add_argument(
        "--export",
        action="append",
        default=[],
        metavar="NAME,NAME...",
        help=f"write every document in these formats as well: {', '.join(EXPORTERS)}",
    )
    parser.add_argument(
        "--export-to",
        metavar="DIR",
        help=f"where to, maybe a bucket (default: {_FOLDER} in the output folder)",
    )


def export_options_from(args: argparse.Namespace) -> ExportOptions | None:
    """What flags want to be exported; None for nothing.

    Raises:
        ConfigError: there is no such format, or no format but a folder.
    """
    if not args.export:
        if args.export_to:
            raise ConfigError("--export-to needs --export: which formats?")
        return None
    folder = args.export_to or storage.join(args.output, _FOLDER)
    return ExportOptions(
        formats=parse_formats(args.export, "--export"),
        folder=storage.absolute(folder),
        passwords=source_options.passwords_from(args),
    )


def check_folder(options: ExportOptions, inputs: Sequence[str]) -> None:
    """Makes sure that no later run takes exports for sources.

    Raises:
        ConfigError: an input is a folder that they are written to.
    """
    suffixes = {f".{EXPORTERS[name].suffix.rpartition('.')[2]}" for name in options.formats}
    if not suffixes & sources.SUFFIXES or storage.is_remote(options.folder):
        return
    folder = Path(options.folder).resolve()
    for name in inputs:
        if Path(name).is_dir() and folder.is_relative_to(Path(name).resolve()):
            raise ConfigError(
                f"exports in {options.folder} would be sources of the next run over {name}: "
                "choose another folder with --export-to"
            )


def parse_formats(values: Sequence[str], flag: str = "--format") -> tuple[str, ...]:
    """The names of formats that a user writes as `txt,hocr`, once or more often; each once.

    Raises:
        ConfigError: there is no such format, or none is named.
    """
    names = [name.strip() for value in values for name in value.split(",") if name.strip()]
    if not names:
        raise ConfigError(f"{flag} names no format (there are {', '.join(EXPORTERS)})")
    for name in names:
        if name not in EXPORTERS:
            known = ", ".join(EXPORTERS)
            raise ConfigError(
                f"no such format: {name}{suggest(name, EXPORTERS)} (there are {known})"
            )
    return tuple(dict.fromkeys(names))
