"""Completion, by the shells themselves."""

import shutil
import subprocess

import pytest

from pipelines import cli, completion

SHELLS = ("bash", "zsh", "fish")


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """Shell -> the file of its script."""
    folder = tmp_path_factory.mktemp("completion")
    parser = cli.make_parser(*cli.COMMANDS)
    files = {shell: folder / f"_beam-ocr.{shell}" for shell in SHELLS}
    for shell, file in files.items():
        file.write_text(completion.script_for(parser, shell))
    return files


def told_by(shell, code, folder="."):
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    clean = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    words = [shell, *clean, "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, cwd=folder, timeout=60)  # noqa: PLW1510
    assert done.returncode == 0, done.stderr
    return done.stdout


def offered_by_bash(scripts, words, folder="."):
    """What bash offers for the last of some words."""
    words = ["beam-ocr", *words]
    array = " ".join(f"'{word}'" for word in words)
    code = (
        f"source '{scripts['bash']}'\n"
        "function_of() { local words=($(complete -p beam-ocr)); "
        'while [ "${words[0]}" != -F ]; do words=("${words[@]:1}"); done; echo ${words[1]}; }\n'
        f"COMP_WORDS=({array}); COMP_CWORD={len(words) - 1}; COMP_LINE='{' '.join(words)}'\n"
        "COMP_POINT=${#COMP_LINE}\n"
        f"$(function_of) beam-ocr '{words[-1]}' '{words[-2]}'\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    return {word.rstrip("/ ") for word in told_by("bash", code, folder).split()}


def test_the_command_prints_the_script(capsys, scripts):
    assert cli.main(["completion", "fish"]) == 0
    assert capsys.readouterr().out.strip() == scripts["fish"].read_text().strip()


def test_bash_completes_the_program(scripts):
    told = told_by("bash", f"source '{scripts['bash']}'; complete -p beam-ocr")
    assert told.strip().endswith("beam-ocr")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["ev"], {"evaluate"}),
        (["co"], {"compact", "completion"}),
        (["evaluate", "--ht"], {"--html"}),
        (["run", "--out"], {"--output"}),
        (["run", "--quality", ""], {"fast", "standard"}),
        (["completion", "z"], {"zsh"}),
    ],
)
def test_bash_offers_commands_flags_and_choices(scripts, words, expected):
    assert offered_by_bash(scripts, words) == expected


def test_bash_offers_files_where_files_are_wanted_and_folders_where_folders_are(scripts, tmp_path):
    (tmp_path / "scans").mkdir()
    (tmp_path / "scan.pdf").write_text("")
    assert offered_by_bash(scripts, ["run", "sc"], tmp_path) == {"scans", "scan.pdf"}
    assert offered_by_bash(scripts, ["run", "--output", "sc"], tmp_path) == {"scans"}
    assert offered_by_bash(scripts, ["gc", "sc"], tmp_path) == {"scans"}


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_scripts_parse(scripts, shell):
    assert told_by(shell, f"{shell} -n '{scripts[shell]}'") == ""


def test_zsh_completes_the_program(scripts):
    code = (
        f"autoload -Uz compinit; compinit -u -D; source '{scripts['zsh']}' 2>/dev/null\n"
        "whence -w _shtab_beam_ocr"
    )
    assert "function" in told_by("zsh", code)


@pytest.mark.parametrize(
    ("line", "expected"),
    [("ev", "evaluate"), ("evaluate --ht", "--html"), ("run --quality ", "fast")],
)
def test_fish_offers_commands_flags_and_choices(scripts, line, expected):
    code = f"source '{scripts['fish']}'; complete -C 'beam-ocr {line}'"
    offered = {one.split("\t")[0] for one in told_by("fish", code).splitlines()}
    assert expected in offered
