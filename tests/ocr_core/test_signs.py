import random

import pytest

from ocr_core.signs import Agreement, SignCounts, compare_signs


def test_what_agrees_is_counted_from_both_sides():
    agreement = Agreement(true=4, found=3, read=6, right=3)
    assert (agreement.recall, agreement.precision) == (0.75, 0.5)
    assert agreement.f1 == pytest.approx(0.6)
    assert agreement + Agreement(1, 1, 1, 1) == Agreement(5, 4, 7, 4)
    assert Agreement().f1 == 0


@pytest.mark.parametrize(
    ("predicted", "truth", "expected"),
    [
        ("to be or not", "to be or not", Agreement(3, 3, 3, 3)),
        ("to beor not", "to be or not", Agreement(3, 2, 2, 2)),
        ("to b e or not", "to be or not", Agreement(3, 3, 4, 3)),
        ("to-be or not", "to be or not", Agreement(3, 2, 2, 2)),
        ("", "to be or not", Agreement(3, 0, 0, 0)),
        ("to be or not", "", Agreement(0, 0, 3, 0)),
        ("  to be\t or\tnot ", "to be or not", Agreement(3, 3, 3, 3)),
    ],
)
def test_spaces(predicted, truth, expected):
    assert compare_signs(predicted, truth).spaces == expected


@pytest.mark.parametrize(
    ("predicted", "truth", "expected"),
    [
        ("“No”, he said.", '"No", he said.', Agreement(4, 4, 4, 4)),  # quotes are unified
        ("No, he said.", '"No", he said.', Agreement(4, 2, 2, 2)),
        ('"No"; he said.', '"No", he said.', Agreement(4, 3, 4, 3)),
        ("a + b = c", "a . b = c", Agreement(2, 1, 2, 1)),  # signs of mathematics too
        ("3.50 of 350", "350 of 3.50", Agreement(1, 1, 1, 1)),  # wherever it stands
        ("35.0 of 350", "350 of 3.50", Agreement(1, 0, 1, 0)),  # but between its neighbours
    ],
)
def test_punctuation(predicted, truth, expected):
    assert compare_signs(predicted, truth).punctuation == expected


@pytest.mark.parametrize(
    ("predicted", "truth", "expected"),
    [
        ("in 1938 ($1,250.00)", "in 1938, $1,250.00", Agreement(2, 2, 2, 2)),
        ("1938 1938", "1938 and so on", Agreement(1, 1, 2, 1)),
        ("12.50 B4 x", "1250 84 x", Agreement(2, 0, 2, 0)),
        ("no 7 -", "7", Agreement(1, 1, 1, 1)),
    ],
)
def test_numbers_are_right_or_wrong_as_a_whole(predicted, truth, expected):
    assert compare_signs(predicted, truth).numbers == expected


def test_spaces_of_text_that_runs_on_are_found_in_lines_of_any_order():
    rng = random.Random(1)
    words = ["".join(rng.choices("abcdefghij", k=rng.randint(2, 9))) for _ in range(200)]
    lines = [" ".join(words[at : at + 10]) for at in range(0, 200, 10)]
    truth = "\n".join(rng.sample(lines, len(lines)))
    running = compare_signs(" ".join(words), truth).spaces
    assert running.true == 180
    assert running.read == 199  # and the ends of lines
    assert running.f1 > 0.94
    assert compare_signs("a" * 100, "a" * 100).spaces == Agreement()


def test_the_order_of_lines_does_not_matter():
    rng = random.Random(0)
    truth = [
        "The quick brown fox, it is said,",
        "jumps 12 times.",
        "Total: 45.00 EUR",
        "Thank you!",
    ]
    predicted = [
        "The qu1ck brown fox, it is said",
        "jumps 12 tirnes.",
        "Total: 4500 EUR",
        "Thankyou!",
    ]
    expected = compare_signs("\n".join(predicted), "\n".join(truth))
    assert expected.spaces == Agreement(11, 10, 10, 10)
    assert expected.numbers == Agreement(2, 1, 3, 1)
    for _ in range(10):
        rng.shuffle(predicted)
        assert compare_signs("\n".join(predicted), "\n".join(truth)) == expected


def test_how_lines_are_broken_matters_little():
    truth = "It was the best of times, it was the worst of times, it was the age of wisdom."
    broken = "It was the best of times,\nit was the worst of ti-\nmes, it was the age\nof wisdom."
    counts = compare_signs(broken, truth)
    assert (counts.spaces.recall, counts.spaces.precision) == (1, 1)
    assert counts.punctuation == Agreement(3, 3, 3, 3)
    assert compare_signs(truth, broken).spaces.f1 == 1


def test_what_resembles_nothing_is_neither_found_nor_right():
    counts = compare_signs("xq zvw kkj, ppr.", "It was the best of times.")
    assert counts.spaces == Agreement(5, 0, 3, 0)
    assert counts.punctuation == Agreement(1, 0, 2, 0)


def test_case_may_be_folded():
    assert compare_signs("no. a1", "NO. A1", fold_case=True).numbers.recall == 1
    assert compare_signs("no. a1", "NO. A1").numbers.recall == 0


def test_counts_add_up():
    one, other = compare_signs("a b", "a b"), compare_signs("1", "2.")
    assert one + other == SignCounts(
        Agreement(1, 1, 1, 1), Agreement(1, 0, 0, 0), Agreement(1, 0, 1, 0)
    )
