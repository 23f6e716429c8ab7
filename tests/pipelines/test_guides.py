"""Help of all commands: that its examples work, and that it fits a screen."""

import argparse
import shlex

import pytest

from pipelines import cli
from pipelines.guides import GUIDES, SECTIONS

EXAMPLES = [words for guide in GUIDES.values() for words, _ in guide.examples]
SCREEN_LINES = 40


@pytest.fixture(scope="module")
def commands():
    """Name -> parser."""
    parser = cli.make_parser(*cli.COMMANDS)
    [found] = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    return found.choices


def flags_of(parser):
    return {flag for action in parser._actions for flag in action.option_strings}


def test_every_command_has_examples():
    assert set(GUIDES) == set(cli.COMMANDS)
    assert all(guide.examples for guide in GUIDES.values())


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_are_understood(example):
    words = shlex.split(example.partition(" > ")[0])
    assert cli.parse(words).command == words[0]


@pytest.mark.parametrize("name", GUIDES)
def test_examples_are_of_their_command(name):
    assert all(words.split()[0] == name for words, _ in GUIDES[name].examples)


@pytest.mark.parametrize("name", GUIDES)
def test_help_fits_a_screen(commands, monkeypatch, name):
    monkeypatch.setenv("COLUMNS", "80")
    lines = commands[name].format_help().splitlines()
    assert len(lines) <= SCREEN_LINES
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("name", GUIDES)
def test_common_flags_exist_and_what_is_required_is_among_them(commands, name):
    common = GUIDES[name].common
    assert set(common) <= flags_of(commands[name])
    needed = [a.option_strings for a in commands[name]._actions if a.required and a.option_strings]
    assert not common or all(set(common) & set(flags) for flags in needed)


def test_sections_name_flags_that_exist_once(commands):
    named = [flag for some in SECTIONS.values() for flag in some]
    assert len(named) == len(set(named))
    assert set(named) <= set().union(*map(flags_of, commands.values()))


def test_the_list_of_commands_has_a_line_for_each(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = cli.make_parser().format_help().splitlines()
    for name, (_, purpose) in cli.COMMANDS.items():
        assert f"    {name:13} {purpose}" in lines
