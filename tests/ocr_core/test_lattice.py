import math

import numpy as np
import pytest

from ocr_core.ctc import runs_of
from ocr_core.lattice import LONGEST, Stretch, find_stretches

A, B, C, SPACE = 1, 2, 3, 4
LABELS = 5


def line(*steps):
    """Log-probabilities of steps, each one label that is sure or the chances of several."""
    rows = np.full((len(steps), LABELS), 1e-4)
    for row, step in zip(rows, steps, strict=True):
        for label, chance in ({step: 1.0} if isinstance(step, int) else step).items():
            row[label] = chance
    return np.log(rows / rows.sum(axis=1, keepdims=True)).astype(np.float32)


def stretches(*steps) -> list[Stretch]:
    log_probabilities = line(*steps)
    path = log_probabilities.argmax(axis=1)
    return find_stretches(log_probabilities, path, list(runs_of(path, log_probabilities)))


def readings(stretch: Stretch) -> dict[tuple[int, ...], float]:
    return {labels: math.exp(log_probability) for labels, log_probability in stretch.readings}


def test_a_line_beyond_doubt_has_no_stretches():
    assert stretches(A, 0, B, SPACE, C, C, 0) == []


def test_nothing_has_no_stretches():
    assert stretches() == []


def test_a_character_between_two_is_a_stretch_with_both_of_them():
    [found] = stretches(A, 0, {B: 0.7, C: 0.3}, 0, A)
    assert (found.start, found.end) == (2, 3)
    assert readings(found) == pytest.approx({(B,): 0.7, (C,): 0.3}, abs=0.01)


def test_readings_are_summed_over_the_paths_that_give_them():
    [found] = stretches(0, {B: 0.5, C: 0.3, 0: 0.2}, {B: 0.6, 0: 0.4}, 0)
    assert readings(found) == pytest.approx(
        {(B,): 0.5 + 0.2 * 0.6, (C, B): 0.18, (C,): 0.12, (): 0.08}, abs=0.01
    )


def test_a_label_that_smears_over_the_blank_beside_it_is_no_doubt():
    assert stretches(0, {A: 0.6, 0: 0.4}, A, {A: 0.5, 0: 0.5}, 0) == []


def test_a_character_that_may_be_none_is_a_stretch():
    [found] = stretches(A, 0, {B: 0.6, 0: 0.4}, 0, A)
    assert readings(found) == pytest.approx({(B,): 0.6, (): 0.4}, abs=0.01)


def test_a_space_that_the_best_path_leaves_out_is_offered():
    [found] = stretches(A, {0: 0.8, SPACE: 0.2}, B)
    assert readings(found) == pytest.approx({(B,): 0.8, (SPACE, B): 0.2}, abs=0.01)


def test_a_label_held_after_a_stretch_may_begin_in_it():
    [found] = stretches(0, {A: 0.4, B: 0.5, 0: 0.1}, A, 0)
    assert readings(found) == pytest.approx({(B, A): 0.5, (A,): 0.5}, abs=0.01)


def test_a_label_held_from_before_is_not_read_twice():
    [found] = stretches(A, {A: 0.5, B: 0.5}, 0)
    assert readings(found) == pytest.approx({(): 0.5, (B,): 0.5}, abs=0.01)


def test_two_of_a_kind_may_be_one():
    [found] = stretches(A, {0: 0.6, A: 0.4}, A)
    assert readings(found) == pytest.approx({(A,): 0.6, (): 0.4}, abs=0.01)


def test_what_the_picture_gives_no_chance_is_not_proposed():
    [found] = stretches(0, {A: 0.55, B: 0.43, C: 0.02}, 0)
    assert set(readings(found)) == {(A,), (B,)}


def test_what_cannot_be_read_at_all_stays_as_it_is():
    torn = [{A: 0.4, B: 0.3, C: 0.3}] * (LONGEST + 1)
    assert stretches(0, *torn, 0) == []


def test_steps_at_which_no_label_stands_out_are_read_all_the_same():
    rows = np.full((3, 100), 0.01)
    rows[1] = 1e-4
    rows[1, [A, B]] = 0.5
    flat, path = np.log(rows).astype(np.float32), np.array([C, A, C])
    [found] = find_stretches(flat, path, list(runs_of(path, flat)))
    assert (found.start, found.end) == (0, 3)
    assert len(found.readings) > 1
