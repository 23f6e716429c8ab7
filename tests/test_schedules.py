"""What starts an ingest again and again, as far as it can be tried on one machine."""

import argparse
import ast
import itertools
import re
import runpy
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import kubernetes_validate
import pytest
import yaml

from pipelines import compact, gc, inbox, inbox_options

DEPLOY = Path(__file__).parents[1] / "deploy"
SERVICE = DEPLOY / "systemd" / "beam-ocr.service"
TIMER = DEPLOY / "systemd" / "beam-ocr.timer"
CRONTAB = DEPLOY / "cron" / "beam-ocr.crontab"
CRONJOB = DEPLOY / "k8s" / "cronjob.yaml"
DAG = DEPLOY / "airflow" / "beam_ocr_dag.py"

# What the exit codes of `beam-ocr ingest` are to a scheduler: 3 says that some documents failed.
FINE, FAILURES = (0, 3), (1, 2)
IN_USE = 4


def check_command(words):
    """Makes sure that the command line understands what a schedule says, and that it goes on."""
    command, *arguments = words
    parser = argparse.ArgumentParser(exit_on_error=False, allow_abbrev=False)
    {"ingest": inbox, "compact": compact, "gc": gc}[command].add_arguments(parser)
    args = parser.parse_args(arguments)
    if command == "ingest":
        options = inbox_options.ingest_options_from(args)
        assert options.run.report == "json"
        assert options.run.metrics_file
    return args


def unit(path):
    """The settings of a unit: name -> values, with lines that go on put together."""
    settings = {}
    for line in path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        if line and line[0] not in "#[":
            name, _, value = line.partition("=")
            settings.setdefault(name, []).append(value)
    return settings


def test_the_service_runs_what_the_command_line_understands():
    [line] = unit(SERVICE)["ExecStart"]
    program, *words = shlex.split(line)
    args = check_command(words)
    assert program.endswith("/bin/beam-ocr")
    writable = [*unit(SERVICE)["ReadWritePaths"], "/var/lib/" + unit(SERVICE)["StateDirectory"][0]]
    for path in (args.output, args.metrics_file, args.prometheus_file):
        assert path.startswith(tuple(writable))
    assert unit(SERVICE)["ReadOnlyPaths"] == args.inputs


def test_exit_codes_that_say_nothing_bad_do_not_fail_the_service():
    assert unit(SERVICE)["SuccessExitStatus"] == [f"3 {IN_USE}"]


def test_systemd_understands_the_units(tmp_path):
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        pytest.skip("there is no systemd here")
    text = SERVICE.read_text(encoding="utf-8").replace("/opt/beam-ocr/bin/beam-ocr", sys.executable)
    (tmp_path / SERVICE.name).write_text(text, encoding="utf-8")
    shutil.copy(TIMER, tmp_path)
    units = [str(tmp_path / path.name) for path in (SERVICE, TIMER)]
    told = subprocess.run(
        [systemd, "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    complaints = [line for line in told.stderr.splitlines() if str(tmp_path) in line]
    assert (told.returncode, complaints) == (0, [])
    [calendar] = unit(TIMER)["OnCalendar"]
    subprocess.run([systemd, "calendar", calendar], check=True, capture_output=True)


def test_the_service_can_do_little_else():
    settings = unit(SERVICE)
    for name in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictSUIDSGID"):
        assert settings[name] == ["yes"]
    assert settings["ProtectSystem"] == ["strict"]
    assert settings["CapabilityBoundingSet"] == [""]
    assert settings["User"] == ["beam-ocr"]
    assert re.fullmatch(r"\d+G", settings["MemoryMax"][0])
    assert "MemoryDenyWriteExecute" not in settings


def crontab_lines():
    for line in CRONTAB.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#") and not re.match(r"[A-Z]+=", line):
            *times, command = line.split(maxsplit=5)
            yield times, command


def is_time(field, least, most):
    """Whether a field of a crontab (5) makes sense."""
    numbers = [int(number) for number in re.findall(r"\d+", field.partition("/")[0])]
    return bool(re.fullmatch(r"(\*|\d+(-\d+)?)(/[1-9]\d*)?(,\d+)*", field)) and all(
        least <= number <= most for number in numbers
    )


def test_the_crontab_has_times_and_commands():
    commands = []
    for times, command in crontab_lines():
        ranges = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]
        assert len(times) == 5
        assert all(is_time(field, *limits) for field, limits in zip(times, ranges, strict=True))
        assert "%" not in command  # which cron takes for a new line
        first, pipe, logger = command.partition(" 2>&1 | ")
        assert (pipe, logger) != ("", "")
        words = shlex.split(first)
        at = next(index for index, word in enumerate(words) if word.endswith("/beam-ocr"))
        check_command(words[at + 1 :])
        commands.append(words[at + 1])
    assert commands == ["ingest", "compact", "gc"]


@pytest.fixture(scope="module")
def cronjob():
    return yaml.safe_load(CRONJOB.read_text(encoding="utf-8"))


def pod_of(cronjob):
    return cronjob["spec"]["jobTemplate"]["spec"]["template"]["spec"]


@pytest.mark.parametrize("version", ["1.28", kubernetes_validate.latest_version()])
def test_kubernetes_understands_the_cron_job(cronjob, version):
    kubernetes_validate.validate(cronjob, version, strict=True)
    broken = cronjob | {"spec": cronjob["spec"] | {"concurrencyPolicies": "Forbid"}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, version, strict=True)


def test_pods_are_confined_and_never_two_at_once(cronjob):
    pod = pod_of(cronjob)
    [container] = pod["containers"]
    assert cronjob["spec"]["concurrencyPolicy"] == "Forbid"
    assert pod["restartPolicy"] == "Never"
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"]["limits"]["memory"]
    mounts = {mount["mountPath"]: mount for mount in container["volumeMounts"]}
    assert {mount["name"] for mount in mounts.values()} == {
        volume["name"] for volume in pod["volumes"]
    }
    args = check_command(container["args"])
    assert mounts[args.inputs[0]]["readOnly"]
    assert args.output in mounts
    assert args.metrics_file.startswith(args.output)


@pytest.fixture
def beam_ocr(tmp_path):
    """`beam_ocr(code)`: the folder of a `beam-ocr` that ends so, or with 7 when it is told to."""

    def make(code, seconds=0):
        program = tmp_path / "beam-ocr"
        program.write_text(
            f"#!{sys.executable}\n"
            "import os, signal, sys, time\n"
            "signal.signal(signal.SIGTERM, lambda *_: os._exit(7))\n"
            "print(*sys.argv[1:], flush=True)\n"
            f"time.sleep({seconds})\n"
            f"os._exit({code})\n"
        )
        program.chmod(0o755)
        return tmp_path

    return make


def start(cronjob, folder):
    """Starts what a pod would, with a stand-in for the program."""
    [container] = pod_of(cronjob)["containers"]
    return subprocess.Popen(
        [*container["command"], *container["args"]],
        env={"PATH": f"{folder}:/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("code", [*FINE, *FAILURES, IN_USE])
def test_a_pod_ends_well_unless_the_ingest_broke_off(cronjob, beam_ocr, code):
    told, _ = (process := start(cronjob, beam_ocr(code))).communicate()
    [container] = pod_of(cronjob)["containers"]
    assert shlex.split(told) == container["args"]
    assert process.returncode == (code if code in FAILURES else 0)


def test_a_pod_that_is_stopped_lets_the_ingest_leave(cronjob, beam_ocr):
    process = start(cronjob, beam_ocr(0, seconds=600))
    assert process.stdout.readline().startswith("ingest ")
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 7
    process.stdout.close()


# Of Airflow 3; names that it does not have would be an error there.
DAG_ARGUMENTS = {"catchup", "dag_id", "default_args", "description", "max_active_runs", "schedule"}
DAG_ARGUMENTS |= {"start_date", "tags"}
TASK_ARGUMENTS = {"bash_command", "do_xcom_push", "skip_on_exit_code", "task_id"}


@pytest.fixture
def dag(monkeypatch):
    """The DAG, and its task, as they were asked for of a stand-in for Airflow."""
    asked = SimpleNamespace(dag={}, task={})

    class StandInDag:
        def __init__(self, **arguments):
            asked.dag = arguments

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

    modules = {"airflow.sdk": {"DAG": StandInDag}, "airflow.providers.standard.operators.bash": {}}
    modules["airflow.providers.standard.operators.bash"]["BashOperator"] = lambda **arguments: (
        asked.task.update(arguments)
    )
    for name, members in modules.items():
        for parent in itertools.accumulate(name.split("."), "{}.{}".format):
            monkeypatch.setitem(sys.modules, parent, ModuleType(parent))
        vars(sys.modules[name]).update(members)
    runpy.run_path(str(DAG))
    return asked


def test_the_dag_runs_one_ingest_at_a_time(dag):
    assert dag.dag.keys() <= DAG_ARGUMENTS
    assert dag.task.keys() <= TASK_ARGUMENTS
    assert (dag.dag["max_active_runs"], dag.dag["catchup"]) == (1, False)
    assert dag.dag["start_date"].tzinfo is not None
    words = shlex.split(dag.task["bash_command"].partition("||")[0])
    check_command(words[1:])


@pytest.mark.parametrize("code", [*FINE, *FAILURES, IN_USE])
def test_the_task_ends_well_unless_the_ingest_broke_off(dag, beam_ocr, code):
    script = dag.task["bash_command"].replace("/opt/beam-ocr/bin", str(beam_ocr(code)))
    ended = subprocess.run(["bash", "-c", script], check=False, capture_output=True).returncode
    assert ended == (0 if code in FINE else code)
    assert dag.task["skip_on_exit_code"] == IN_USE


def test_the_dag_needs_airflow_alone():
    tree = ast.parse(DAG.read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} == {"airflow", "datetime"}
