import importlib.util
import random
from pathlib import Path

import numpy as np
import pytest

from ocr_core import metrics
from ocr_core.metrics import DetectionCounts, TextCounts
from schemas import Box, Quad

SCORE = Path(__file__).parents[3] / "shared" / "eval" / "score.py"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ﬁne  print\n\tover\flines ", "fine print over lines"),
        ("„a“ »b« ‘c’ `d’", "\"a\" \"b\" 'c' 'd'"),
        ("1–2—3−4‑5…", "1-2-3-4-5..."),
        ("wa-\n  ter, wa¬\nter", "water, water"),
        ("Franco-\nPrussian", "Franco- Prussian"),  # a capital goes on: the hyphen stays
        ("so\u00adft ⟦seal⟧ ſee", "soft seal see"),
        ("", ""),
    ],
)
def test_normalise(text, expected):
    assert metrics.normalise(text) == expected


def test_normalising_twice_changes_nothing():
    rng = random.Random(1)
    for _ in range(300):
        text = metrics.normalise(random_text(rng))
        assert metrics.normalise(text) == text


def test_case_counts_unless_it_is_folded():
    assert metrics.compare("TOTAL", "Total").common_words == 0
    assert metrics.compare("TOTAL", "Total", fold_case=True).common_words == 1


def test_counts_of_a_text():
    counts = metrics.compare("the cat sat sat", "the cot sat down")
    assert counts == TextCounts(
        character_edits=5,  # o, and d-o-w-n for s-a-t
        characters=16,
        word_edits=2,
        words=4,
        predicted_words=4,
        common_words=2,
    )
    assert counts.cer == 5 / 16
    assert counts.wer == counts.precision == counts.recall == counts.f1 == 0.5


def test_the_share_of_errors_can_exceed_one():
    assert metrics.compare("far too much", "a").cer > 1


def test_nothing_read_of_nothing_is_no_error():
    counts = metrics.compare(" \n", "")
    assert (counts.cer, counts.wer, counts.f1) == (0, 0, 0)


def test_a_text_compared_with_itself_has_no_errors_and_order_does_not_change_f1():
    rng = random.Random(2)
    for _ in range(100):
        text = "word " + random_text(rng)
        same = metrics.compare(text, text)
        assert (same.cer, same.wer) == (0, 0)
        assert same.f1 == pytest.approx(1)
        words = metrics.normalise(text).split()
        rng.shuffle(words)
        assert metrics.compare(" ".join(words), " ".join(words[::-1])).f1 == pytest.approx(1)


def test_counts_add_up_before_they_are_divided():
    both = metrics.compare("a", "b") + metrics.compare("long words here", "long words here")
    assert both.cer == 1 / 16
    assert both.wer == 1 / 4


def test_paired_lines():
    predicted, truth = ["ab", "cd", "ef"], ["ab", "cD", "e"]
    assert metrics.exact_match(predicted, truth) == pytest.approx(1 / 3)
    assert metrics.exact_match(predicted, truth, fold_case=True) == pytest.approx(2 / 3)
    assert metrics.compare_lines(predicted, truth).cer == 2 / 5
    with pytest.raises(ValueError, match="shorter"):
        metrics.exact_match(["ab"], [])


@pytest.mark.skipif(not SCORE.exists(), reason="the scorer that is to be agreed with is not here")
def test_rates_agree_with_the_scorer():
    spec = importlib.util.spec_from_file_location("score", SCORE)
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    rng = random.Random(3)
    ours, theirs = TextCounts(), score.collections.Counter()
    for round_ in range(400):
        predicted, truth, fold = random_text(rng), random_text(rng), bool(round_ % 2)
        assert metrics.normalise(truth, fold) == score.normalise(truth, fold)
        ours += metrics.compare(predicted, truth, fold)
        theirs += score.compare(predicted, truth, fold)
    rates = score.measures(theirs)
    assert [ours.f1, ours.recall, ours.cer, ours.wer] == [
        pytest.approx(rates[name], abs=1e-12) for name in ("F1", "recall", "CER", "WER")
    ]


def random_text(rng: random.Random) -> str:
    letters = "abceéA1I.,-—–¬ \n\t\f“”„'’`´ﬁſ…Ӓ⟦\u00ad½"
    return "".join(rng.choices(letters, k=rng.randrange(40)))


def quad(left, top, right, bottom):
    return Quad.from_box(Box(left, top, right, bottom))


def test_each_quad_is_matched_once_and_the_better_overlap_wins():
    truth = [quad(0, 0, 100, 20), quad(0, 30, 100, 50)]
    predicted = [quad(0, 0, 100, 16), quad(0, 0, 100, 20), quad(0, 29, 100, 51)]
    assert metrics.match_quads(predicted, truth) == [(1, 0), (2, 1)]
    counts = metrics.compare_quads(predicted, truth)
    assert counts == DetectionCounts(detections=3, truths=2, matched=2)
    assert (counts.precision, counts.recall) == (2 / 3, 1)
    assert counts.hmean == pytest.approx(0.8)


def test_what_becomes_of_lines():
    truth = [
        quad(0, 0, 200, 20),  # found
        quad(0, 100, 200, 120),  # split in two
        quad(0, 150, 200, 170),  # found but for a letter, which has a quad of its own
        quad(0, 200, 200, 220),  # merged ...
        quad(0, 225, 200, 245),  # ... with this one below it
        quad(0, 300, 200, 320),  # in a quad of thrice its height
        quad(0, 400, 200, 420),  # missed
        quad(0, 500, 200, 520),  # all but missed
        quad(0, 600, 90, 620),  # merged ...
        quad(100, 600, 200, 620),  # ... with this one beside it
    ]
    predicted = [
        quad(0, 1, 200, 20),
        quad(0, 100, 90, 120),
        quad(105, 100, 200, 120),
        quad(0, 150, 184, 170),
        quad(188, 150, 200, 170),
        quad(0, 195, 200, 250),
        quad(0, 280, 200, 340),
        quad(0, 500, 40, 520),
        quad(0, 600, 200, 620),
    ]
    assert metrics.compare_quads(predicted, truth) == DetectionCounts(
        detections=9, truths=10, matched=3, split=1, merged=4, missed=2
    )


def test_a_line_is_whole_however_high_its_quad_was_drawn():
    truth = [quad(0, 0, 200, 40), quad(0, 40, 200, 80)]
    predicted = [quad(0, 10, 200, 28), quad(2, 52, 198, 68)]
    assert metrics.compare_quads(predicted, truth) == DetectionCounts(detections=2, truths=2)


def test_upright_boxes_of_slanted_lines_overlap_without_being_merged():
    truth = [quad(0, top, 400, top + 40) for top in (0, 22, 44)]
    predicted = [quad(2, top + 3, 398, top + 39) for top in (0, 22, 44)]
    assert metrics.compare_quads(predicted, truth) == DetectionCounts(
        detections=3, truths=3, matched=3
    )


def test_slanted_lines_are_told_apart_along_their_slant():
    upper, lower = Quad(0, 100, 300, 0, 310, 30, 10, 130), Quad(20, 160, 320, 60, 330, 90, 30, 190)
    left, right = Quad(0, 100, 140, 53, 150, 83, 10, 130), Quad(160, 47, 300, 0, 310, 30, 170, 77)
    assert metrics.compare_quads([left, right, lower], [upper, lower]) == DetectionCounts(
        detections=3, truths=2, matched=1, split=1
    )


def test_slanted_quads_are_compared_by_their_own_area():
    slanted = Quad(0, 100, 300, 0, 310, 30, 10, 130)
    assert metrics.match_quads([slanted], [slanted]) == [(0, 0)]
    assert metrics.match_quads([quad(0, 0, 310, 130)], [slanted]) == []


def test_matching_does_not_depend_on_which_side_is_which():
    rng = np.random.default_rng(4)
    for _ in range(50):
        first, second = random_quads(rng), random_quads(rng)
        forth = metrics.match_quads(first, second)
        back = metrics.match_quads(second, first)
        assert sorted(forth) == sorted((row, column) for column, row in back)
        for row, column in forth:
            one, other = first[row].box, second[column].box
            shared = one.overlap(other)
            assert shared / (one.area + other.area - shared) >= 0.5 - 1e-6


def test_every_quad_of_ground_truth_has_one_fate():
    rng = np.random.default_rng(5)
    for _ in range(50):
        predicted, truth = random_quads(rng), random_quads(rng)
        counts = metrics.compare_quads(predicted, truth)
        assert counts.truths == len(truth)
        assert counts.split + counts.merged + counts.missed <= counts.truths
        assert counts.matched == len(metrics.match_quads(predicted, truth))


def random_quads(rng):
    corners = rng.uniform(0, 60, size=(rng.integers(0, 12), 2))
    sizes = rng.uniform(10, 40, size=corners.shape)
    return [
        quad(*map(float, (*start, *end)))
        for start, end in zip(corners, corners + sizes, strict=True)
    ]


def test_no_quads_at_all():
    assert metrics.compare_quads([], []) == DetectionCounts()
    assert metrics.compare_quads([], [quad(0, 0, 1, 1)]) == DetectionCounts(truths=1, missed=1)
    assert metrics.compare_quads([quad(0, 0, 1, 1)], []).precision == 0


def test_calibration_error():
    assert metrics.calibration_error([0.8] * 10, [True] * 8 + [False] * 2) == pytest.approx(0)
    assert metrics.calibration_error([1.0] * 4, [False] * 4) == 1
    # Two bins that err in opposite ways do not cancel out.
    assert metrics.calibration_error([0.25, 0.75], [True, False]) == pytest.approx(0.75)
    assert metrics.calibration_error([], []) == 0


def test_confidences_that_mean_what_they_say_have_no_calibration_error():
    rng = np.random.default_rng(6)
    confidences = rng.uniform(size=50_000)
    correct = rng.uniform(size=confidences.size) < confidences
    assert metrics.calibration_error(confidences, correct) < 0.02
    assert metrics.calibration_error(confidences**2, correct) > 0.1
