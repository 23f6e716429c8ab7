"""What was never committed is removed."""

import argparse
import shutil

from pipelines import gc, locks, runs, staging


def run_command(*arguments):
    parser = argparse.ArgumentParser()
    gc.add_arguments(parser)
    return gc.main(parser.parse_args([str(argument) for argument in arguments]))


def leftovers(output, folder):
    """A copy of an output with a run that crashed in it."""
    shutil.copytree(output, folder)
    for table in ("pages", "lines"):
        [partition] = (folder / table).iterdir()
        shutil.copytree(partition, folder / table / "run_id=crashed" / "beam-temp-part-1")
    return folder


def test_what_a_crash_left_is_removed_and_committed_runs_stay(output, tmp_path, capsys):
    folder = leftovers(output, tmp_path / "out")
    assert run_command(folder, "--older-than", 0) == 0
    assert capsys.readouterr().out == "removed crashed\n"
    assert not list(folder.rglob("run_id=crashed"))
    assert len(list(runs.read_documents(str(folder)))) == 4


def test_a_run_that_may_go_on_is_left_alone(output, tmp_path, capsys):
    folder = leftovers(output, tmp_path / "out")
    assert run_command(folder) == 0
    assert "left alone crashed: it wrote less than 1 hours ago" in capsys.readouterr().out
    assert list(folder.rglob("run_id=crashed"))


def test_a_clean_folder(output, capsys):
    assert run_command(output, "--older-than", 0) == 0
    assert capsys.readouterr().out == "nothing to remove\n"


def test_what_an_ingest_left_is_removed_at_once_unless_one_is_at_work(output, tmp_path, capsys):
    folder = tmp_path / "out"
    shutil.copytree(output, folder)
    staging.mark(str(folder), "killed")
    with locks.take(str(folder)):
        run_command(folder)
        assert "left alone killed" in capsys.readouterr().out
    assert run_command(folder) == 0
    assert capsys.readouterr().out == "removed killed\n"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        path.name for path in output.iterdir()
    )


def test_of_a_folder_that_is_not_there_none_is_made(tmp_path, capsys):
    assert run_command(tmp_path / "none") == 0
    assert capsys.readouterr().out == "nothing to remove: there is no such folder\n"
    assert not (tmp_path / "none").exists()
