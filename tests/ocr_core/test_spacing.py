import re

import pytest

from ocr_core.ctc import Decoded
from ocr_core.spacing import close_thin_gaps


def closed(text, *gaps):
    """The text that is left of a line whose words are parted by gaps of these widths."""
    count = len(text)
    decoded = Decoded(
        text, tuple(range(count)), tuple(range(count)), tuple(n + 1 for n in range(count))
    )
    spans = [match.span() for match in re.finditer(r"\S+", text)]
    extents, left = [], 0
    for (first, last), gap in zip(spans, (*gaps, 0), strict=True):
        extents.append((left, left + 10 * (last - first)))
        left = extents[-1][1] + gap
    result = close_thin_gaps(decoded, spans, extents)
    assert [text[place] for place in result.starts] == list(result.text)
    assert result.starts == result.confidences == tuple(end - 1 for end in result.ends)
    assert result is decoded or result.text != text
    return result.text


@pytest.mark.parametrize(
    ("text", "gaps", "expected"),
    [
        ("so he went ; then", (10, 10, 5, 10), "so he went; then"),
        ("so he went ; then", (10, 10, 10, 10), "so he went ; then"),  # a typewriter's space
        ("why did he go ?", (10, 12, 11, 4), "why did he go?"),
        ("he said : “ go now ” to him", (9, 4, 9, 4, 9, 4, 9, 9), "he said: “go now” to him"),
        ("no , not so", (10, 4, 10), "no , not so"),  # no compositor parts a comma
        ("TEL : 03", (3, 3), "TEL : 03"),  # nothing tells what is usual
        ("two words here", (10, 2), "two words here"),
        ("word", (), "word"),
    ],
)
def test_gaps_are_judged_by_the_others_of_the_line(text, gaps, expected):
    assert closed(text, *gaps) == expected
