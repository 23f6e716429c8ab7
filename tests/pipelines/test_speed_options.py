import argparse

import pytest

from ocr_core.profiles import PRECISIONS, PROFILES
from pipelines.speed_options import add_speed_arguments


def parse(*flags):
    parser = argparse.ArgumentParser()
    add_speed_arguments(parser)
    return vars(parser.parse_args(flags))


def test_the_default_is_what_is_measured():
    assert parse() == {
        "quality": "standard",
        "precision": "auto",
        "backend": "torch",
        "restore": False,
    }


def test_lines_are_restored_only_if_asked_for():
    assert parse("--restore")["restore"] is True


@pytest.mark.parametrize(
    ("flag", "choices"),
    [("quality", PROFILES), ("precision", PRECISIONS), ("backend", ("torch", "onnx"))],
)
def test_every_choice_can_be_made_and_no_other(flag, choices):
    for choice in choices:
        assert parse(f"--{flag}", choice)[flag] == choice
    with pytest.raises(SystemExit):
        parse(f"--{flag}", "other")
