"""Lines that were read with doubt, as a recogniser leaves them to correction."""

import numpy as np

from ocr_core.charset import Charset
from ocr_core.correction import evidence
from ocr_core.ctc import decode_best_path
from schemas import Box, Line, Quad, Word

CHARSET = Charset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789éäöü.,:;'’-/()@ ")


def line_of(text, means=None, confidence=0.6, chance=0.3):
    """A line that says `text`, but for the image some of it may as well be `means`."""
    means = means or text
    width = 1 + len(CHARSET)
    rows = []
    for own, other in zip(text, means.ljust(len(text)), strict=True):
        row = np.full(width, 1e-6)
        row[CHARSET.encode(own)[0]] = 1 - chance
        row[CHARSET.encode(other)[0]] += chance if other != own else chance - 1e-3
        rows += [row, np.eye(width)[0] + 1e-6]
    log_probabilities = np.log(np.array(rows, dtype=np.float32))
    words = [Word(word, word, Box(0, 0, 9, 9), confidence) for word in text.split()]
    line = Line(text, text, confidence, Quad(0, 0, 9, 0, 9, 9, 0, 9), tuple(words))
    decoded = decode_best_path(log_probabilities, CHARSET)
    assert decoded.text == text
    return evidence.keep(log_probabilities, CHARSET, decoded, line)
