import numpy as np
import pytest

from ocr_core.charset import Charset
from ocr_core.ctc import decode_best_path

CHARSET = Charset("ab ")
A, B, SPACE = 1, 2, 3


def steps(*labels, confidence=0.9):
    """Log-probabilities that give each step's label `confidence`; one may be given for each."""
    wanted = np.broadcast_to(confidence, len(labels))
    result = np.empty((len(labels), 4), np.float32)
    for row, label, share in zip(result, labels, wanted, strict=True):
        row[:] = np.log((1 - share) / 3)
        row[label] = np.log(share)
    return result


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((A, B), "ab"),
        ((A, A, B, B, B), "ab"),
        ((A, 0, A), "aa"),
        ((0, 0, A, 0, 0, B, 0), "ab"),
        ((A, SPACE, B), "a b"),
        ((SPACE, 0, SPACE, A, 0, SPACE, SPACE), "a"),
        ((A, SPACE, 0, SPACE, B), "a b"),
        ((0, 0, 0), ""),
        ((SPACE,), ""),
    ],
)
def test_the_likeliest_path_is_written(path, text):
    decoded = decode_best_path(steps(*path), CHARSET)
    assert decoded.text == text
    assert len(decoded.confidences) == len(decoded.starts) == len(decoded.ends) == len(text)


def test_nothing_is_read_from_nothing():
    decoded = decode_best_path(np.zeros((0, 4), np.float32), CHARSET)
    assert decoded.text == ""
    assert decoded.confidences == decoded.starts == decoded.ends == ()


def test_each_character_spans_its_own_steps():
    decoded = decode_best_path(steps(0, A, A, 0, SPACE, B, B, B), CHARSET)
    assert decoded.text == "a b"
    assert decoded.starts == (1, 4, 5)
    assert decoded.ends == (3, 5, 8)


def test_a_confidence_is_the_largest_of_its_steps():
    path = steps(A, A, 0, B, confidence=[0.5, 0.8, 0.9, 0.6])
    assert decode_best_path(path, CHARSET).confidences == pytest.approx((0.8, 0.6), rel=1e-4)


def test_a_confidence_is_never_above_one():
    path = steps(A, confidence=0.9) + np.float32(1)  # not normalised
    assert decode_best_path(path, CHARSET).confidences == (1.0,)


def test_labels_decode_to_what_was_encoded():
    rng = np.random.default_rng(0)
    for _ in range(50):
        text = " ".join("".join(rng.choice(list("ab"), 3)) for _ in range(4))
        path = [label for one in CHARSET.encode(text) for label in (one, 0)]
        assert decode_best_path(steps(*path), CHARSET).text == text
