"""Which runner a run is given to, and with which of Beam's options.

Options of Beam have Beam's names. What each runner takes for granted is in `runner_profiles`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

from apache_beam.options.pipeline_options import PipelineOptions

from ocr_core.errors import ConfigError
from pipelines import flink_options, runner_profiles
from pipelines.runner_profiles import Profile
from pipelines.suggestions import suggest

# Named, since `DirectRunner` first tries to download another one.
LOCAL = "FnApiRunner"


def local_options(beam: Sequence[str], workers: int) -> PipelineOptions:
    """Beam's options of a local run: one process, a thread for each worker."""
    own = [f"--direct_num_workers={workers}", *beam, f"--runner={LOCAL}", "--no_save_main_session"]
    return PipelineOptions(own)


def distributed_options(beam: Sequence[str]) -> PipelineOptions:
    """Beam's options of a run on a cluster: the runner's defaults, and over them the user's own."""
    return PipelineOptions([*_defaults(beam), *beam, "--no_save_main_session"])


def is_local(beam: Sequence[str]) -> bool:
    """Whether a run stays in this process.

    Raises:
        ConfigError: there is no such runner.
    """
    return _profile(beam).is_local


def check_flags(beam: Sequence[str]) -> None:
    """Makes sure that a run can start with these options of Beam.

    Beam itself would pass over those that it does not know, and find out late what is missing.

    Raises:
        ConfigError: it cannot.
    """
    profile = _profile(beam)
    unknown = next(_nobodys(_parse(beam)[1], profile), None)
    if unknown is not None:
        known = [*_names(), *(f"--{name}" for name in profile.also)]
        raise ConfigError(f"unknown option for Beam: {unknown}{suggest(unknown, known)}")
    values, _ = _parse([*_defaults(beam), *beam])
    profile.check(values)


def takes(flag: str) -> bool:
    """Whether a flag such as `--runner=FlinkRunner` is one of Beam's.

    Raises:
        ConfigError: it is, but its value is an argument of its own, and so would be an input.
    """
    name, equals, _ = flag.partition("=")
    actions = [action for action in _beam_parser()._actions if name in action.option_strings]
    if not actions and name.removeprefix("--") not in flink_options.NAMES:
        return False
    is_switch = name.removeprefix("--") in flink_options.SWITCHES
    if not equals and not is_switch and not (actions and actions[0].nargs == 0):
        raise ConfigError(f"write {name}=VALUE, or put Beam's options after a bare --")
    return True


def _profile(beam: Sequence[str]) -> Profile:
    return runner_profiles.find(_parse(beam)[0]["runner"] or LOCAL)


def _defaults(beam: Sequence[str]) -> list[str]:
    """The defaults of the runner. They stand first, so that what the user says last counts."""
    values, _ = _parse(beam)
    return [f"--{name}={value}" for name, value in _profile(beam).defaults(values).items()]


def _nobodys(unknown: Sequence[str], profile: Profile) -> Iterator[str]:
    """What is no option of the job server either; a value may stand apart from its option."""
    is_value = False
    for argument in unknown:
        name, equals, _ = argument.removeprefix("--").partition("=")
        if is_value and not argument.startswith("-"):
            is_value = False
        elif argument.startswith("--") and name in profile.also:
            if equals and name in flink_options.SWITCHES:
                raise ConfigError(f"--{name} takes no value")
            is_value = not equals and name in flink_options.VALUES
        else:
            yield argument


def _names() -> list[str]:
    return [name for action in _beam_parser()._actions for name in action.option_strings]


def _parse(beam: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """The values of Beam's options, by name, and the arguments that are none of them."""
    try:
        values, unknown = _beam_parser().parse_known_args(list(beam))
    except SystemExit as error:  # argparse has said what is wrong with a value
        raise ConfigError("Beam's options cannot be read") from error
    return vars(values), unknown


def _beam_parser() -> argparse.ArgumentParser:
    parsers: list[argparse.ArgumentParser] = []
    PipelineOptions([]).get_all_options(add_extra_args_fn=parsers.append)
    return parsers[0]
