"""Pictures of choices: readings of a stretch and candidates for a word, and what each counts."""

from __future__ import annotations

from collections.abc import Sequence

import cv2

from ocr_core.correction.judging import ENOUGH, WEIGHT, Weighed
from ocr_core.ctc import Decoded
from ocr_core.explaining import drawing
from ocr_core.explaining.doubts import Trial
from ocr_core.explaining.drawing import Picture
from ocr_core.explaining.hearing import Heard

ROW_PX = 24
# Where the bars begin, and how many pixels 1 and one nat are long.
BARS_PX, ONE_PX, NAT_PX = 330, 220, 16
# More are not drawn.
MOST_STRETCHES, MOST_TRIALS, MOST_CANDIDATES = 5, 3, 6
# Characters of the line that are shown on both sides of a stretch.
BESIDE = 9


def beam(decoded: Decoded, heard: Sequence[Heard]) -> Picture:
    """The readings of each stretch of a line: as seen, and after the model has had its say.

    Args:
        decoded: the line as it was decoded.
    """
    if not heard:
        return _note("nothing in doubt: the best path is all that was looked at")
    head = drawing.blank(ROW_PX)
    drawing.words(head, (0, 4), "reading", drawing.GREY)
    drawing.words(head, (BARS_PX, 4), "the network alone", drawing.GREY)
    drawing.words(head, (BARS_PX + ONE_PX + 60, 4), "with the character model", drawing.GREY)
    # Those that were least certain tell most.
    telling = sorted(heard, key=lambda one: one.alternatives[one.chosen].heard)[:MOST_STRETCHES]
    parts = [head]
    for stretch in sorted(telling, key=lambda one: one.start):
        parts += [_alternative(decoded, stretch, at) for at in range(len(stretch.alternatives))]
        parts.append(drawing.blank(6))
    return drawing.below(parts, gap=0)


def _alternative(decoded: Decoded, stretch: Heard, at: int) -> Picture:
    row = drawing.blank(ROW_PX)
    own = stretch.alternatives[at]
    colour = drawing.RED if at == stretch.chosen else drawing.BLACK
    before, after = beside(decoded, stretch)
    x = 0
    for text, ink in ((before, drawing.GREY), (own.text or "–", colour), (after, drawing.GREY)):
        drawing.words(row, (x, 4), text, ink)
        x += drawing.words_width(text)
    for left, share in ((BARS_PX, own.seen), (BARS_PX + ONE_PX + 60, own.heard)):
        end = left + round(share * ONE_PX)
        cv2.rectangle(row, (left, 5), (end, ROW_PX - 5), drawing.BLUE, -1)
        drawing.words(row, (end + 6, 4), f"{share:.3f}")
    return row


def beside(decoded: Decoded, stretch: Heard) -> tuple[str, str]:
    """What a line says just before and just after a stretch."""
    starts = list(enumerate(decoded.starts))
    before = [decoded.text[at] for at, start in starts if start < stretch.start]
    after = [decoded.text[at] for at, start in starts if start >= stretch.end]
    return "".join(before[-BESIDE:]), "".join(after[:BESIDE])


def correction(trials: Sequence[Trial]) -> Picture:
    """What words in doubt might be instead, and what speaks for and against it."""
    if not trials:
        return _note("no word was in doubt that correction could say anything of")
    parts = []
    for trial in trials[:MOST_TRIALS]:
        head = drawing.blank(ROW_PX)
        drawing.words(
            head, (0, 4), f"{trial.read}, read with {trial.confidence:.2f}: {verdict(trial)}"
        )
        parts.append(head)
        parts += [_candidate(one, trial) for one in trial.candidates[:MOST_CANDIDATES]]
        parts.append(drawing.blank(10))
    legend = drawing.blank(ROW_PX)
    places = ((BARS_PX, "image", drawing.BLUE), (BARS_PX + 70, "language", drawing.GREEN))
    for left, name, colour in (*places, (BARS_PX + 160, "both, as ranked (nats)", drawing.ORANGE)):
        cv2.rectangle(legend, (left, 7), (left + 10, 17), colour, -1)
        drawing.words(legend, (left + 15, 4), name, drawing.GREY)
    return drawing.below([legend, *parts], gap=0)


def verdict(trial: Trial) -> str:
    """What became of a word, and why, in a few words."""
    if trial.log_odds is None:
        return "nothing else is worth judging"
    odds = f"log-odds {trial.log_odds:.2f} of being right, {ENOUGH:.2f} are needed"
    return f"becomes {trial.taken} ({odds})" if trial.taken else f"stays ({odds})"


def _candidate(one: Weighed, trial: Trial) -> Picture:
    row = drawing.blank(ROW_PX + 12)
    text, prior, reason = one.proposal
    colour = drawing.RED if text == trial.taken else drawing.BLACK
    drawing.words(row, (24, 8), f"{text}  ({reason})", colour)
    zero = BARS_PX + 10 * NAT_PX
    cv2.line(row, (zero, 0), (zero, len(row)), drawing.GREY, 1)
    bars = (
        (one.seen, drawing.BLUE),
        (WEIGHT * prior, drawing.GREEN),
        (one.gain, drawing.ORANGE),
    )
    for number, (value, ink) in enumerate(bars):
        top = 3 + 10 * number
        end = zero + round(max(min(value, 18.0), -10.0) * NAT_PX)
        cv2.rectangle(row, (min(zero, end), top), (max(zero, end), top + 8), ink, -1)
    sums = f"{one.seen:+.1f}  {WEIGHT * prior:+.1f}  = {one.gain:+.1f}"
    drawing.words(row, (drawing.WIDTH - drawing.words_width(sums), 8), sums)
    return row


def _note(text: str) -> Picture:
    picture = drawing.blank(ROW_PX)
    drawing.words(picture, (0, 4), text, drawing.GREY)
    return picture
