from __future__ import annotations

import argparse

import pytest

from ocr_core.errors import ConfigError
from ocr_core.limits import DEFAULT_LIMITS, Limits
from pipelines import options, source_options


def parse(*arguments):
    parser = argparse.ArgumentParser()
    source_options.add_source_arguments(parser)
    return parser.parse_args(arguments)


def test_the_defaults_are_those_of_the_limits():
    assert source_options.limits_from(parse()) == DEFAULT_LIMITS
    assert source_options.passwords_from(parse()) == ()


def test_every_limit_can_be_set():
    args = parse(
        *("--max-pages", "5", "--max-megapixels", "2.5"),
        *("--max-bytes", "500M", "--page-timeout", "0.5"),
    )
    assert source_options.limits_from(args) == Limits(5, 2.5, 500 << 20, 0.5)


def test_a_limit_that_makes_no_sense_is_refused():
    with pytest.raises(ConfigError, match="max_pages"):
        source_options.limits_from(parse("--max-pages", "0"))


def test_passwords_come_from_the_command_line_and_from_a_file(tmp_path):
    (tmp_path / "words").write_text("\ufeffone\ntwo words\n\none\nünf\n", encoding="utf-8")
    args = parse("--password", "zero", "--password", "one", "--password-file", f"{tmp_path}/words")
    assert source_options.passwords_from(args) == ("zero", "one", "two words", "ünf")


@pytest.mark.parametrize("content", [None, b"sesame \xff\xfe"])
def test_a_file_of_passwords_that_cannot_be_read_is_not_shown(tmp_path, content):
    path = tmp_path / "words"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="cannot read") as caught:
        source_options.passwords_from(parse("--password-file", str(path)))
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("10", 10), ("1k", 1024), ("1.5 MB", 3 << 19), ("2GiB", 2 << 30), ("1T", 1 << 40)],
)
def test_sizes_are_written_as_people_write_them(text, expected):
    assert source_options.parse_bytes(text) == expected


@pytest.mark.parametrize("text", ["", "M", "-1", "1e9", "2 gigabytes"])
def test_other_sizes_are_refused(text):
    with pytest.raises(ConfigError, match="sizes look like"):
        source_options.parse_bytes(text)


def test_passwords_are_neither_shown_nor_kept():
    parser = argparse.ArgumentParser()
    options.add_run_arguments(parser)
    args = parser.parse_args(["a", "-o", "b", "--password", "open sesame", "--max-pages", "7"])
    run = options.run_options_from(args)
    assert run.read.render.passwords == ("open sesame",)
    assert run.read.render.limits.max_pages == 7
    assert "sesame" not in repr(run)
    assert "sesame" not in repr(run.as_json())
    without = options.run_options_from(parser.parse_args(["a", "-o", "b"]))
    assert run.fingerprint("w") == without.fingerprint("w")  # as it does not change the text


def test_passwords_alone_can_be_asked_for():
    parser = argparse.ArgumentParser()
    source_options.add_password_arguments(parser)
    args = parser.parse_args(["--password", "one"])
    assert source_options.passwords_from(args) == ("one",)
    assert vars(args).keys() == {"password", "password_file"}
