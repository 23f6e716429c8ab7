import re

import numpy as np
import pytest

from ocr_core.charset import latin
from ocr_core.synth.corpus import Corpus
from ocr_core.synth.till_text import till_line, till_name, till_price

CORPUS = Corpus("en", (), tuple("milk bread paper house orange tea".split()))


@pytest.fixture(scope="module")
def lines():
    rng = np.random.default_rng(0)
    return [till_line(rng, CORPUS, 40) for _ in range(3000)]


def test_lines_can_be_written_with_the_charset(lines):
    assert all(line.strip() for line in lines)
    assert latin().holds("".join(lines))


def test_the_signs_of_receipts_are_common(lines):
    for sign in "%@#&*:-/().":
        assert sum(sign in line for line in lines) > 30, sign


@pytest.mark.parametrize(
    "pattern",
    [
        r"GST ?@ ?\d+%", r"\d+x\d+\.\d\d", r"#\d\d-\d+", r"\bZRL\b", r"RM \d", r"-\d+\.\d\d",
        r"\d\d/\d\d/\d{4} \d\d:\d\d:\d\d ?[AP]M", r"\(GST INCL\)", r"QTY\(S\)", r"[A-Z]\. ?[A-Z]+",
        r"^(Tel|TEL|Fax|FAX).*\d",
    ],
)  # fmt: skip
def test_what_receipts_say_is_said(lines, pattern):
    assert any(re.search(pattern, line) for line in lines)


def test_lines_hardly_repeat(lines):
    assert len(set(lines)) > 0.85 * len(lines)


def test_prices_have_two_decimals():
    rng = np.random.default_rng(1)
    for _ in range(200):
        assert re.search(r"\d\.\d\d", till_price(rng))


def test_names_are_made_of_words_that_may_be_of_no_language():
    rng = np.random.default_rng(2)
    names = " ".join(till_name(rng, CORPUS) for _ in range(200))
    assert any(word.upper() in names for word in CORPUS.words)
    assert not set(re.findall(r"[A-Z]{6,}", names)) <= {word.upper() for word in CORPUS.words}
