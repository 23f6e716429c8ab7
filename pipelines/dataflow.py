"""What Google Dataflow must be told, and what it would be asked for, without asking it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import IO, Any

import apache_beam as beam
from apache_beam.options.pipeline_options import (
    GoogleCloudOptions,
    PipelineOptions,
    StandardOptions,
    TestOptions,
)
from apache_beam.options.pipeline_options_validator import PipelineOptionsValidator
from apache_beam.portability.api import beam_runner_api_pb2

from ocr_core.errors import ConfigError

# With these a job is put together, and neither checked by the service nor given to it.
DRY_RUN = ("--dry_run=True", "--no_auth")

_ACCELERATOR = "beam:resources:accelerator:v1"


def is_meant(options: PipelineOptions) -> bool:
    """Whether Beam's options name Dataflow as the runner."""
    runner = options.view_as(StandardOptions).runner or ""
    return runner.lower().removesuffix("runner") == "dataflow"


def check_folders(options: PipelineOptions) -> None:
    """Makes sure that the folders for temporary files can be where the options say.

    Beam itself would make a bucket of its own instead.

    Raises:
        ConfigError: they cannot.
    """
    cloud = options.view_as(GoogleCloudOptions)
    validator = PipelineOptionsValidator(options, None)
    errors = validator.validate_gcs_path(cloud, "temp_location")
    if cloud.staging_location:
        errors += validator.validate_gcs_path(cloud, "staging_location")
    if errors:
        raise ConfigError(errors[0])


def describe_job(pipeline: beam.Pipeline) -> dict[str, Any]:
    """The job that Dataflow would be given.

    Args:
        pipeline: with the options of `DRY_RUN` beside its own.

    Returns:
        `job`, as the REST API takes it; `stages`, the name of each in order, with the GPU that it
        asks for if it does; `staged`, the bytes of each file that would go to the staging location.
    """
    from apache_beam.runners.dataflow.internal import apiclient

    result: Any = pipeline.run()
    job = result.job
    client: Any = apiclient.DataflowApplicationClient(pipeline.options, job.root_staging_location)
    staged: dict[str, int] = {}

    def note(_folder: str, name: str, stream: IO[bytes], *_: object, **__: object) -> None:
        staged[name] = len(stream.read())

    client.stage_file = note
    # What is described is the job itself, and not how it was put together here.
    job.options.view_as(TestOptions).dry_run = False
    job.options.view_as(GoogleCloudOptions).no_auth = False
    client.create_job_description(job)
    return {
        "job": json.loads(job.json()),
        "stages": list_stages(job.proto_pipeline),
        "staged": staged,
    }


def list_stages(pipeline: beam_runner_api_pb2.Pipeline) -> list[dict[str, str]]:
    """The transforms that do the work, in order, each with the GPU that it asks for if it does."""
    stages = []
    for transform in _leaves(pipeline, pipeline.root_transform_ids):
        stage = {"name": transform.unique_name}
        hints = pipeline.components.environments[transform.environment_id].resource_hints
        if _ACCELERATOR in hints:
            stage["accelerator"] = hints[_ACCELERATOR].decode()
        stages.append(stage)
    return stages


def _leaves(
    pipeline: beam_runner_api_pb2.Pipeline, ids: Iterable[str]
) -> Iterator[beam_runner_api_pb2.PTransform]:
    for transform_id in ids:
        transform = pipeline.components.transforms[transform_id]
        if transform.subtransforms:
            yield from _leaves(pipeline, transform.subtransforms)
        elif transform.environment_id:  # others only pass on what they are given
            yield transform
