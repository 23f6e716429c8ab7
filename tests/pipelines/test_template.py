"""The launcher of Dataflow's Flex Template, and what its console is told of its parameters."""

import argparse
import json
import re
import sys
from pathlib import Path

import pytest

from ocr_core.errors import ConfigError
from pipelines import inference, options, runners, template
from tests import stand_in_dataflow

METADATA = Path(__file__).parents[2] / "deploy" / "dataflow" / "metadata.json"
NEEDED = ("--inputs=gs://some-bucket/in/**", "--output=gs://some-bucket/out")


@pytest.fixture(scope="module")
def parameters():
    """What the console is told: name -> the rest."""
    described = json.loads(METADATA.read_text(encoding="utf-8"))["parameters"]
    return {parameter["name"]: parameter for parameter in described}


def flags_of_a_run():
    """The long names of all flags and arguments, as parameters have them."""
    parser = argparse.ArgumentParser()
    options.add_run_arguments(parser)
    for action in parser._actions:
        names = [name for name in action.option_strings if name.startswith("--")]
        yield (names or [action.dest])[0].removeprefix("--").replace("-", "_")


def test_the_file_says_what_the_parser_says():
    told = json.loads(METADATA.read_text(encoding="utf-8"))
    renew = "python -m pipelines.template --metadata > deploy/dataflow/metadata.json"
    assert told == template.metadata(), f"renew it: {renew}"


def test_every_flag_is_a_parameter_or_left_out_on_purpose(parameters):
    flags = set(flags_of_a_run())
    assert flags == flags & (parameters.keys() | template.NO_PARAMETERS)
    assert not parameters.keys() & template.NO_PARAMETERS


def test_every_parameter_is_a_flag_or_an_option_of_beam(parameters):
    flags = set(flags_of_a_run())
    for name in parameters.keys() - flags:
        assert runners.takes(f"--{name}=1"), name


def test_every_parameter_says_what_the_service_asks_for(parameters):
    for parameter in parameters.values():
        assert parameter["label"]
        assert parameter["helpText"]
        assert "%" not in parameter["helpText"]
        for pattern in parameter.get("regexes", []):
            assert pattern == f"^{pattern.strip('^$')}$"
            re.compile(pattern)
    needed = [name for name, parameter in parameters.items() if not parameter["isOptional"]]
    assert needed == ["inputs", "output", "sdk_container_image"]


def test_dataflow_knows_all_that_is_said_of_a_parameter(parameters):
    dataflow_api = pytest.importorskip("google.cloud.dataflow", reason="needs beam-ocr[gcp]")
    message = dataflow_api.TemplateMetadata.from_json(METADATA.read_text(encoding="utf-8"))
    assert {parameter.name for parameter in message.parameters} == parameters.keys()


@pytest.mark.parametrize(
    ("name", "fits", "fits_not"),
    [
        ("inputs", ["gs://a/b c.pdf,s3://d/**", "@gs://a/list.txt"], ["/data", "gs://a,b", ""]),
        ("output", ["gs://a/b"], ["gs://a/*", "out"]),
        ("dpi", ["300"], ["3e2", "300 "]),
        ("page_timeout", ["10", "2.5"], ["ten"]),
        ("text_layer", ["use", "ignore"], ["user", ""]),
        ("no_correct", ["true", "false"], ["1"]),
    ],
)
def test_values_are_held_to_patterns(parameters, name, fits, fits_not):
    [pattern] = parameters[name]["regexes"]
    assert all(re.search(pattern, value) for value in fits)
    assert not [value for value in fits_not if re.search(pattern, value)]


def test_parameters_are_the_flags_of_a_run():
    given = template.read_parameters(
        [
            "--inputs=gs://a/in, @gs://a/list.txt",
            "--output=gs://a/out",
            "--text_layer=ignore",
            "--pages=",
            "--no_correct=true",
            "--no_language_model=false",
            "--job_name=a-job",
            "--labels={}",
        ]
    )
    assert given.inputs == ("gs://a/in", "@gs://a/list.txt")
    assert given.read.text_layer == "ignore"
    assert (given.read.correct, given.read.language_model) == (False, True)
    assert given.beam == ("--runner=DataflowRunner", "--job_name=a-job", "--labels={}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--output=gs://a/out"], "inputs is missing"),
        (["--inputs=gs://a/in"], "--output"),
        ([*NEEDED, "--no_correct=yes"], "no_correct must be true or false"),
        ([*NEEDED, "--dpi=many"], "--dpi"),
    ],
)
def test_what_is_missing_or_wrong_is_said(arguments, words):
    with pytest.raises(ConfigError, match=words):
        template.read_parameters(arguments)


def test_metadata_is_printed_on_request(capsys):
    assert template.main(["--metadata"]) == 0
    assert json.loads(capsys.readouterr().out) == template.metadata()


def test_wrong_parameters_end_it_with_2(caplog):
    assert template.main([*NEEDED, "--pages=seven"]) == 2
    assert "seven" in caplog.text


def test_the_launcher_starts_a_run_and_does_not_wait(monkeypatch, tmp_path, handle):
    pytest.importorskip("google.cloud.dataflow", reason="needs beam-ocr[gcp]")
    monkeypatch.setattr(inference, "handle_for", lambda _: handle)
    with stand_in_dataflow.serve() as cloud:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", cloud.url)
        beam = [
            "--project=some-project",
            "--region=europe-west4",
            "--temp_location=gs://some-bucket/temp",
            "--sdk_container_image=europe-docker.pkg.dev/some-project/ocr/beam-ocr:0.1.0",
            f"--dataflow_endpoint={cloud.url}",
            "--no_auth",
        ]
        monkeypatch.setattr(sys, "argv", ["main.py", *NEEDED, "--dpi=300", *beam])
        assert template.main() == 0
        [job] = cloud.jobs.values()
    assert job["currentState"] == "JOB_STATE_PENDING"
    assert not [asked for asked in cloud.asked if asked.startswith("GET /v1b3")]
