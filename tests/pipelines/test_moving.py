"""Files on their way out of an inbox."""

import errno
import os

import pytest

from pipelines import moving, stamps
from pipelines.moving import Mover


def put(path, content=b"x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return stamps.of_status(str(path), path.stat())


def files_in(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(params=["same disk", "other disk", "no links"])
def disk(request, monkeypatch):
    """How files of the inbox come to another folder."""
    link = os.link

    def link_or_fail(source, target, **more):
        if "in" in source.parts and request.param != "same disk":
            raise OSError(errno.EXDEV if request.param == "other disk" else errno.EPERM, "no")
        link(source, target, **more)

    monkeypatch.setattr(moving.os, "link", link_or_fail)


@pytest.mark.usefixtures("disk")
def test_a_file_keeps_its_sub_folder_and_replaces_none(tmp_path):
    inbox, done = tmp_path / "in", tmp_path / "done"
    for content in (b"first", b"second", b"third"):
        assert moving.move(put(inbox / "sub" / "a.pdf", content), [str(inbox)], done)
    assert files_in(done) == {
        "sub/a.pdf": b"first",
        "sub/a (2).pdf": b"second",
        "sub/a (3).pdf": b"third",
    }
    assert files_in(inbox) == {}


def test_a_file_that_was_written_since_stays(tmp_path):
    stamp = put(tmp_path / "in" / "a.pdf", b"first")
    put(tmp_path / "in" / "a.pdf", b"and more")
    assert moving.move(stamp, [str(tmp_path / "in")], tmp_path / "done") is None
    assert files_in(tmp_path / "in") == {"a.pdf": b"and more"}


def test_a_file_that_is_gone_is_none_to_move(tmp_path):
    stamp = put(tmp_path / "in" / "a.pdf")
    (tmp_path / "in" / "a.pdf").unlink()
    assert moving.move(stamp, [str(tmp_path / "in")], tmp_path / "done") is None


def test_a_move_that_was_broken_off_between_its_two_steps_is_finished(tmp_path):
    stamp = put(tmp_path / "in" / "a.pdf")
    (tmp_path / "done").mkdir()
    os.link(tmp_path / "in" / "a.pdf", tmp_path / "done" / "a.pdf")
    assert moving.move(stamp, [str(tmp_path / "in")], tmp_path / "done")
    assert files_in(tmp_path) == {"done/a.pdf": b"x"}


def test_where_a_file_goes_depends_on_what_stands_of_it(tmp_path):
    inbox = tmp_path / "in"
    mover = Mover([str(inbox)], tmp_path / "done", tmp_path / "failed")
    standings = ("done", "outdated", "failed", "quarantined", "unknown", "unsettled")
    for standing in standings:
        mover.move(put(inbox / f"{standing}.pdf"), standing)
    assert sorted(files_in(tmp_path / "done")) == ["done.pdf", "outdated.pdf"]
    assert sorted(files_in(tmp_path / "failed")) == ["quarantined.pdf"]
    assert sorted(files_in(inbox)) == ["failed.pdf", "unknown.pdf", "unsettled.pdf"]
    assert mover.moved == {str(tmp_path / "done"): 2, str(tmp_path / "failed"): 1}


def test_without_a_place_to_go_files_stay(tmp_path):
    mover = Mover([str(tmp_path)], None, None)
    assert not mover.is_needed
    mover.move(put(tmp_path / "a.pdf"), "done")
    assert files_in(tmp_path) == {"a.pdf": b"x"}


def test_what_cannot_be_moved_is_told(tmp_path):
    (tmp_path / "done").write_text("a file where a folder should be")
    mover = Mover([str(tmp_path / "in")], tmp_path / "done", None)
    stamp = put(tmp_path / "in" / "a.pdf")
    mover.move(stamp, "done")
    [words] = mover.trouble
    assert words.startswith(f"cannot move {stamp.uri} to {tmp_path}/done: ")
    assert (tmp_path / "in" / "a.pdf").exists()


def test_a_file_is_never_removed_in_favour_of_itself(tmp_path):
    stamp = put(tmp_path / "in" / "a.pdf")
    (tmp_path / "link").symlink_to(tmp_path / "in")
    for place in (tmp_path / "in", tmp_path / "link"):
        with pytest.raises(FileExistsError):
            moving.move(stamp, [str(tmp_path / "in")], place)
    assert files_in(tmp_path / "in") == {"a.pdf": b"x"}
