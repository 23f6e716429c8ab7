from __future__ import annotations

import random

import pytest

from tests import fuzz_sources


def test_the_whole_files_are_whole_and_the_damaged_are_not_all_so(tmp_path, monkeypatch):
    monkeypatch.setattr(fuzz_sources, "damage", lambda content, chance: content)
    ends, bugs, _ = fuzz_sources.fuzz(tmp_path, range(60), keep=None)
    assert not bugs
    assert {end.split()[1] for end in ends} <= {"read", "encrypted-source"}
    assert {".pdf read", ".png read", ".tif read", ".jpg read"} <= set(ends)


def test_damaged_files_come_to_something(tmp_path, capsys):
    assert fuzz_sources.main(["--count", "40", "--seed", "7", "--keep", str(tmp_path)]) == 0
    assert "40 files, 0 bugs" in capsys.readouterr().out
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("end", ["internal-error", "page not accounted for"])
def test_a_bug_is_told_and_its_file_kept(tmp_path, capsys, monkeypatch, end):
    monkeypatch.setattr(fuzz_sources, "ends_of", lambda sandbox, path: iter(["read", end]))
    assert fuzz_sources.main(["--count", "1", "--seed", "3", "--keep", str(tmp_path)]) == 1
    assert "1 bugs [3]" in capsys.readouterr().out
    [kept] = tmp_path.iterdir()
    assert kept.stem == "3"


def test_damage_is_the_same_for_the_same_seed():
    content = bytes(range(256)) * 4
    first, again, other = (fuzz_sources.damage(content, random.Random(n)) for n in (1, 1, 2))
    assert first == again != other
    assert first != content
