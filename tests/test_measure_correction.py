from pathlib import Path

import cv2
import numpy as np
import pytest

import ocr_core
from schemas import Box, Edit, Line, Page, PageRef, Quad, Word
from tests import measure_correction as measure
from tests.ocr_core.correction.readings import line_of

TRUTH = "we have received the letters of your good people and will answer them at once"
DEV = Path(__file__).parents[2] / "shared/eval/dev"
# Pages with edits of several kinds, and one that has next to none to make.
DEV_PAGES = {
    "ehri_typewriter_en": ("EHRI-DR-19390519-US_02", "EHRI-DR-19421116-US_05"),
    "oldbooks_en": ("a027",),
}


def edited(raw, *changes):
    """A line with edits: what was read, and what becomes of parts of it."""
    edits, text = [], raw
    for before, after in changes:
        start = raw.index(before)
        edits.append(Edit(start, start + len(before), before, after, "lexicon"))
        text = text.replace(before, after, 1)
    word = Word(text, raw, Box(0, 0, 9, 9), 0.5)
    return Line(text, raw, 0.5, Quad(0, 0, 9, 0, 9, 9, 0, 9), (word,), tuple(edits))


@pytest.mark.parametrize(
    ("raw", "before", "after", "expected"),
    [
        ("have receivcd the letters", "receivcd", "received", "right"),
        ("(receivcd the letters;", "receivcd", "received", "right"),
        ("have received the letters", "received", "relieved", "broken"),
        ("have receivcd the letters", "receivcd", "relieved", "beside"),
        ("of yourgood people", "yourgood", "your good", "right"),
        ("and will an swer them", "an swer", "answer", "right"),
        ("nothing that is written there", "written", "writes", "unjudged"),
    ],
)
def test_an_edit_is_judged_by_what_the_truth_has_in_its_place(raw, before, after, expected):
    line = edited(raw, (before, after))
    assert measure.judge_edit(line, line.edits[0], TRUTH) == expected


def test_case_counts_only_where_the_truth_has_any():
    line = edited("TOTAL Anount due here", ("Anount", "Amount"))
    page = Page(PageRef("", "", 0), 100, 100, 200, (line,))
    [(_, _, judgement)] = measure.judged(page, "TOTAL AMOUNT DUE HERE")
    assert judgement == "right"


def test_a_counterpart_stands_in_the_same_place():
    assert measure.counterpart("the lettcrs of", "the letters of", 4, 11) == "letters"
    assert measure.counterpart("letrs of", "letters of", 0, 5) == "letters"
    assert measure.counterpart("will an swer", "will answer", 5, 12) == "answer"


def test_a_stretch_of_truth_begins_and_ends_with_words():
    assert measure.find_stretch("received tne lettcrs", TRUTH) == "received the letters"
    assert measure.find_stretch("zzqx vvkj wwpq", TRUTH) is None


def test_digits_may_only_change_by_edits_with_a_reason():
    line = edited("sum 1O.50", ("1O.50", "10.50"))
    assert measure.unlogged_digits(line) == 0
    silent = Line("sum 10.50", "sum 1O.50", 0.5, line.quad, line.words)
    assert measure.unlogged_digits(silent) == 1


def test_precision_leaves_out_what_cannot_be_judged():
    figures = measure.Figures()
    assert figures.precision == 1
    figures.edits.update(["right", "right", "right", "beside", "unjudged"])
    assert figures.precision == 0.75


SAMPLE = (  # what was read, what the image may say as well, and what stands there
    ("they receivcd it and", "they received it and", "they received it and"),
    ("a beautifui morning", "a beautiful morning", "a beautiful morning"),
    ("the oommittee was here", "the committee was here", "the committee was here"),
    ("on l2 March 194l in", "on 12 March 1941 in", "on 12 March 1941 in"),
    ("with Khrimian and Eean", "with Khrimiam and Bean", "with Khrimian and Eean"),
    ("of Mr. Saylor again", "of Mr. Sailor again", "of Mr. Saylor again"),
    ("invoice 2Z66 and A4B8X", "invoice 2266 and A488X", "invoice 2Z66 and A4B8X"),
    ("the word sono means", "the word song means", "the word sono means"),
    ("some FYE and PCP too", "some EYE and POP too", "some FYE and PCP too"),
    ("a year's rent per cent", "a years rent percent", "a year's rent per cent"),
)


def test_edits_of_a_sample_with_names_codes_and_quotations_are_right():
    lines = tuple(line_of(read, means) for read, means, _ in SAMPLE)
    truth = "\n".join(stands for _, _, stands in SAMPLE)
    page = Page(PageRef("", "", 0), 100, 100, 200, lines, language="en")
    corrected, _ = measure.timed(page)
    judgements = [judgement for _, _, judgement in measure.judged(corrected, truth)]
    assert judgements.count("right") >= 4
    assert set(judgements) == {"right"}
    assert sum(map(measure.unlogged_digits, corrected.lines)) == 0


def pages_of_dev():
    return [
        sample
        for folder, names in DEV_PAGES.items()
        if (DEV / folder).exists()
        for sample in measure.pages_of(DEV / folder)
        if sample.name in names
    ]


@pytest.mark.skipif(not DEV.exists(), reason="the evaluation pages are not here")
def test_edits_of_real_pages_are_right():
    engine, figures = ocr_core.load(), measure.Figures()
    for sample in pages_of_dev():
        page = measure.read(engine, sample)
        corrected, _ = measure.timed(page)
        measure.count(figures, sample, page, corrected)
    assert figures.edits["right"] >= 5
    assert figures.precision >= 0.95
    assert figures.after.wer < figures.before.wer
    assert figures.after.f1 >= figures.before.f1
    assert figures.unlogged_digits == 0


def test_folders_give_pages_with_their_truth(tmp_path):
    cv2.imwrite(str(tmp_path / "one.png"), np.full((8, 9), 255, np.uint8))
    (tmp_path / "one.gt.txt").write_text("what it says")
    (tmp_path / "two.gt.txt").write_text("without a picture")
    [sample] = measure.pages_of(tmp_path)
    assert (sample.name, sample.truth, sample.pixels.shape) == ("one", "what it says", (8, 9))


def test_pages_whose_truth_leaves_text_out_are_passed_over(tmp_path):
    for name in ("one", "two"):
        (tmp_path / "set").mkdir(exist_ok=True)
        cv2.imwrite(str(tmp_path / f"set/{name}.png"), np.full((8, 9), 255, np.uint8))
        (tmp_path / f"set/{name}.gt.txt").write_text("what it says")
    (tmp_path / "partial.tsv").write_text("set\tstem\nset\ttwo\nother\tone\n")
    assert [sample.name for sample in measure.pages_of(tmp_path / "set")] == ["one"]
