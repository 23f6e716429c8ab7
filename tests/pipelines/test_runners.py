"""Runners and Beam's options."""

import shutil

import pytest
from apache_beam.options.pipeline_options import (
    DirectOptions,
    PortableOptions,
    SetupOptions,
    StandardOptions,
)

from ocr_core.errors import ConfigError
from pipelines import runners


def test_a_local_run_names_its_runner_and_has_a_thread_for_each_worker():
    options = runners.local_options([], workers=3)
    assert options.view_as(StandardOptions).runner == "FnApiRunner"
    assert options.view_as(DirectOptions).direct_num_workers == 3
    assert not options.view_as(SetupOptions).save_main_session


@pytest.mark.parametrize(
    ("beam", "expected"),
    [
        ([], True),
        (["--runner=FnApiRunner"], True),
        (["--direct_num_workers=2"], True),
        (["--runner=FlinkRunner"], False),
        (["--runner=DirectRunner"], True),  # of Beam's, the one that fetches nothing
    ],
)
def test_other_runners_are_not_local(beam, expected):
    assert runners.is_local(beam) is expected


def test_an_option_that_beam_does_not_know_is_a_mistake():
    runners.check_flags(["--direct_num_workers=2"])
    with pytest.raises(ConfigError, match=r"--direct_num_worker=2; did you mean --direct_num_w"):
        runners.check_flags(["--direct_num_worker=2"])


def test_a_value_that_beam_cannot_read_is_a_mistake(capsys):
    with pytest.raises(ConfigError, match="cannot be read"):
        runners.check_flags(["--direct_num_workers=many"])
    assert "invalid int value" in capsys.readouterr().err


@pytest.mark.parametrize("runner", ["DirectRunner", "direct", "FnApiRunner"])
def test_a_local_run_fetches_no_other_runner(runner):
    options = runners.local_options([f"--runner={runner}"], workers=3)
    assert options.view_as(StandardOptions).runner == "FnApiRunner"


@pytest.mark.parametrize(
    "flags", [["--max_bundle_size=10"], ["--max_bundle_size", "10"], ["--object_reuse"]]
)
def test_flinks_job_server_knows_more(flags, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: name)
    runners.check_flags(["--runner=FlinkRunner", *flags, "--parallelism=2"])
    with pytest.raises(ConfigError, match="unknown option for Beam"):
        runners.check_flags(["--runner=PrismRunner", *flags])


@pytest.mark.parametrize(
    ("flags", "complaint"),
    [
        (["--max_bundle_sise=10"], "--max_bundle_sise=10; did you mean --max_bundle_size"),
        (["--flink_mastr=x"], "--flink_mastr=x; did you mean --flink_master"),
        (["--max_bundle_size", "10", "20"], "unknown option for Beam: 20"),
        (["--object_reuse", "true"], "unknown option for Beam: true"),
        (["--object_reuse=true"], "--object_reuse takes no value"),
    ],
)
def test_a_mistake_in_flinks_options_is_one_too(flags, complaint):
    with pytest.raises(ConfigError, match=complaint):
        runners.check_flags(["--runner=FlinkRunner", *flags])


def test_flags_of_beam_are_told_from_those_of_nobody():
    assert runners.takes("--runner=FlinkRunner")
    assert runners.takes("--streaming")
    assert runners.takes("--max_bundle_size=10")
    assert runners.takes("--object_reuse")
    assert not runners.takes("--no_such=1")
    for name in ("--runner", "--max_bundle_size"):
        with pytest.raises(ConfigError, match=f"write {name}=VALUE"):
            runners.takes(name)


@pytest.mark.parametrize("runner", ["PrismRunner", "FlinkRunner", "PortableRunner"])
def test_a_run_may_last_longer_than_a_job_server_may_take_to_answer(runner):
    flags = [f"--runner={runner}", "--job_endpoint=localhost:1"]
    portable = runners.distributed_options(flags).view_as(PortableOptions)
    assert portable.job_server_timeout >= 24 * 3600
    own = runners.distributed_options([*flags, "--job_server_timeout=7"]).view_as(PortableOptions)
    assert own.job_server_timeout == 7
