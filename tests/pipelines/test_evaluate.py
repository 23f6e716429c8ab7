import argparse
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ocr_core.errors import ConfigError
from pipelines import evaluate, ledger
from pipelines.evaluate import Prediction
from pipelines.ground_truth import Truth
from pipelines.sinks import SCHEMAS
from pipelines.tallies import Counts
from schemas import Box, Line, Page, PageRef, Quad, Word, rows
from tests import documents, synthetic_run

SCORE = Path(__file__).parents[3] / "shared" / "eval" / "score.py"


def write(folder, texts):
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def run_command(*arguments):
    parser = argparse.ArgumentParser()
    evaluate.add_arguments(parser)
    return evaluate.main(parser.parse_args([str(argument) for argument in arguments]))


def figures_of(tmp_path, *arguments):
    assert run_command(*arguments, "--json", tmp_path / "figures.json") == 0
    return json.loads((tmp_path / "figures.json").read_text())


def line(text, box, confidence=1.0):
    """A line whose words share its width evenly."""
    words = text.split()
    step = box.width / len(words)
    return Line(
        text,
        text,
        confidence,
        Quad.from_box(box),
        tuple(
            Word(
                word,
                word,
                Box(box.left + i * step, box.top, box.left + (i + 1) * step, box.bottom),
                confidence,
            )
            for i, word in enumerate(words)
        ),
    )


def write_run(output, pages, width=200):
    """A committed run in which each uri is a document of one page with the given lines."""
    run_id = ledger.new_run_id()
    plan = ledger.RunPlan(run_id, str(output), "f" * 64, {}, (), {}, datetime.now(UTC))
    read = {
        uri: Page(PageRef(f"{number:064d}", uri, 0), width, 300, 200, tuple(lines))
        for number, (uri, lines) in enumerate(pages.items())
    }
    records = [
        rows.DocumentRecord(
            page.ref.doc_id,
            uri,
            1,
            "image/png",
            1,
            "read",
            None,
            None,
            "f" * 64,
            plan.started_at,
            0.0,
        )
        for uri, page in read.items()
    ]
    tables = {
        "documents": [rows.row_from_record(record) for record in records],
        "pages": [rows.row_from_page(page) for page in read.values()],
        "lines": [row for page in read.values() for row in rows.rows_from_lines(page)],
    }
    files = {}
    for table, table_rows in tables.items():
        folder = Path(ledger.table_folder(str(output), table, run_id))
        folder.mkdir(parents=True)
        arrow = pa.Table.from_pylist(table_rows, schema=SCHEMAS[table])
        pq.write_table(arrow, folder / "part-0.parquet", use_compliant_nested_type=True)
        files[table] = [str((folder / "part-0.parquet").relative_to(output))]
    ledger.commit(plan, files, Counts())


def test_a_folder_of_texts_is_compared_by_folder_and_in_all(tmp_path, capsys):
    truth = {"books/a.gt.txt": "one two", "books/b.gt.txt": "three", "bills/a.gt.txt": "TOTAL 5"}
    read = {"books/a.txt": "one too", "bills/a.txt": "Total 5"}
    write(tmp_path / "truth", truth)
    write(tmp_path / "read", read)
    figures = figures_of(tmp_path, tmp_path / "read", tmp_path / "truth", "--worst", "1")
    books, bills = figures["folders"]["books"], figures["folders"]["bills"]
    assert books["counts"]["documents"] == 2  # b was not read: it counts as empty
    assert books["rates"]["CER"] == pytest.approx(6 / 12)
    assert books["rates"]["F1"] == pytest.approx(2 * 0.5 * (1 / 3) / (0.5 + 1 / 3))
    assert bills["rates"] == pytest.approx(  # all in capitals
        {"F1": 1, "CER": 0, "WER": 0, "spaces": 1, "num R": 1, "num P": 1}
    )
    assert figures["all"]["rates"]["WER"] == pytest.approx(2 / 5)
    printed = capsys.readouterr().out.splitlines()
    columns = ["folder", "documents", "F1", "CER", "WER", "spaces", "num R", "num P"]
    assert printed[0].replace("num ", "num_").split() == [
        column.replace(" ", "_") for column in columns
    ]
    assert printed[1].split() == [
        "bills",
        "1",
        *"1.0000 0.0000 0.0000 1.0000 1.0000 1.0000".split(),
    ]
    assert [row.split()[0] for row in printed[1:4]] == ["bills", "books", "all"]
    assert "0.0000  books/b" in printed


def test_a_folder_of_which_nothing_was_read_is_left_out(tmp_path):
    write(tmp_path / "truth", {"x/a.gt.txt": "one", "y/b.gt.txt": "two"})
    write(tmp_path / "read", {"x/a.txt": "one", "z/b.txt": "two"})
    assert list(figures_of(tmp_path, tmp_path / "read", tmp_path / "truth")["folders"]) == ["x"]


def test_of_partial_ground_truth_only_recall_is_counted(tmp_path):
    texts = {"x/a.gt.txt": "stamp", "x/b.gt.txt": "b", "partial.tsv": "set\tstem\nx\ta\n"}
    write(tmp_path / "truth", texts)
    write(tmp_path / "read", {"x/a.txt": "a stamp and more", "x/b.txt": "b"})
    rates = figures_of(tmp_path, tmp_path / "read", tmp_path / "truth")["all"]["rates"]
    assert rates == {"F1": pytest.approx(1), "CER": 0, "WER": 0, "recall": 1}


def test_a_run_is_compared_by_text_boxes_and_confidence(tmp_path, capsys):
    boxes = [
        {"text": "the first line", "box": [0, 0, 100, 20]},
        {"text": "the second", "box": [0, 30, 100, 50]},
        {"text": "lost", "box": [0, 60, 100, 80]},
    ]
    text = "\n".join(box["text"] for box in boxes)
    write(tmp_path / "scans", {"a.gt.txt": text, "a.boxes.json": json.dumps(boxes)})
    lines = [
        line("the first line", Box(0, 1, 100, 20), confidence=0.9),
        line("the sexond", Box(0, 30, 98, 50), confidence=0.7),
        line("noise", Box(150, 200, 190, 210), confidence=0.1),
    ]
    write_run(tmp_path / "out", {str(tmp_path / "scans/a.png"): lines})
    figures = figures_of(tmp_path, tmp_path / "out", tmp_path / "scans")["all"]
    assert figures["counts"]["boxes"] == {
        "detections": 3, "truths": 3, "matched": 2, "split": 0, "merged": 0, "missed": 1
    }  # fmt: skip
    rates = figures["rates"]
    assert (rates["box P"], rates["box R"]) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert rates["exact"] == pytest.approx(1 / 3)
    assert rates["F1"] == pytest.approx(4 / 6)
    # In bins of .1: three right at .9, one right and one wrong at .7, one wrong at .1.
    assert rates["ECE"] == pytest.approx((3 * 0.1 + 2 * 0.2 + 0.1) / 6, abs=1e-6)
    assert (rates["split"], rates["merged"], rates["missed"]) == (0, 0, pytest.approx(1 / 3))
    tables = capsys.readouterr().out.split("\n\n")
    assert tables[0].splitlines()[0].split()[-1] == "ECE"
    assert tables[1].splitlines()[0].split()[-3:] == ["split", "merged", "missed"]


def test_spaces_punctuation_and_numbers_have_figures_of_their_own(tmp_path):
    write(tmp_path / "truth", {"a.gt.txt": "Paid: 12.50 in all,\nwith thanks.", "b.gt.txt": "1"})
    write(tmp_path / "read", {"a.txt": "with thanks.\nPaid: 1250 inall.", "b.txt": "1"})
    rates = figures_of(tmp_path, tmp_path / "read", tmp_path / "truth")["all"]["rates"]
    assert rates["spaces"] == pytest.approx(2 * 1 * (3 / 4) / (7 / 4))
    assert rates["punct"] == pytest.approx(2 * (2 / 3) * (2 / 4) / (2 / 3 + 2 / 4))
    assert (rates["num R"], rates["num P"]) == (0.5, 0.5)


def test_several_runs_are_compared_together(tmp_path):
    write(tmp_path / "truth", {"x/a.gt.txt": "one", "y/b.gt.txt": "two"})
    write(tmp_path / "first", {"x/a.txt": "one"})
    write(tmp_path / "second", {"y/b.txt": "two"})
    runs = [tmp_path / "first", tmp_path / "second"]
    assert list(figures_of(tmp_path, *runs, tmp_path / "truth")["folders"]) == ["x", "y"]


def test_boxes_of_words_are_compared_with_words(tmp_path):
    boxes = [{"text": "one", "box": [0, 0, 50, 20]}, {"text": "two", "box": [50, 0, 100, 20]}]
    write(tmp_path / "scans", {"a.gt.txt": "one two", "a.boxes.json": json.dumps(boxes)})
    lines = [line("one two", Box(0, 0, 100, 20))]
    write_run(tmp_path / "out", {str(tmp_path / "scans/a.png"): lines})
    rates = figures_of(tmp_path, tmp_path / "out", tmp_path / "scans")["all"]["rates"]
    assert (rates["hmean"], rates["exact"]) == (pytest.approx(1), 1)


def test_boxes_are_in_pixels_of_the_image_even_if_it_was_read_smaller(tmp_path):
    boxes = [{"text": "a line", "box": [0, 0, 200, 40]}]
    write(tmp_path / "scans", {"a.gt.txt": "a line", "a.boxes.json": json.dumps(boxes)})
    cv2.imwrite(str(tmp_path / "scans/a.png"), np.zeros((600, 400), np.uint8))
    lines = [line("a line", Box(0, 0, 100, 20))]
    write_run(tmp_path / "out", {str(tmp_path / "scans/a.png"): lines}, width=200)
    assert figures_of(tmp_path, tmp_path / "out", tmp_path / "scans")["all"]["rates"]["hmean"] == (
        pytest.approx(1)
    )


def test_boxes_of_transcriptions_are_in_their_own_unit(tmp_path):
    """A page of 200 by 300 pixels, of which ground truth says tenths of millimetres."""
    write_run(tmp_path / "out", {"/in/a.pdf": [line("a b", Box(10, 10, 110, 30))]})
    alto = (
        '<alto><Layout><Page WIDTH="{}" HEIGHT="{}"><PrintSpace><TextBlock><TextLine HPOS="5"'
        ' VPOS="5" WIDTH="50" HEIGHT="10"><String CONTENT="a"/><String CONTENT="b"/></TextLine>'
        "</TextBlock></PrintSpace></Page></Layout></alto>"
    )
    for width, hmean in ((100, 1.0), (200, 0.0)):
        write(tmp_path / "truth", {"a.xml": alto.format(width, width * 1.5)})
        figures = figures_of(tmp_path, tmp_path / "out", tmp_path / "truth")
        rates = figures["folders"]["."]["rates"]
        assert (rates["CER"], rates["hmean"]) == (0, hmean)


def test_the_last_of_several_runs_counts(tmp_path):
    write(tmp_path / "scans", {"a.gt.txt": "right"})
    for text in ("wrong", "right"):
        lines = [line(text, Box(0, 0, 100, 20))]
        write_run(tmp_path / "out", {str(tmp_path / "scans/a.png"): lines})
    assert figures_of(tmp_path, tmp_path / "out", tmp_path / "scans")["all"]["rates"]["CER"] == 0


def test_documents_of_one_name_are_told_apart_by_folder_or_by_like(tmp_path):
    write(tmp_path / "scans", {"a.gt.txt": "here"})
    here = [line("here", Box(0, 0, 100, 20))]
    there = [line("there", Box(0, 0, 100, 20))]
    uris = [str(tmp_path / name) for name in ("scans/a.png", "other/a.png", "scans/a.pdf")]
    write_run(tmp_path / "near", dict(zip(uris[:2], (here, there), strict=True)))
    assert figures_of(tmp_path, tmp_path / "near", tmp_path / "scans")["all"]["rates"]["CER"] == 0
    write_run(tmp_path / "both", {uris[0]: here, uris[2]: there})
    with pytest.raises(ConfigError, match=r"a could be any of .*/a\.pdf, .*/a\.png: choose by"):
        run_command(tmp_path / "both", tmp_path / "scans")
    assert run_command(tmp_path / "both", tmp_path / "scans", "--like", "*.png") == 0


def test_a_document_of_two_runs_is_not_judged_twice(tmp_path):
    write(tmp_path / "scans", {"a.gt.txt": "here"})
    lines = {str(tmp_path / "scans/a.png"): [line("here", Box(0, 0, 100, 20))]}
    write_run(tmp_path / "one", lines)
    write_run(tmp_path / "two", lines)
    with pytest.raises(ConfigError, match=r"a\.png is in several of these runs: .* one at a time"):
        run_command(tmp_path / "one", tmp_path / "two", tmp_path / "scans")


def test_halves_of_words_cut_by_a_line_end_do_not_count_against_their_confidence():
    page = Page(
        PageRef("0" * 64, "a.png", 0),
        200,
        300,
        200,
        (line("a wa-", Box(0, 0, 100, 20)), line("ter b", Box(0, 30, 100, 50))),
    )
    truth = Truth(PurePosixPath("a"), "a water b", (), is_partial=False)
    [score] = evaluate.score_documents([Prediction(truth.path, "", (page,))], [truth]).values()
    assert score.outcomes == ((1.0, True), (1.0, True))


@pytest.mark.parametrize(
    ("read", "message"),
    [({}, "neither a committed run nor"), ({"b.txt": ""}, "do their names agree")],
)
def test_what_cannot_be_compared_is_said(tmp_path, read, message):
    (tmp_path / "read").mkdir()
    write(tmp_path / "read", read)
    write(tmp_path / "truth", {"a.gt.txt": ""})
    with pytest.raises(ConfigError, match=message):
        run_command(tmp_path / "read", tmp_path / "truth")


def test_pages_to_look_at_are_written_with_pictures_of_the_sources(tmp_path, capsys):
    write(tmp_path / "scans", {"a.gt.txt": "here it is", "b.gt.txt": "there\nit was"})
    scan = synthetic_run.record_of(documents.write_png(tmp_path / "scans/a.png", "a"), 1)
    pages = [synthetic_run.page_of(scan, 0, [line("here it ls", Box(0, 0, 100, 20))])]
    synthetic_run.commit(tmp_path / "out", [scan], pages, tmp_path / "scans")
    to = tmp_path / "html"
    assert run_command(tmp_path / "out", tmp_path / "scans", "--html", to) == 0
    told = capsys.readouterr()
    assert f"wrote 2 pages to look at: {to / 'index.html'}" in told.out
    assert "2/2 pages" in told.err
    assert "<title>b</title>" in (to / "pages/1.html").read_text()  # of which nothing was read
    assert '<mark title="read as l">i</mark>s' in (to / "pages/2.html").read_text()
    assert [file.name for file in (to / "pictures").iterdir()] == ["2.jpg"]
    printed = told.out.splitlines()[1].split()
    assert all(f"<td>{value}</td>" in (to / "index.html").read_text() for value in printed[1:])
    bare = tmp_path / "bare"
    run_command(tmp_path / "out", tmp_path / "scans", "--html", bare, "--no-pictures")
    assert not (bare / "pictures").exists()


def test_figures_that_cannot_be_written_are_an_error_of_ours(tmp_path):
    write(tmp_path / "truth", {"a.gt.txt": "one"})
    write(tmp_path / "read", {"a.txt": "one"})
    file = tmp_path / "nowhere" / "x.json"
    with pytest.raises(ConfigError, match=r"--json: .*x.json cannot be written: No such file"):
        run_command(tmp_path / "read", tmp_path / "truth", "--json", file)


def test_a_folder_that_is_taken_is_refused_before_anything_is_counted(tmp_path):
    write(tmp_path / "html", {"mine.txt": ""})
    with pytest.raises(ConfigError, match="not an empty folder"):
        run_command(tmp_path / "nothing", tmp_path / "nowhere", "--html", tmp_path / "html")


@pytest.mark.skipif(not SCORE.exists(), reason="the scorer that is to be agreed with is not here")
def test_figures_agree_with_the_scorer(tmp_path, evaluation_pages):
    """Predictions are the ground truth of another page of the set, so that all rates are odd."""
    for folder in ("fondue_print_en", "sroie_receipts", "ehri_typewriter_en"):
        truths = sorted((evaluation_pages / folder).glob("*.gt.txt"))
        for number, truth in enumerate(truths):
            other = truths[number - number % 3].read_text(encoding="utf-8")
            name = truth.name.removesuffix(".gt.txt")
            write(tmp_path / "read" / folder, {f"{name}.txt": other.swapcase()[:2000]})
    figures = figures_of(tmp_path, tmp_path / "read", evaluation_pages)["folders"]
    printed = subprocess.run(
        [sys.executable, str(SCORE), str(tmp_path / "read"), "--tsv"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    measured = [row.split("\t") for row in printed.splitlines()]
    assert len(measured) == 10
    for folder, measure, value in measured:
        assert figures[folder]["rates"][measure] == pytest.approx(float(value), abs=5.1e-5)
