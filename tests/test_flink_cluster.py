"""What deploy/flink and deploy/prism.sh say, as far as it can be tried without an engine."""

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from ocr_core.errors import ConfigError
from pipelines import options, runner_profiles, runners
from tests import engines

DEPLOY = Path(__file__).parents[1] / "deploy"
FLINK = DEPLOY / "flink"
MAVEN = {"": "http://maven.apache.org/POM/4.0.0"}


def manifests(name):
    return list(yaml.safe_load_all((FLINK / name).read_text(encoding="utf-8")))


def pods(name):
    """Name of each pod's template, and the pod."""
    return {
        one["metadata"].get("name", "run"): one["spec"]["template"]["spec"]
        for one in manifests(name)
        if "template" in one.get("spec", {})
    }


@pytest.mark.parametrize("version", ["1.28", kubernetes_validate.latest_version()])
@pytest.mark.parametrize("name", ["cluster.yaml", "run.yaml"])
def test_kubernetes_understands_the_manifests(name, version):
    for manifest in manifests(name):
        if "generateName" in manifest["metadata"]:  # which the validator's schema does not have
            manifest["metadata"]["name"] = manifest["metadata"].pop("generateName") + "x"
        kubernetes_validate.validate(manifest, version, strict=True)
        with pytest.raises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(manifest | {"specs": {}}, version, strict=True)


def test_workers_stand_where_runs_look_for_them():
    pod = pods("cluster.yaml")["beam-ocr-flink-task-manager"]
    [workers] = [one for one in pod["containers"] if one["name"] == "workers"]
    port = runner_profiles.WORKER_POOL.rpartition(":")[2]
    assert workers["args"] == [f"--service_port={port}"]
    assert [one["containerPort"] for one in workers["ports"]] == [int(port)]
    from apache_beam.runners.worker import worker_pool_main

    assert workers["command"] == ["python", "-m", worker_pool_main.__name__]


def test_whoever_reads_and_writes_sees_the_same_files():
    [workers] = [
        one
        for one in pods("cluster.yaml")["beam-ocr-flink-task-manager"]["containers"]
        if one["name"] == "workers"
    ]
    [sender] = pods("run.yaml")["run"]["containers"]
    mounted = {one["name"]: one["mountPath"] for one in workers["volumeMounts"]}
    assert mounted.items() <= {(one["name"], one["mountPath"]) for one in sender["volumeMounts"]}
    assert workers["image"] == sender["image"]


@pytest.mark.parametrize("name", ["cluster.yaml", "run.yaml"])
def test_every_container_is_confined(name):
    for pod in pods(name).values():
        assert pod["securityContext"]["runAsNonRoot"]
        assert not pod["automountServiceAccountToken"]
        for container in pod["containers"]:
            assert not container["securityContext"]["allowPrivilegeEscalation"]
            assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]
            assert container["resources"]["limits"]["memory"]


def test_the_run_is_one_that_the_command_line_understands(tmp_path):
    [sender] = pods("run.yaml")["run"]["containers"]
    (tmp_path / "flink-job-server.jar").touch()
    arguments = [one.replace("/jars", str(tmp_path)) for one in sender["args"]]
    parser = argparse.ArgumentParser(exit_on_error=False, allow_abbrev=False)
    options.add_run_arguments(parser)
    args, beam = parser.parse_known_args(arguments[1:])
    options.run_options_from(args).check()
    assert all(runners.takes(flag) for flag in beam)
    runners.check_flags(beam)
    with pytest.raises(ConfigError, match="no such job server"):
        runners.check_flags([*beam, "--flink_job_server_jar=/no/such.jar"])
    [service] = [one for one in manifests("cluster.yaml") if one["kind"] == "Service"]
    ports = {one["name"]: one["port"] for one in service["spec"]["ports"]}
    assert f"--flink_master={service['metadata']['name']}:{ports['rest']}" in beam


def test_the_parallelism_is_that_of_the_slots():
    [sender] = pods("run.yaml")["run"]["containers"]
    [settings] = [one for one in manifests("cluster.yaml") if one["kind"] == "ConfigMap"]
    properties = yaml.safe_load(settings["data"]["properties"])
    [managers] = [
        one["spec"]["replicas"]
        for one in manifests("cluster.yaml")
        if one["metadata"]["name"] == "beam-ocr-flink-task-manager"
    ]
    slots = managers * properties["taskmanager.numberOfTaskSlots"]
    assert properties["parallelism.default"] == slots
    assert f"--parallelism={slots}" in sender["args"]


def test_flink_is_of_one_version_everywhere():
    requirement = (FLINK / "requirements.txt").read_text(encoding="utf-8")
    [version] = re.findall(
        r"^apache-flink-libraries==(\S+) --hash=sha256:[0-9a-f]{64}$", requirement, re.M
    )
    images = {
        container["image"]
        for pod in pods("cluster.yaml").values()
        for container in pod["containers"]
        if container["image"].startswith("flink:")
    }
    assert images == {f"flink:{version}-scala_2.12-java17"}
    minor = version.rpartition(".")[0]
    assert f"beam-runners-flink-{minor}" in artifacts()


def artifacts():
    """What the job server is made of: artifact -> version."""
    project = ET.parse(FLINK / "pom.xml").getroot()
    return {
        one.findtext("artifactId", "", MAVEN): one.findtext("version", "", MAVEN)
        for one in project.iterfind("dependencies/dependency", MAVEN)
    }


def test_every_jar_that_goes_in_has_a_digest():
    lines = (FLINK / "jars.sha256").read_text(encoding="ascii").splitlines()
    found = [re.fullmatch(r"([0-9a-f]{64})  ([\w.+-]+\.jar)", line) for line in lines]
    assert all(found)
    names = [match[2] for match in found]
    assert len(set(names)) == len(names) > 100
    assert {f"{name}-{version}.jar" for name, version in artifacts().items()} <= set(names)


def test_a_cluster_whose_port_is_somebody_elses_does_not_come_up(tmp_path):
    """With stand-ins of Java, which would run Flink, and of curl, which would ask it."""
    programs, folder = tmp_path / "bin", tmp_path / "flink"
    programs.mkdir()
    for name, text in {"java": "exec sleep 600", "curl": """echo '"slots-total":2'"""}.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)
    (folder / "lib").mkdir(parents=True)
    (folder / "lib" / "complete").touch()
    with zipfile.ZipFile(folder / "lib" / "flink-dist-1.jar", "w") as jar:
        jar.writestr("config.yaml", "env:\n")
    port = engines.free_port()
    ports = {"WORKER_PORT": str(port), "PYTHON": sys.executable}
    path = {"PATH": f"{programs}:{os.environ['PATH']}"}
    with socket.create_server(("localhost", port)):
        told = subprocess.run(
            [FLINK / "cluster.sh", "start", folder],
            env=engines.environment() | ports | path,
            capture_output=True,
            text=True,
            check=False,
            timeout=engines.TIMEOUT_S,
        )
    assert told.returncode == 1
    assert f"workers has ended: RuntimeError: Failed to bind to address [::]:{port}" in told.stderr
    assert "the pool of workers did not come up" in told.stderr
    assert not list(folder.glob("*.pid"))


def test_a_cluster_that_runs_is_not_started_twice(tmp_path):
    """With a process of ours in the place of one of the cluster's."""
    running = subprocess.Popen(["sleep", "60"], start_new_session=True)
    (tmp_path / "workers.pid").write_text(f"{running.pid}\n")
    again = cluster("start", tmp_path)
    assert again.returncode == 1
    assert "runs in" in again.stderr
    assert "stop it first" in again.stderr
    assert (tmp_path / "workers.pid").read_text() == f"{running.pid}\n"
    assert running.poll() is None
    # Whoever started it has to ask for its end, or it stays in the table of processes.
    asked = threading.Thread(target=running.wait)
    asked.start()
    assert cluster("stop", tmp_path).returncode == 0
    asked.join(timeout=5)
    assert running.returncode == -signal.SIGTERM
    assert not list(tmp_path.glob("*.pid"))


def cluster(what, folder):
    return subprocess.run(
        [FLINK / "cluster.sh", what, folder], capture_output=True, text=True, check=False
    )


SCRIPTS = ["flink/job_server.sh", "flink/cluster.sh", "prism.sh"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_say_how_they_are_used(script):
    told = subprocess.run([DEPLOY / script], capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert told.stderr.startswith(f"usage: deploy/{script} ")


def test_a_jar_that_has_changed_makes_no_job_server(tmp_path):
    """With a stand-in of Maven that resolves one jar, and would make the server."""
    maven = tmp_path / "bin" / "mvn"
    maven.parent.mkdir()
    jar = tmp_path / "some.jar"
    jar.write_text("not what it was")
    maven.write_text(
        "#!/bin/sh\n"
        'for last; do :; done\nfolder="$(echo "$*" | sed "s/.*-Dfolder=\\([^ ]*\\).*/\\1/")"\n'
        'mkdir -p "$folder"\n'
        f'[ "$last" = validate ] && echo {jar} >"$folder/classpath"\n'
        '[ "$last" = package ] && echo made >"$folder/flink-job-server.jar"\n'
        "exit 0\n"
    )
    maven.chmod(0o755)
    told = subprocess.run(
        [FLINK / "job_server.sh", tmp_path / "out"],
        env={"PATH": f"{maven.parent}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "nothing was made" in told.stderr
    assert "some.jar" in told.stderr
    assert not (tmp_path / "out" / "flink-job-server.jar").exists()
