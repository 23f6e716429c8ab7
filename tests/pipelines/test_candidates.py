"""Which files of an inbox are to be opened."""

import os
from contextlib import closing
from functools import partial

import pytest

from pipelines import candidates
from pipelines.candidates import Candidate, Candidates, Window
from pipelines.known import Known, Rules
from pipelines.stamps import KnownStamp, Stamp

NOW_S = 1_700_000_000.0
WINDOW = Window(NOW_S, settle_s=60.0)
CONTENT = "aa" * 32


def written(seconds_ago, uri="/in/a.pdf"):
    return Stamp(uri, 10, int((NOW_S - seconds_ago) * 1e9))


@pytest.fixture
def known():
    """One file, of a content that stands as nothing that was ever tried."""
    found = Known(Rules("f"))
    found.add_source(KnownStamp(written(1000), CONTENT))
    return found


@pytest.mark.parametrize(
    ("stamp", "verdict"),
    [
        (written(500, "/in/b.pdf"), "new"),
        (written(500), "changed"),
        (written(5), "unsettled"),
        (written(5, "/in/b.pdf"), "unsettled"),
        (written(1000), "reprocess"),
    ],
)
def test_a_file_is_judged_by_name_size_and_time(known, stamp, verdict):
    assert candidates.judge(stamp, known, WINDOW) == verdict


@pytest.mark.parametrize("standing", ["done", "outdated", "quarantined"])
def test_a_known_file_is_judged_by_what_stands_of_its_content(known, monkeypatch, standing):
    monkeypatch.setattr(Known, "standing_of", lambda *_: standing)
    assert candidates.judge(written(1000), known, WINDOW) == standing
    assert candidates.judge(written(999), known, WINDOW) == "changed"


def test_what_is_older_than_asked_for_is_left_out(known):
    window = Window(NOW_S, settle_s=60.0, since_s=NOW_S - 100)
    assert candidates.judge(written(101, "/in/b.pdf"), known, window) == "older"
    assert candidates.judge(written(99, "/in/b.pdf"), known, window) == "new"


def test_candidates_come_back_in_order_and_more_than_once():
    with closing(Candidates()) as found:
        wanted = [Candidate(written(n, f"/in/{n} é\\xe9.pdf"), "new") for n in range(3)]
        for candidate in wanted:
            found.add(candidate)
        assert len(found) == 3
        assert list(found) == wanted
        assert list(found) == wanted


def test_what_is_of_no_kind_to_read_is_counted_once_though_folders_lie_in_one_another(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("a.docx", "sub/b.docx", "sub/c.pdf"):
        (tmp_path / name).touch()
    for names in (("sub", "."), (".", "sub")):
        folders = [str((tmp_path / name).absolute()) for name in names]
        found, sighting = candidates.look_through(folders, (), lambda _: "new", lambda *_: None)
        with closing(found):
            assert (len(found), sighting.other_kinds) == (1, {".docx": 2})


def test_every_file_is_seen_once_and_either_kept_or_passed_by(tmp_path):
    for name in ("a.pdf", "sub/b.png", "sub/deep/c.tif", "done/d.pdf", "sub/notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (1e9, 1e9))
    os.utime(tmp_path / "a.pdf", (NOW_S, NOW_S))
    passed_by = []
    found, sighting = candidates.look_through(
        [str(tmp_path), str(tmp_path / "sub")],
        {tmp_path / "done"},
        partial(candidates.judge, known=Known(Rules("f")), window=WINDOW),
        lambda stamp, verdict: passed_by.append((stamp.uri, verdict)),
    )
    with closing(found):
        uris = [candidate.stamp.uri for candidate in found]
    assert uris == [f"{tmp_path}/sub/b.png", f"{tmp_path}/sub/deep/c.tif"]
    assert passed_by == [(f"{tmp_path}/a.pdf", "unsettled")]
    assert sighting.verdicts == {"new": 2, "unsettled": 1}
    assert sighting.other_kinds == {".txt": 1}  # though both folders have it
    assert sighting.unseen == []
