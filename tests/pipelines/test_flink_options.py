"""Options that only the job server of Flink knows; tests/test_flink.py asks one."""

from pipelines import flink_options, runners


def test_options_have_a_value_or_none():
    assert not flink_options.VALUES & flink_options.SWITCHES
    assert {"max_bundle_size", "execution_retry_delay"} <= flink_options.VALUES
    assert "object_reuse" in flink_options.SWITCHES


def test_none_is_among_those_that_beam_knows_here():
    assert not flink_options.NAMES & {name.removeprefix("--") for name in runners._names()}
