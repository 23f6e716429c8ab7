"""What a run on each of Beam's runners takes for granted, and what it cannot start without.

Defaults are options of Beam by their own names, and hold unless the user names them.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ocr_core.errors import ConfigError
from pipelines import flink_options
from pipelines.suggestions import suggest

# Where the pool of workers is that stands beside a task manager, in the same pod or machine.
WORKER_POOL = "localhost:50000"

# How long a run may last, in seconds. Beam waits no longer for the end of a job than for any other
# answer of a job server, and that is 300 unless it is told otherwise.
_LONGEST_RUN_S = str(30 * 24 * 3600)

# What Flink's runner takes for the cluster that it starts in its own process.
_EMBEDDED = ("[auto]", "[local]")

Values = Mapping[str, Any]
Defaults = dict[str, str]


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a runner.

    Attributes:
        defaults: of options, given the values of all that Beam's own parser knows.
        check: says what is missing or wrong.
        also: names of options that only a job server knows.
        is_local: whether a run stays in this process.
    """

    defaults: Callable[[Values], Defaults]
    check: Callable[[Values], None]
    also: frozenset[str] = frozenset()
    is_local: bool = False


def find(name: str) -> Profile:
    """The profile of a runner by its name, as Beam takes it: `FlinkRunner`, or `flink` for short.

    Raises:
        ConfigError: it is none of ours.
    """
    for known, profile in PROFILES.items():
        if name.lower() in {known.lower(), known.lower().removesuffix("runner")}:
            return profile
    raise ConfigError(
        f"no such runner: {name}{suggest(name, PROFILES)} (there are {', '.join(PROFILES)})"
    )


def _no_defaults(values: Values) -> Defaults:
    return {}


def _nothing_to_check(values: Values) -> None:
    pass


def _portable_defaults(values: Values) -> Defaults:
    """Workers of a job server elsewhere are not containers unless that is asked for."""
    return {"job_server_timeout": _LONGEST_RUN_S} | _worker_pool(values)


def _check_portable(values: Values) -> None:
    _need("PortableRunner", values, "job_endpoint")
    _check_environment(values)


def _flink_defaults(values: Values) -> Defaults:
    """An embedded Flink has its workers in this process, a cluster beside its task managers.

    Between the stages of a job Flink lets its workers go, and so the models that they have loaded,
    unless they are kept for a while. How large bundles are is left alone: a batch job has one for
    each stage and parallel part of it, whatever `max_bundle_size` says.
    """
    kept = {"environment_cache_millis": "60000", "job_server_timeout": _LONGEST_RUN_S}
    if _is_embedded(values):
        return kept | {"environment_type": "LOOPBACK", "parallelism": str(os.cpu_count() or 1)}
    return kept | _worker_pool(values)


def _check_flink(values: Values) -> None:
    _check_environment(values)
    jar, java = values["flink_job_server_jar"], values["job_server_java_launcher"]
    if jar and "://" not in jar and not Path(jar).is_file():
        raise ConfigError(f"no such job server: {jar}; deploy/flink/job_server.sh makes one")
    submits = values["flink_submit_uber_jar"] and not _is_embedded(values)
    if not submits and not values["job_endpoint"] and shutil.which(java) is None:
        raise ConfigError(
            f"Flink's job server needs Java, and there is no {java}; a cluster can do without: "
            "--flink_submit_uber_jar"
        )


def _is_embedded(values: Values) -> bool:
    return not values["job_endpoint"] and values["flink_master"] in _EMBEDDED


def _check_prism(values: Values) -> None:
    _check_environment(values)
    location = values["prism_location"]
    if location and "://" not in location and not Path(location).is_file():
        raise ConfigError(f"no such file: {location}; deploy/prism.sh makes one")


def _prism_defaults(values: Values) -> Defaults:
    return {"environment_type": "LOOPBACK", "job_server_timeout": _LONGEST_RUN_S}


def _dataflow_defaults(values: Values) -> Defaults:
    """One engine a machine, and all that it needs from the image.

    Beam's own default is a process for each core, each with models of its own, and whatever was
    installed here to be installed there. Four threads keep the usual machines busy; each may hold
    a batch of page images.
    """
    defaults = {"sdk_location": "container", "number_of_worker_harness_threads": "4"}
    if not any("use_multiple_sdk_containers" in name for name in values["experiments"] or ()):
        return defaults | {"experiments": "no_use_multiple_sdk_containers"}
    return defaults


def _check_dataflow(values: Values) -> None:
    if importlib.util.find_spec("apitools") is None:
        raise ConfigError("DataflowRunner needs beam-ocr[gcp] to be installed")
    names = ("project", "region", "temp_location", "sdk_container_image")
    _need("DataflowRunner", values, *names)
    if not values["temp_location"].startswith("gs://"):
        raise ConfigError(f"--temp_location must be in gs://, not {values['temp_location']}")


def _worker_pool(values: Values) -> Defaults:
    """A pool of workers at the usual place, unless the user wants others."""
    if values["environment_type"] not in {None, "EXTERNAL"} or values["environment_options"]:
        return {}
    return {"environment_type": "EXTERNAL", "environment_config": WORKER_POOL}


def _check_environment(values: Values) -> None:
    """Makes sure that workers can be started, as far as can be told from here."""
    known = ("DOCKER", "EXTERNAL", "LOOPBACK", "PROCESS")
    kind = values["environment_type"]
    if kind and kind not in known and not kind.startswith("beam:env:"):
        raise ConfigError(f"no such --environment_type: {kind} (there are {', '.join(known)})")
    if kind in {"EXTERNAL", "PROCESS"} and not (
        values["environment_config"] or values["environment_options"]
    ):
        raise ConfigError(f"--environment_type={kind} needs --environment_config")


def _need(runner: str, values: Values, *names: str) -> None:
    missing = [f"--{name}" for name in names if not values[name]]
    if missing:
        raise ConfigError(f"{runner} needs {', '.join(missing)}")


_LOCAL = Profile(_no_defaults, _nothing_to_check, is_local=True)

PROFILES: Mapping[str, Profile] = {
    # Beam's own would first try to download Prism; by either name a run stays here.
    "DirectRunner": _LOCAL,
    "FnApiRunner": _LOCAL,
    "PrismRunner": Profile(_prism_defaults, _check_prism),
    "FlinkRunner": Profile(_flink_defaults, _check_flink, flink_options.NAMES),
    "PortableRunner": Profile(_portable_defaults, _check_portable, flink_options.NAMES),
    "DataflowRunner": Profile(_dataflow_defaults, _check_dataflow),
}
