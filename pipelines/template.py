"""`python -m pipelines.template`: starts a run on Dataflow and leaves it there.

The Flex Template's image runs this in Google's launcher, which gives every parameter as
`--name=value`. Parameters are the flags of `beam-ocr run` with `_` for `-`, and Beam's options.
`--metadata` prints what deploy/dataflow/metadata.json says of them, instead of starting anything.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from ocr_core.errors import ConfigError, OcrError
from pipelines import options
from pipelines.options import OcrOptions

# Flags of a run that are no parameters: nobody here waits to be told anything, pages are read
# elsewhere, and what a console shows is no place for passwords.
NO_PARAMETERS = frozenset(
    (
        "help",
        "dry_run",
        "log_json",
        "metrics",
        "password",
        "password_file",
        "prometheus",
        "quiet",
        "workers",
    )
)

# Options of Beam that are parameters too, since gcloud has no flags for them.
BEAM_PARAMETERS = {
    "sdk_container_image": "the image of the workers: the one that starts the run",
    "disk_size_gb": "the disk of each worker, in gigabytes",
    "number_of_worker_harness_threads": "batches of pages that a worker has under way at once",
    "dataflow_service_options": "such as worker_accelerator=type:nvidia-l4;count:1;"
    "install-nvidia-driver",
}

_NUMBERS = {int: r"[0-9]+", float: r"[0-9]+(\.[0-9]+)?"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Starts the run that the parameters describe; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given == ["--metadata"]:
        print(json.dumps(metadata(), indent=2))
        return 0
    logging.basicConfig(level=logging.INFO)
    try:
        run_options = read_parameters(given)
        run_options.check()
        from pipelines import cluster, inference

        plan = cluster.submit(run_options, inference.handle_for(run_options.read))
    except OcrError as error:
        logging.getLogger(__name__).error("%s", error)
        return 2
    logging.getLogger(__name__).info("run %s goes to %s", plan.run_id, plan.output)
    return 0


def read_parameters(arguments: Sequence[str]) -> OcrOptions:
    """The run that parameters describe.

    Parameters without a value are as if they had not been given. Those that are not ours are left
    to Beam: the service has held the user's to the metadata, and adds some of its own.

    Raises:
        ConfigError: one is missing or wrong.
    """
    actions = _parameters()
    inputs: list[str] = []
    flags: list[str] = []
    beam: list[str] = []
    for argument in arguments:
        name, equals, value = argument.removeprefix("--").partition("=")
        if name == "inputs":
            inputs = [one.strip() for one in value.split(",") if one.strip()]
        elif name in actions and equals:
            flags += _flag(actions[name], value)
        else:
            beam.append(argument)
    if not inputs:
        raise ConfigError("the parameter inputs is missing")
    args = _parser().parse_args([*flags, "--", *inputs])
    args.beam = ["--runner=DataflowRunner", *beam]
    return options.run_options_from(args)


def metadata() -> dict[str, Any]:
    """What `gcloud dataflow flex-template build --metadata-file` is told of the template."""
    return {
        "name": "beam-ocr",
        "description": "Reads PDFs and scans in Cloud Storage into Parquet: text with its place on "
        "the page, in three tables.",
        "parameters": [
            *(_describe(name, action) for name, action in _parameters().items()),
            *(_describe_beam(name, words) for name, words in BEAM_PARAMETERS.items()),
        ],
    }


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        raise ConfigError(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(allow_abbrev=False)
    options.add_run_arguments(parser)
    return parser


def _parameters() -> dict[str, argparse.Action]:
    """The flags of a run that a template takes, by the names that they have there."""
    named = {_name(action): action for action in _parser()._actions}
    return {name: action for name, action in named.items() if name not in NO_PARAMETERS}


def _name(action: argparse.Action) -> str:
    long = next((name for name in action.option_strings if name.startswith("--")), action.dest)
    return long.removeprefix("--").replace("-", "_")


def _flag(action: argparse.Action, value: str) -> Iterator[str]:
    """A parameter as an argument of the command line."""
    name = action.option_strings[0]
    if not value:
        return
    if action.nargs != 0:
        yield f"{name}={value}"
    elif value not in {"true", "false"}:
        raise ConfigError(f"{_name(action)} must be true or false, not {value}")
    elif value == "true":
        yield name


def _describe(name: str, action: argparse.Action) -> dict[str, Any]:
    help_text = (action.help or "") % {**vars(action), "prog": "beam-ocr"}
    described: dict[str, Any] = {
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "helpText": help_text,
        "isOptional": not action.required,
    }
    pattern = _pattern(name, action)
    return described | ({"regexes": [f"^{pattern}$"]} if pattern else {})


def _describe_beam(name: str, words: str) -> dict[str, Any]:
    label = name.replace("_", " ").capitalize()
    described = {"name": name, "label": label, "helpText": words}
    return described | {"isOptional": name != "sdk_container_image"}


def _pattern(name: str, action: argparse.Action) -> str:
    """What the service holds a value to, before anything starts; nothing where all may be right."""
    if name == "inputs":
        one = r"@?(gs|s3)://[^,]+"
        return f"{one}(,{one})*"
    if name == "output":
        return r"(gs|s3)://[^*?\[\]]+"
    if action.nargs == 0:
        return "(true|false)"
    if action.choices:
        return f"({'|'.join(map(re.escape, action.choices))})"
    return _NUMBERS.get(action.type, "") if isinstance(action.type, type) else ""


if __name__ == "__main__":
    sys.exit(main())
