"""Which runner a run is given to, and with which of Beam's options."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from apache_beam.options.pipeline_options import PipelineOptions, StandardOptions

from ocr_core.errors import ConfigError
from pipelines.suggestions import suggest

# Named, since `DirectRunner` first tries to download another one.
LOCAL = "FnApiRunner"

# These have options that only their job servers know.
_PORTABLE = ("PortableRunner", "FlinkRunner", "SparkRunner")


def local_options(beam: Sequence[str], workers: int) -> PipelineOptions:
    """Beam's options of a local run: one process, a thread for each worker."""
    return PipelineOptions(
        [f"--runner={LOCAL}", f"--direct_num_workers={workers}", *beam, "--no_save_main_session"]
    )


def distributed_options(beam: Sequence[str]) -> PipelineOptions:
    """Beam's options of a run on a cluster."""
    return PipelineOptions([*beam, "--no_save_main_session"])


def is_local(beam: Sequence[str]) -> bool:
    """Whether a run stays in this process."""
    runner = PipelineOptions(list(beam)).view_as(StandardOptions).runner
    return runner in {None, LOCAL}


def check_flags(beam: Sequence[str]) -> None:
    """Makes sure that Beam knows its options, since it would pass over those that it does not.

    Raises:
        ConfigError: it does not know one.
    """
    parser = _beam_parser()
    unknown = _parse(parser, beam)
    runner = PipelineOptions(list(beam)).view_as(StandardOptions).runner
    if unknown and runner not in _PORTABLE:
        raise ConfigError(f"unknown option for Beam: {unknown[0]}{suggest(unknown[0], _names())}")


def takes(flag: str) -> bool:
    """Whether a flag such as `--runner=FlinkRunner` is one of Beam's.

    Raises:
        ConfigError: it is, but its value is an argument of its own, and so would be an input.
    """
    name, equals, _ = flag.partition("=")
    for action in _beam_parser()._actions:
        if name in action.option_strings:
            if action.nargs != 0 and not equals:
                raise ConfigError(f"write {name}=VALUE, or put Beam's options after a bare --")
            return True
    return False


def _names() -> list[str]:
    return [name for action in _beam_parser()._actions for name in action.option_strings]


def _parse(parser: argparse.ArgumentParser, beam: Sequence[str]) -> list[str]:
    try:
        return parser.parse_known_args(list(beam))[1]
    except SystemExit as error:  # argparse has said what is wrong with a value
        raise ConfigError("Beam's options cannot be read") from error


def _beam_parser() -> argparse.ArgumentParser:
    parsers: list[argparse.ArgumentParser] = []
    PipelineOptions([]).get_all_options(add_extra_args_fn=parsers.append)
    return parsers[0]
