"""What Dataflow is told, with a pipeline of two stages."""

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from ocr_core.errors import ConfigError
from pipelines import dataflow

GPU = "type:nvidia-l4;count:1"
WHERE = ("--project=some-project", "--region=europe-west4", "--temp_location=gs://some-bucket/temp")


@beam.ptransform_fn
def read(names):
    """A stage within another, which asks for a GPU."""
    return names | "Look" >> beam.Map(len).with_resource_hints(accelerator=GPU)


def pipeline_of(*flags):
    pipeline = beam.Pipeline(options=PipelineOptions([*flags, "--no_save_main_session"]))
    names = pipeline | "Start" >> beam.Create(["a", "bc"])
    _ = names | "Read" >> read() | "Write" >> beam.Map(str)
    return pipeline


@pytest.mark.parametrize(
    ("runner", "expected"),
    [
        ("--runner=DataflowRunner", True),
        ("--runner=dataflow", True),
        ("--runner=FlinkRunner", False),
        ("--no_auth", False),
    ],
)
def test_the_runner_is_known_by_its_name(runner, expected):
    assert dataflow.is_meant(PipelineOptions([runner])) is expected


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ([], "temp_location"),
        (["--temp_location=gs://some-bucket"], "Did you mean"),
        (["--temp_location=/tmp/here"], "Invalid GCS path"),
        ([WHERE[2], "--staging_location=gs://A/staging"], "Invalid GCS bucket"),
    ],
)
def test_folders_that_cannot_be_are_refused(flags, words):
    with pytest.raises(ConfigError, match=words):
        dataflow.check_folders(PipelineOptions(flags))


def test_folders_that_can_be_are_not():
    dataflow.check_folders(PipelineOptions([WHERE[2]]))
    dataflow.check_folders(PipelineOptions([WHERE[2], "--staging_location=gs://some-bucket/s"]))


def without_beams_own(stages):
    return [stage for stage in stages if not stage["name"].startswith("Start/")]


STAGES = [{"name": "Read/Look", "accelerator": GPU}, {"name": "Write"}]


def test_stages_are_listed_in_order_with_the_gpu_that_they_ask_for():
    proto = pipeline_of("--runner=FnApiRunner").to_runner_api()
    assert without_beams_own(dataflow.list_stages(proto)) == STAGES


def test_a_job_is_described_by_what_would_be_sent():
    pytest.importorskip("google.cloud.dataflow", reason="needs beam-ocr[gcp]")
    flags = ("--runner=DataflowRunner", *WHERE, "--machine_type=n2-standard-4", "--job_name=a-job")
    description = dataflow.describe_job(pipeline_of(*flags, *dataflow.DRY_RUN))
    job = description["job"]
    assert (job["name"], job["type"]) == ("a-job", "JOB_TYPE_BATCH")
    [pool] = job["environment"]["workerPools"]
    assert pool["machineType"] == "n2-standard-4"
    assert without_beams_own(description["stages"]) == STAGES
    assert description["staged"]["pipeline.pb"] > 1_000
    told = job["environment"]["sdkPipelineOptions"]["options"]
    assert told["pipelineUrl"].startswith("gs://some-bucket/temp/a-job")
    assert (told["dry_run"], told["no_auth"]) == (False, False)
