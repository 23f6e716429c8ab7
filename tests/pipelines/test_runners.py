"""Runners and Beam's options."""

import pytest
from apache_beam.options.pipeline_options import DirectOptions, SetupOptions, StandardOptions

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
        (["--runner=DirectRunner"], False),  # as whoever names it wants it
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


def test_job_servers_may_know_more():
    runners.check_flags(["--runner=FlinkRunner", "--max_bundle_size=10"])


def test_flags_of_beam_are_told_from_those_of_nobody():
    assert runners.takes("--runner=FlinkRunner")
    assert runners.takes("--streaming")
    assert not runners.takes("--no_such=1")
    with pytest.raises(ConfigError, match="write --runner=VALUE"):
        runners.takes("--runner")
