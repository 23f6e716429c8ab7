"""Files that may be new to committed runs, seen from within."""

import os
from types import SimpleNamespace

import pytest

from ocr_core.sources import ALL_PAGES
from pipelines import inbox_reading, ingest, ledger
from pipelines.candidates import Candidate
from pipelines.copies import LocalCopies
from pipelines.inbox_reading import InboxReader
from pipelines.known import Known, Rules
from pipelines.moving import Mover
from pipelines.progress import Headway
from pipelines.stamps import KnownStamp, of_status
from tests import documents


def note_taker():
    """Opens sources, and only takes note of chunks."""
    chunks = []
    return SimpleNamespace(
        fingerprint="f",
        headway=Headway(documents=0),
        chunks=chunks,
        open=lambda uri: ingest.open_source(uri, LocalCopies(), "f"),
        read=lambda chunk, plan: chunks.append(([one.uri for one in chunk], plan)),
    )


@pytest.fixture
def place(tmp_path, options):
    """What an `InboxReader` is made of, and the reader that takes note."""
    (tmp_path / "in").mkdir()
    run = options(tmp_path / "out", tmp_path / "in")
    wanted = SimpleNamespace(output=str(tmp_path / "out"), run=run, limit=0)
    mover = Mover([str(tmp_path / "in")], None, None)
    lock = SimpleNamespace(is_held=lambda: True)
    reader = note_taker()
    known = Known(Rules("f"))
    return SimpleNamespace(
        folder=tmp_path / "in",
        output=str(tmp_path / "out"),
        reader=reader,
        known=known,
        inbox=InboxReader(wanted, known, reader, mover, lock),
    )


def candidate(path, text, age_s=1000):
    documents.write_png(path, text)
    moment = path.stat().st_mtime - age_s
    os.utime(path, (moment, moment))
    return Candidate(of_status(str(path), path.stat()), "new")


def test_a_chunk_is_planned_with_the_stamps_of_its_files(place):
    first = candidate(place.folder / "1.png", "a")
    place.inbox.read([first])
    [(uris, plan)] = place.reader.chunks
    assert uris == [first.stamp.uri]
    assert [source.stamp for source in plan.sources] == [first.stamp]
    assert plan.sources[0].tells


def test_a_file_of_just_now_may_change_unseen_and_is_not_to_be_remembered(place):
    place.inbox.read([candidate(place.folder / "1.png", "a", age_s=0)])
    [(_, plan)] = place.reader.chunks
    assert not plan.sources[0].tells


def test_what_is_gone_or_was_written_since_it_was_found_is_passed_over(place):
    gone = candidate(place.folder / "1.png", "a")
    written = candidate(place.folder / "2.png", "b")
    (place.folder / "1.png").unlink()
    documents.write_png(place.folder / "2.png", "c")
    place.inbox.read([gone, written])
    assert place.inbox.passed_over == {"vanished": 1, "unsettled": 1}
    assert place.reader.chunks == []


def test_files_that_need_no_row_are_committed_now_and_then(place, monkeypatch):
    monkeypatch.setattr(inbox_reading, "_STAMPS_AT_ONCE", 2)
    found = [candidate(place.folder / f"{number}.png", "a") for number in range(3)]
    [doc_id] = {place.reader.open(one.stamp.uri).doc_id for one in found}
    for one in found:
        place.known.add_source(KnownStamp(one.stamp, doc_id))
    place.known._done.add(bytes.fromhex(doc_id))
    place.inbox.read(found)
    assert place.inbox.passed_over == {"again": 3}
    runs = [ledger.read_run(place.output, run) for run in ledger.list_committed(place.output)]
    assert [len(run.plan.sources) for run in runs] == [2, 1]
    assert all(run.files == {"documents": [], "pages": [], "lines": []} for run in runs)


def test_a_chunk_of_which_a_file_is_written_meanwhile_is_read_and_counted_without_it(place):
    calm = candidate(place.folder / "1.png", "a")
    written = candidate(place.folder / "2.png", "b")
    headway = place.reader.headway
    headway.documents = 2

    def read(chunk, plan):
        headway.begin_chunk(chunk, ALL_PAGES)
        if len(chunk) == 2:
            documents.write_png(place.folder / "2.png", "c")
            raise RuntimeError("it has changed")
        headway.end_chunk()

    place.reader.read = read
    place.inbox.read([calm, written])
    assert place.inbox.passed_over == {"unsettled": 1}
    assert (headway.documents, headway.position) == (1, 1.0)
