"""Documents and their ground truth, paired by name."""

from pathlib import PurePosixPath

import pytest

from ocr_core.errors import ConfigError
from pipelines.evaluation.pairing import Prediction, pair_documents, read_predictions
from pipelines.ground_truth import Truth
from tests import documents, synthetic_run
from tests.synthetic_run import line_of, page_of, record_of


def truth_of(path, text="One"):
    return Truth(PurePosixPath(path), text, (), is_partial=False)


def read_of(path, text="one"):
    return Prediction(PurePosixPath(path), text)


def test_folders_of_which_nothing_was_read_are_left_out_and_missing_documents_are_not():
    truths = [truth_of("x/a"), truth_of("x/b"), truth_of("y/c")]
    folders = pair_documents([read_of("/scans/x/a")], truths)
    assert list(folders) == [PurePosixPath("x")]
    first, second = folders[PurePosixPath("x")]
    assert (first.prediction.text, second.read, second.prediction.text) == ("one", None, "")


def test_case_is_folded_where_all_ground_truth_is_in_capitals():
    truths = [truth_of("bills/a", "SUM 1"), truth_of("books/b", "Sum")]
    folders = pair_documents([read_of("bills/a"), read_of("books/b")], truths)
    assert [pair.fold_case for pairs in folders.values() for pair in pairs] == [True, False]


def test_names_that_do_not_agree_are_told_with_one_of_each():
    told = r"do their names agree\? \(scans/a was read; there is ground truth of b\)"
    with pytest.raises(ConfigError, match=told):
        pair_documents([read_of("scans/a")], [truth_of("b")])


def test_names_agree_however_their_accents_are_written():
    composed, apart = "Böhmen/Quittung für 1", "Bo\u0308hmen/Quittung fu\u0308r 1"
    for name, other in ((composed, apart), (apart, composed)):
        [[pair]] = pair_documents([read_of(f"/x/{name}")], [truth_of(other)], "x").values()
        assert pair.prediction.text == "one"


def test_documents_of_runs_keep_their_pages_and_uri(tmp_path):
    note = record_of(documents.write_png(tmp_path / "in/note.png", "a"), 1)
    pages = [page_of(note, 0, [line_of("a whale", 20, 30)])]
    synthetic_run.commit(tmp_path / "out", [note], pages, tmp_path / "in")
    [read] = read_predictions(str(tmp_path / "out"))
    assert (read.uri, read.path.name, read.text) == (note.uri, "note", "a whale\n")
    assert [page.text for page in read.pages] == ["a whale"]


@pytest.mark.parametrize(
    ("name", "like", "message"),
    [
        ("nowhere", "*", "there is no folder .*nowhere: give what"),
        ("empty", "*", "neither a committed run nor .txt files"),
        ("texts", "*.png", "no document that --like '\\*.png' matches"),
    ],
)
def test_what_holds_nothing_to_compare_is_refused(tmp_path, name, like, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/a.txt").write_text("one")
    with pytest.raises(ConfigError, match=message):
        read_predictions(str(tmp_path / name), like)
