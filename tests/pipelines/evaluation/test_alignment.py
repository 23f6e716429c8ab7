"""Which words stand for which."""

import random
import time

import pytest

from pipelines.evaluation.alignment import Token, align, tokens_of


def explained(truth, read, fold_case=False):
    """(kind, words of ground truth, words that were read) of each step that is not `same`."""
    steps = align(tokens_of([truth]), tokens_of([read]), fold_case)
    said = [
        (step.kind, *(" ".join(token.text for token in side) for side in (step.truth, step.read)))
        for step in steps
    ]
    return [one for one in said if one[0] != "same"]


def test_tokens_know_their_lines():
    assert tokens_of(["a b", "", "c"]) == [Token("a", 0), Token("b", 0), Token("c", 2)]


@pytest.mark.parametrize(
    ("truth", "read", "expected"),
    [
        ("the canal", "the canal", []),
        ("the canal", "the cana1", [("changed", "canal", "cana1")]),
        ("the quick fox", "the qu ick fox", [("changed", "quick", "qu ick")]),
        ("over the dog", "overthe dog", [("changed", "over the", "overthe")]),
        ("pay 4 pence", "pay pence", [("missing", "4", "")]),
        ("pay pence", "pay 4 pence", [("added", "", "4")]),
        ("pay a ton", "pay o ton", [("changed", "a", "o")]),  # nothing shared, but one for one
        ("end .", "end.", [("changed", "end .", "end.")]),
        ("whole lines are gone here", "xyzzy", [("missing", "whole lines are gone here", ""),
                                                ("added", "", "xyzzy")]),
        ("", "", []),
        ("", "noise", [("added", "", "noise")]),
        ("lost", "", [("missing", "lost", "")]),
    ],
)  # fmt: skip
def test_words_are_paired_with_what_was_read_for_them(truth, read, expected):
    assert explained(truth, read) == expected


def test_a_word_that_is_alike_is_the_same_whatever_stands_beside_it():
    steps = align(tokens_of(["over the lazy dog"]), tokens_of(["overthe lazy zz dog"]))
    same = [token.text for step in steps if step.kind == "same" for token in step.truth]
    assert same == ["lazy", "dog"]


def test_case_is_compared_unless_it_is_folded():
    assert explained("TOTAL", "Total")[0][0] == "changed"
    assert explained("TOTAL", "Total", fold_case=True) == []


def test_runs_of_words_at_another_place_are_moved_but_not_few_words():
    first, second = "one two three four five six", "red green blue"
    assert explained(f"{first} {second}", f"{second} {first}") == [
        ("moved", "", second),
        ("moved", second, ""),
    ]
    assert {kind for kind, *_ in explained(f"{first} of the", f"of the {first}")} == {
        "added",
        "missing",
    }


def test_what_recurs_everywhere_is_not_moved():
    dots = " ".join("." * 60)
    assert {kind for kind, *_ in explained(f"{dots} end", f"end {dots}")} == {"missing", "added"}


def test_all_words_are_there_in_order():
    random.seed(3)
    words = [f"w{number}" for number in range(40)]
    for _ in range(50):
        truth, read = ([random.choice(words) for _ in range(30)] for _ in range(2))
        steps = align(tokens_of([" ".join(truth)]), tokens_of([" ".join(read)]))
        assert [token.text for step in steps for token in step.truth] == truth
        assert [token.text for step in steps for token in step.read] == read
        for step in steps:
            if step.kind == "same":
                assert [t.text for t in step.truth] == [t.text for t in step.read]


@pytest.mark.parametrize("kind", ["noisy", "foreign", "turned round"])
def test_a_page_of_3000_words_takes_less_than_a_second(kind):
    random.seed(1)
    words = [f"{random.randrange(16**4):04x}" for _ in range(3000)]
    noisy = ["".join(c if random.random() > 0.1 else "?" for c in word) for word in words]
    foreign = [f"{random.randrange(16**4):04x}" for _ in range(3000)]
    read = {"noisy": noisy, "foreign": foreign, "turned round": words[1500:] + words[:1500]}[kind]
    tokens = [tokens_of([" ".join(side)]) for side in (words, read)]
    started = time.process_time()
    align(*tokens)
    assert time.process_time() - started < 1
