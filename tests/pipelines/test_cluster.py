"""Runs on other machines, of which Dataflow is stood in for by a server on this one."""

import json
import logging

import apache_beam as beam
import grpc
import pytest
import requests

from ocr_core.errors import ConfigError, OcrError
from pipelines import cluster, dataflow, ledger
from tests import engines, stand_in_dataflow

IMAGE = "europe-docker.pkg.dev/some-project/ocr/beam-ocr:0.1.0"
GPU = "type:nvidia-l4;count:1;install-nvidia-driver"
JOB = (
    "--runner=DataflowRunner",
    "--project=some-project",
    "--region=europe-west4",
    "--temp_location=gs://some-bucket/temp",
    f"--sdk_container_image={IMAGE}",
    "--machine_type=g2-standard-8",
    "--disk_size_gb=60",
    "--max_num_workers=20",
    f"--dataflow_service_options=worker_accelerator={GPU}",
    "--experiments=a_trial",
)


@pytest.fixture
def google(monkeypatch, tmp_path):
    """Google's client packages, with nobody's credentials, and without a look for any."""
    pytest.importorskip("google.cloud.dataflow", reason="needs beam-ocr[gcp]")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)


@pytest.fixture
def cloud(google, monkeypatch):
    with stand_in_dataflow.serve() as cloud:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", cloud.url)
        yield cloud


@pytest.fixture
def run_of(options):
    def make(*flags, **changes):
        return options(
            "gs://some-bucket/out", "gs://some-bucket/in/*.pdf", beam=(*JOB, *flags), **changes
        )

    return make


def check_job(job):
    """Makes sure that a job, as Dataflow's API takes it, is the one that was asked for."""
    environment = job["environment"]
    [pool] = environment["workerPools"]
    images = {image["containerImage"] for image in pool["sdkHarnessContainerImages"]}
    assert (pool["machineType"], pool["diskSizeGb"], images) == ("g2-standard-8", 60, {IMAGE})
    assert pool["autoscalingSettings"]["maxNumWorkers"] == 20
    assert environment["serviceOptions"] == [f"worker_accelerator={GPU}"]
    assert {"a_trial", "use_runner_v2"} <= set(environment["experiments"])
    options = environment["sdkPipelineOptions"]["options"]
    assert options["save_main_session"] is False
    assert [package["name"] for package in pool["packages"]] == [
        "submission_environment_dependencies.txt"  # a list for people: nothing is installed
    ]


STAGES = [
    "OpenSources/FindSources",
    "OpenSources/OpenSource",
    "ReadDocuments/ListRanges",
    "ReadDocuments/ReadPages/RenderPages",
    "ReadDocuments/ReadPages/DetectText",
    "ReadDocuments/ReadPages/RecogniseLines",
    "ReadDocuments/PageRows",
    "ReadDocuments/CommitRun/Commit",
]


def check_stages(stages, accelerator=None):
    names = [stage["name"] for stage in stages]
    assert [name for name in names if name in STAGES] == STAGES
    asks = {stage["name"]: stage.get("accelerator") for stage in stages}
    assert {asks[name] for name in names if "/ReadPages/" in name} == {accelerator}
    assert {asks[name] for name in names if "/ReadPages/" not in name} == {None}


def test_dataflow_is_given_the_job_and_waited_for(cloud, run_of, handle, monkeypatch):
    monkeypatch.setattr(cluster, "summarise", lambda *_: "read")  # nothing was executed
    cloud.objects["gs://some-bucket/in/a.pdf"] = b""
    endpoint = f"--dataflow_endpoint={cloud.url}"
    ocr = run_of(endpoint, "--no_auth", accelerator=GPU)
    assert cluster.run(ocr, handle) == "read"
    [job] = cloud.jobs.values()
    assert job["currentState"] == "JOB_STATE_DONE"
    assert (job["projectId"], job["location"]) == ("some-project", "europe-west4")
    check_job(job)
    check_stages(dataflow.list_stages(staged_pipeline(cloud, job)), accelerator=GPU)


def staged_pipeline(cloud, job):
    """The pipeline that workers would run, from where the job says that it is."""
    from apache_beam.portability.api import beam_runner_api_pb2

    url = job["environment"]["sdkPipelineOptions"]["options"]["pipelineUrl"]
    assert url.startswith("gs://some-bucket/temp/")
    return beam_runner_api_pb2.Pipeline.FromString(cloud.objects[url])


def test_a_run_that_is_submitted_is_left_alone(cloud, run_of, handle):
    plan = cluster.submit(run_of(f"--dataflow_endpoint={cloud.url}", "--no_auth"), handle)
    [job] = cloud.jobs.values()
    assert job["currentState"] == "JOB_STATE_PENDING"
    assert plan.output == "gs://some-bucket/out"
    assert not [asked for asked in cloud.asked if asked.startswith("GET /v1b3")]


@pytest.mark.parametrize("accelerator", ["", GPU])
def test_a_job_is_described_without_network(
    google, run_of, handle, accelerator, monkeypatch, caplog
):
    # Would be asked if anything were.
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://192.0.2.1")
    description = cluster.describe(run_of(accelerator=accelerator), handle)
    assert json.loads(json.dumps(description)) == description
    check_job(description["job"])
    check_stages(description["stages"], accelerator or None)
    assert description["staged"].keys() == {
        "pipeline.pb",
        "submission_environment_dependencies.txt",
    }
    assert description["staged"]["pipeline.pb"] > 10_000
    told = description["job"]["environment"]["sdkPipelineOptions"]["options"]
    assert (told["dry_run"], told["no_auth"]) == (False, False)
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        ("--temp_location=gs://some-bucket", "Did you mean"),
        ("--temp_location=gs://A/temp", "Invalid GCS bucket"),
        ("--project=1", "project"),
    ],
)
def test_what_dataflow_would_refuse_is_refused_at_once(run_of, handle, flag, words):
    with pytest.raises(ConfigError, match=words):
        cluster.describe(run_of(flag), handle)


def test_other_runners_have_no_job_to_describe(options, handle, tmp_path):
    with pytest.raises(ConfigError, match="DataflowRunner"):
        cluster.describe(options(tmp_path, tmp_path, beam=("--runner=FlinkRunner",)), handle)


def test_a_run_that_finds_its_own_sources_writes_the_same_rows(
    output, inbox, handle, options, tmp_path
):
    summary = cluster.run(options(tmp_path, inbox, beam=("--runner=FnApiRunner",)), handle)
    assert summary.counts.documents == {"duplicate": 1, "partly": 1, "read": 2}
    assert list(summary.run_ids) == ledger.list_committed(str(tmp_path))
    assert engines.tables(tmp_path) == engines.tables(output)


@pytest.mark.parametrize("name", ["missing", "missing/*.png"])
def test_inputs_that_name_nothing_never_reach_a_cluster(name, tmp_path, handle, options):
    beam_flags = ("--runner=PortableRunner", "--job_endpoint=localhost:1")
    with pytest.raises(ConfigError, match="missing"):
        cluster.run(options(tmp_path / "out", tmp_path / name, beam=beam_flags), handle)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            RuntimeError("Pipeline job-1 failed in state FAILED: no room\n\tat a.java"),
            "Pipeline job-1 .* no room",
        ),
        (grpc.RpcError(), "RpcError"),
        (requests.ConnectionError("refused by localhost:8081"), "refused by localhost:8081"),
    ],
)
def test_a_run_that_its_runner_gave_up_is_told_in_a_line(
    inbox, tmp_path, handle, options, monkeypatch, error, told
):
    def fail(pipeline, *_):
        raise error

    monkeypatch.setattr(beam.Pipeline, "run", fail)
    with pytest.raises(OcrError, match=rf"gave up run \S+: {told}$"):
        cluster.run(options(tmp_path / "out", inbox, beam=("--runner=PrismRunner",)), handle)


@pytest.mark.parametrize("scheme", ["", "http://"])
def test_a_flink_that_is_not_there_is_told_in_a_line(inbox, tmp_path, handle, options, scheme):
    master = f"localhost:{engines.free_port()}"
    flags = ("--runner=FlinkRunner", f"--flink_master={scheme}{master}", "--flink_submit_uber_jar")
    with pytest.raises(ConfigError, match=f"no Flink answers at {master}"):
        cluster.run(options(tmp_path / "out", inbox, beam=flags), handle)


def test_a_job_server_that_is_not_there_is_not_waited_for(inbox, tmp_path, handle, options):
    endpoint = f"localhost:{engines.free_port()}"
    beam_flags = ("--runner=PortableRunner", f"--job_endpoint={endpoint}")
    with pytest.raises(ConfigError, match=f"no job server answers at {endpoint}"):
        cluster.run(options(tmp_path / "out", inbox, beam=beam_flags), handle)


def test_what_a_bucket_does_not_hold_is_missed_before_anything_starts(cloud, run_of, handle):
    cloud.objects["gs://some-bucket/other/a.pdf"] = b""
    with pytest.raises(ConfigError, match=r"nothing is at gs://some-bucket/in"):
        cluster.run(run_of(f"--dataflow_endpoint={cloud.url}", "--no_auth"), handle)
    assert not cloud.jobs
