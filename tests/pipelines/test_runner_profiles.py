"""Defaults of runners, and what they cannot start without."""

import importlib.util
import os
import shutil

import pytest
from apache_beam.options.pipeline_options import StandardOptions

from ocr_core.errors import ConfigError
from pipelines import runner_profiles, runners


def options(*beam):
    """What Beam is told: name -> value, job servers' options among them."""
    distributed = runners.distributed_options(beam)
    return distributed.get_all_options(retain_unknown_options=True)


@pytest.mark.parametrize("name", ["FlinkRunner", "flinkrunner", "flink", "FLINK"])
def test_runners_have_the_names_that_beam_takes(name):
    assert runner_profiles.find(name) is runner_profiles.PROFILES["FlinkRunner"]


def test_every_profile_is_of_a_runner_of_beam():
    assert runner_profiles.PROFILES.keys() <= set(StandardOptions.KNOWN_RUNNER_NAMES)


def test_an_unknown_runner_is_a_mistake():
    with pytest.raises(ConfigError, match="no such runner: FlinkRuner; did you mean FlinkRunner"):
        runners.check_flags(["--runner=FlinkRuner"])
    with pytest.raises(ConfigError, match=r"no such runner: SparkRunner.*PortableRunner"):
        runners.check_flags(["--runner=SparkRunner"])


def test_an_embedded_flink_has_its_workers_here():
    told = options("--runner=FlinkRunner")
    assert told["environment_type"] == "LOOPBACK"
    assert told["environment_config"] is None
    assert told["parallelism"] == os.cpu_count()
    assert told["environment_cache_millis"] == "60000"
    assert not told["save_main_session"]


def test_a_flink_cluster_has_them_beside_its_task_managers():
    told = options("--runner=FlinkRunner", "--flink_master=flink:8081")
    assert told["environment_type"] == "EXTERNAL"
    assert told["environment_config"] == "localhost:50000"
    assert told["parallelism"] == -1  # the cluster's own


def test_prism_has_them_here():
    assert options("--runner=PrismRunner")["environment_type"] == "LOOPBACK"


def test_dataflow_has_one_engine_a_machine():
    told = options("--runner=DataflowRunner")
    assert told["experiments"] == ["no_use_multiple_sdk_containers"]
    assert told["sdk_location"] == "container"
    assert told["number_of_worker_harness_threads"] == 4


def test_what_the_user_says_counts():
    flink = ["--runner=FlinkRunner", "--parallelism=7", "--environment_cache_millis", "0"]
    told = options(*flink, "--environment_type=EXTERNAL", "--environment_config=here:1")
    assert (told["parallelism"], told["environment_cache_millis"]) == (7, "0")
    assert (told["environment_type"], told["environment_config"]) == ("EXTERNAL", "here:1")
    cluster = ["--runner=FlinkRunner", "--flink_master=flink:8081"]
    told = options(*cluster, "--environment_type=DOCKER")
    assert (told["environment_type"], told["environment_config"]) == ("DOCKER", None)
    told = options(*cluster, "--environment_type=EXTERNAL")
    assert told["environment_config"] == "localhost:50000"
    told = options(*cluster, "--environment_options=external_service_address=here:1")
    assert told["environment_config"] is None
    dataflow = ["--runner=DataflowRunner", "--number_of_worker_harness_threads=2"]
    told = options(*dataflow, "--experiments=use_multiple_sdk_containers", "--experiments=x")
    assert told["experiments"] == ["use_multiple_sdk_containers", "x"]
    assert told["number_of_worker_harness_threads"] == 2


@pytest.mark.parametrize(
    ("beam", "complaint"),
    [
        (["PortableRunner"], "needs --job_endpoint"),
        (["FlinkRunner", "--environment_type=LOOPBAK"], "no such --environment_type: LOOPBAK"),
        (["FlinkRunner", "--environment_type=PROCESS"], "needs --environment_config"),
        (["FlinkRunner", "--flink_job_server_jar=no.jar"], "no such job server: no.jar"),
        (["FlinkRunner", "--job_server_java_launcher=no-java"], "needs Java"),
        (["PrismRunner", "--prism_location=/no/prism"], "no such file: /no/prism"),
    ],
)
def test_what_is_missing_is_said_before_anything_starts(beam, complaint):
    with pytest.raises(ConfigError, match=complaint):
        runners.check_flags([f"--runner={beam[0]}", *beam[1:]])


def test_a_cluster_that_is_sent_a_jar_needs_no_java_here(tmp_path, monkeypatch):
    jar = tmp_path / "server.jar"
    jar.touch()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    cluster = ["--runner=FlinkRunner", "--flink_master=flink:8081", f"--flink_job_server_jar={jar}"]
    runners.check_flags([*cluster, "--flink_submit_uber_jar"])
    runners.check_flags(["--runner=FlinkRunner", "--job_endpoint=flink:8099"])
    with pytest.raises(ConfigError, match="--flink_submit_uber_jar"):
        runners.check_flags(cluster)


DATAFLOW = {
    "runner": "DataflowRunner",
    "project": "a-project",
    "region": "europe-west1",
    "temp_location": "gs://a-bucket/temp",
    "sdk_container_image": "europe-docker.pkg.dev/a/b/c:1",
}


@pytest.mark.parametrize("missing", [None, *list(DATAFLOW)[1:]])
def test_dataflow_needs_to_know_where_and_what(missing, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    flags = [f"--{name}={value}" for name, value in DATAFLOW.items() if name != missing]
    if missing is None:
        runners.check_flags(flags)
        with pytest.raises(ConfigError, match="must be in gs://"):
            runners.check_flags([*flags, "--temp_location=/tmp"])
    else:
        with pytest.raises(ConfigError, match=f"DataflowRunner needs --{missing}$"):
            runners.check_flags(flags)


def test_dataflow_needs_its_package(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"beam-ocr\[gcp\]"):
        runners.check_flags(["--runner=DataflowRunner"])
