import pytest

from pipelines.evaluation.alignment import Step, tokens_of
from pipelines.evaluation.characters import Segment, compare_characters


def compared(truth, read, fold_case=False):
    step = Step("changed", tuple(tokens_of([truth])), tuple(tokens_of([read])))
    segments = compare_characters(step, fold_case)
    assert "".join(segment.truth for segment in segments) == truth
    assert "".join(segment.read for segment in segments) == read
    return [segment for segment in segments if segment.mark != "same"]


@pytest.mark.parametrize(
    ("truth", "read", "expected"),
    [
        ("corner", "comer", [Segment("substituted", "rn", "m")]),
        ("toll", "tol", [Segment("missing", "l", "")]),
        ("tol", "toll", [Segment("added", "", "l")]),
        ("quick", "qu ick", [Segment("added", "", " ")]),
        ("over the", "overthe", [Segment("missing", " ", "")]),
        ("a", "o", [Segment("substituted", "a", "o")]),
    ],
)
def test_characters_are_marked(truth, read, expected):
    assert compared(truth, read) == expected


def test_folding_case_does_not_lengthen_what_is_compared():
    assert compared("STRASSEN", "straßen", fold_case=True) == [Segment("substituted", "SS", "ß")]
    assert compared("MAẞE", "maße", fold_case=True) == []
