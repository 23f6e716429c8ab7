"""How help of a command is laid out."""

import pytest

from ocr_core.errors import ConfigError
from pipelines.guides import Guide
from pipelines.help_pages import Parser


@pytest.fixture
def parser(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    made = Parser(prog="tool read", description="Reads.", epilog="More is\nto be said. " * 8)
    made.add_argument("inputs", nargs="+", metavar="INPUT")
    made.add_argument("--rare", help="seldom wanted")
    made.add_argument("--dpi", help="sharpness")
    made.add_argument("--quiet", action="store_true", help="say nothing")
    made.add_argument("-o", "--output", metavar="DIR", required=True, help="where to")
    return made


def test_common_flags_stand_first_and_alone(parser):
    parser.follow(Guide((("read in -o out", "all of it"),), ("--output", "--quiet")))
    told = parser.format_help()
    assert told.startswith("usage: tool read INPUT... -o DIR [OPTIONS]\n")
    flags = [line.split()[0] for line in told.splitlines() if line.startswith("  -")]
    assert flags == ["-o", "--quiet", "--help-all"]


def test_all_flags_are_told_in_sections(parser, capsys):
    parser.follow(Guide((), ("--output",)))
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(["--help-all"])
    assert not ended.value.code
    told = capsys.readouterr().out
    places = [told.index(words) for words in ("\noptions:", "--rare", "\nhow pages are read:",
              "--dpi", "\nwhat is told:", "--quiet")]  # fmt: skip
    assert places == sorted(places)
    assert "limits and passwords" not in told  # of which this command has none


def test_a_guide_without_common_flags_shows_all_of_them(parser):
    parser.follow(Guide(()))
    told = parser.format_help()
    assert "--rare" in told
    assert "--help-all" not in told


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        ("all of it", "examples:\n  tool read in  # all of it\n"),
        ("x" * 76, f"examples:\n  # {'x' * 76}\n  tool read in\n"),
        ("", "examples:\n  tool read in\n"),
    ],
)
def test_examples_say_what_they_do(parser, purpose, expected):
    parser.follow(Guide((("read in", purpose),)))
    assert parser.format_help().endswith(expected)


def test_paragraphs_are_wrapped(parser):
    parser.follow(Guide(()))
    told = parser.format_help()
    assert "More is to be said. More is" in told
    assert max(map(len, told.splitlines())) <= 80


def test_a_parser_without_a_guide_helps_as_others_do(parser):
    assert "[--rare RARE]" in parser.format_help()


def test_a_mistake_is_an_error_of_ours(parser):
    with pytest.raises(ConfigError, match=r"required: INPUT, -o.* \(see tool read --help\)"):
        parser.parse_args([])
