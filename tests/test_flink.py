"""Runs on a real Flink: one that is embedded in Beam's job server, and a cluster of its own."""

import shutil
import subprocess
import sys

import grpc
import pytest
from apache_beam.portability.api import beam_job_api_pb2, beam_job_api_pb2_grpc

from ocr_core import weights
from pipelines import flink_options, runners
from tests import documents, engines
from tests.engines import SAMPLES

FAST = ["--quality", "fast"]
MAIN = [sys.executable, "-W", "ignore", "-m", "pipelines.cli"]
STAND_INS = ["--dpi", str(documents.DPI), "--batch-pages", "1"]


@pytest.fixture(scope="module")
def jar():
    return engines.need("flink-job-server.jar", "java")


@pytest.fixture(scope="module")
def flink(jar):
    """The flags of a run on a session cluster, and the folder of its processes."""
    folder = engines.need("flink/lib/complete", "java", "curl").parents[1]
    with engines.cluster(folder) as (master, workers, processes):
        flags = [
            "--runner=FlinkRunner",
            f"--flink_master={master}",
            "--flink_submit_uber_jar",
            f"--flink_job_server_jar={jar}",
            f"--environment_config={workers}",
            "--parallelism=2",
        ]
        yield flags, processes


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """What is read of the samples in one process."""
    if not all(path.exists() for path in weights.find()):
        pytest.skip("no weights have been trained yet")
    output = tmp_path_factory.mktemp("local")
    engines.read(output, str(SAMPLES), *FAST)
    return output


def test_an_embedded_flink_reads_what_a_local_run_reads(jar, local, tmp_path):
    flags = ["--runner=FlinkRunner", f"--flink_job_server_jar={jar}", "--parallelism=2"]
    told = subprocess.run(
        [*MAIN, "run", str(SAMPLES), "--output", str(tmp_path), "--quiet", *FAST, *flags],
        env=engines.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=engines.TIMEOUT_S,
    )
    # Nor of the connections that break when the job server is stopped at the end.
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    engines.check_same(tmp_path, local)


def test_workers_may_be_processes_of_their_own(jar, local, tmp_path):
    flags = ["--runner=FlinkRunner", f"--flink_job_server_jar={jar}", "--parallelism=2"]
    with engines.worker_pool() as workers:
        where = ["--environment_type=EXTERNAL", f"--environment_config={workers}"]
        engines.read(tmp_path, str(SAMPLES), *FAST, *flags, *where)
    engines.check_same(tmp_path, local)


def test_a_cluster_reads_what_a_local_run_reads(flink, local, tmp_path):
    flags, _ = flink
    engines.read(tmp_path, str(SAMPLES), *FAST, *flags)
    engines.check_same(tmp_path, local)


@pytest.fixture
def inbox(tmp_path):
    """Many small documents, with a copy and what cannot be read among them."""
    folder = tmp_path / "inbox"
    for number in range(40):
        words = " ".join("abcde"[number // 5**place % 5] * 2 for place in range(3))
        documents.write_pdf(folder / f"{number}.pdf", [words, "poison" if number == 7 else "a b"])
    shutil.copy(folder / "3.pdf", folder / "copy.pdf")
    (folder / "notes.pdf").write_text("This is no PDF.")
    return folder


def test_a_run_outlives_the_worker_that_reads(flink, inbox, tmp_path):
    flags, processes = flink
    mark, output, calm = tmp_path / "mark", tmp_path / "out", tmp_path / "calm"
    engines.read(calm, str(inbox), *STAND_INS, module="tests.stand_in_run")
    dying = {"module": "tests.dying_run", "before": str(mark)}
    engines.read(output, str(inbox), *STAND_INS, *flags, **dying)
    assert mark.exists()
    assert "switched from RUNNING to FAILED" in (processes / "job-manager.log").read_text()
    engines.check_same(output, calm)


def test_the_job_server_knows_the_options_that_are_taken_for_its_own(jar, tmp_path):
    port = engines.free_port()
    ports = ["--job-port", str(port), "--artifact-port", "0", "--expansion-port", "0"]
    log = (tmp_path / "log").open("w")
    server = subprocess.Popen(["java", "-jar", str(jar), *ports], stdout=log, stderr=log)
    try:
        with grpc.insecure_channel(f"localhost:{port}") as channel:
            grpc.channel_ready_future(channel).result(timeout=engines.TIMEOUT_S)
            service = beam_job_api_pb2_grpc.JobServiceStub(channel)
            asked = beam_job_api_pb2.DescribePipelineOptionsRequest()
            options = service.DescribePipelineOptions(asked).options
    finally:
        server.kill()
        server.wait()
        log.close()
    groups = ("FlinkPipelineOptions", "PortablePipelineOptions")
    theirs = {one.name: one.type for one in options if one.group.endswith(groups)}
    beams = {name.removeprefix("--") for name in runners._names()}
    assert theirs.keys() - beams == flink_options.NAMES
    boolean = beam_job_api_pb2.PipelineOptionType.BOOLEAN
    assert {name for name in flink_options.NAMES if theirs[name] == boolean} == (
        flink_options.SWITCHES
    )
