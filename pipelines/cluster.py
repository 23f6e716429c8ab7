"""Many pages on a cluster: one run in one piece, which finds its own sources.

It is waited for, left to itself, or only described.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import apache_beam as beam
import grpc
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import (
    FlinkRunnerOptions,
    PipelineOptions,
    PortableOptions,
)

from ocr_core.errors import ConfigError, OcrError, first_line
from pipelines import dataflow, discovery, ingest, runners, storage
from pipelines.counting import PageListener
from pipelines.export_stage import Exporting
from pipelines.inference import EngineHandle
from pipelines.launch import make_plan, make_reading, summarise
from pipelines.ledger import RunPlan
from pipelines.ocr import ReadDocuments
from pipelines.options import OcrOptions
from pipelines.progress import Headway
from pipelines.summary import Summary

_CONNECT_S = 10


def run(options: OcrOptions, handle: EngineHandle) -> Summary:
    """Reads what the options name on the runner that they name, and waits for it.

    Raises:
        ConfigError: before anything is read.
        OcrError: the runner gave the run up.
    """
    headway = Headway(documents=0)
    FileSystems.set_options(runners.distributed_options(options.beam))  # inputs may be in a bucket
    inputs = tuple(discovery.settle(name) for name in options.inputs)
    storage.make_folder(options.output)
    if options.export is not None:
        storage.make_folder(options.export.folder)
    pipeline, plan = build(replace(options, inputs=inputs), handle)
    _check_endpoint(pipeline.options)
    try:
        pipeline.run().wait_until_finish()
    # Of Beam's, with the trace of a worker or of a Java server, or of the connection to one: what
    # asks Flink by HTTP raises OSErrors.
    except (RuntimeError, OSError, grpc.RpcError) as error:
        raise OcrError(f"the runner gave up run {plan.run_id}: {_told(error)}") from error
    return summarise(options, [plan.run_id], headway)


def _check_endpoint(options: PipelineOptions) -> None:
    """Makes sure that someone listens where the job server, or Flink itself, is said to be.

    Beam itself waits for a job server as long as for the end of a run.

    Raises:
        ConfigError: nobody does.
    """
    endpoint, what = options.view_as(PortableOptions).job_endpoint, "job server"
    flink = options.view_as(FlinkRunnerOptions)
    if not endpoint and flink.flink_submit_uber_jar:
        endpoint, what = flink.flink_master.rpartition("://")[2], "Flink"
    host, found, port = (endpoint or "").rpartition(":")
    if not found or not port.isdigit():
        return
    try:
        socket.create_connection((host, int(port)), _CONNECT_S).close()
    except OSError as error:
        raise ConfigError(f"no {what} answers at {endpoint}: {error}") from error


def _told(error: Exception) -> str:
    """The first line that says something."""
    details = error.details() if isinstance(error, grpc.Call) else str(error)
    return first_line(details or "", type(error).__name__)


def submit(options: OcrOptions, handle: EngineHandle) -> RunPlan:
    """Gives a run to the runner and leaves it there; it is read once its file is in the output.

    Raises:
        ConfigError: before anything is read.
    """
    pipeline, plan = build(options, handle)
    pipeline.run()
    return plan


def describe(options: OcrOptions, handle: EngineHandle) -> dict[str, Any]:
    """What Dataflow would be asked for, without network and credentials.

    Raises:
        ConfigError: Dataflow would refuse it, or another runner is named, which has no such thing.
    """
    if not dataflow.is_meant(PipelineOptions(list(options.beam))):
        raise ConfigError("--dry-run needs --runner=DataflowRunner: no other describes its jobs")
    pipeline, _ = build(options, handle, dataflow.DRY_RUN)
    return dataflow.describe_job(pipeline)


def build(
    options: OcrOptions, handle: EngineHandle, more: Sequence[str] = ()
) -> tuple[beam.Pipeline, RunPlan]:
    """The pipeline of a run, and what the run is known by.

    Args:
        more: options for Beam, beside those of the run.

    Raises:
        ConfigError: the runner would refuse it.
    """
    beam_options = runners.distributed_options([*options.beam, *more])
    if dataflow.is_meant(beam_options):
        dataflow.check_folders(beam_options)
    FileSystems.set_options(beam_options)  # of S3, for example
    fingerprint = options.fingerprint(handle.digest)
    plan = make_plan(options, fingerprint)
    reading = make_reading(options, handle, PageListener())
    if options.export is not None:
        reading = replace(reading, exporting=Exporting(options.export))
    pipeline = _pipeline(beam_options)
    _ = (
        pipeline
        | "Inputs" >> beam.Create(options.inputs)
        | "OpenSources" >> ingest.OpenSources(fingerprint, options.read.render)
        | "ReadDocuments" >> ReadDocuments(plan, reading)
    )
    return pipeline, plan


def _pipeline(options: PipelineOptions) -> beam.Pipeline:
    try:
        return beam.Pipeline(options=options)
    except ValueError as error:  # says of several options what is wrong with each
        raise ConfigError(str(error)) from error
