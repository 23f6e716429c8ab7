"""The stages of a page and a line as chapters: a picture, a few sentences, and the true figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import nn

from ocr_core import backends, language_model, reading, tiling, weights
from ocr_core.boxes import THRESHOLD
from ocr_core.charset import Charset
from ocr_core.correction.judging import WEIGHT as LANGUAGE_WEIGHT
from ocr_core.correction.lexicons import load as load_lexicon
from ocr_core.correction.lines import GATE
from ocr_core.correction.pages import lexicon_for, tell_language
from ocr_core.ctc import BLANK
from ocr_core.engine_options import DEFAULTS
from ocr_core.explaining import choice_pictures, hearing, insides, line_pictures, page_pictures
from ocr_core.explaining.doubts import Trial, try_words
from ocr_core.explaining.drawing import Picture
from ocr_core.explaining.following import Followed, FollowedLine
from ocr_core.explaining.hearing import Heard, Way
from ocr_core.language_model import LanguageModel
from ocr_core.profiles import Profile
from ocr_core.recogniser import Recogniser
from ocr_core.rescoring import BONUS
from ocr_core.rescoring import WEIGHT as MODEL_WEIGHT
from ocr_core.restored_lines import RestoredLine

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Chapter:
    """One stage.

    Attributes:
        name: also of its picture's file.
        title: what it is called.
        text: what it does, in a few sentences.
        facts: what is measured, and its value with its unit.
    """

    name: str
    title: str
    text: str
    facts: Facts
    picture: Picture


@dataclass(frozen=True, slots=True, eq=False)
class Networks:
    """What the stages ask.

    Attributes:
        detector, recogniser: in float32, to look into.
        model: of characters, if one is used.
    """

    detector: nn.Module
    recogniser: Recogniser
    model: LanguageModel | None

    @property
    def charset(self) -> Charset:
        return Charset(self.recogniser.config.charset)


def open_networks(path: Path | None, profile: Profile) -> Networks:
    """The networks that an engine of some weights and quality reads with.

    Args:
        path: as `ocr_core.load` takes it.

    Raises:
        WeightsError: a weights file is missing, damaged or of another kind.
    """
    detector, recogniser = (
        backends.rebuild(weights.load_file(file, name))
        for file, name in zip(weights.find(path), ("detector", "recogniser"), strict=True)
    )
    assert isinstance(recogniser, Recogniser)
    model = language_model.load(language_model.find(path)) if profile.language_model else None
    return Networks(detector, recogniser, model)


def write_chapters(followed: Followed, line: FollowedLine, networks: Networks) -> Iterator[Chapter]:
    """All stages, in the order in which a page passes them."""
    window = line_pictures.choose_window(line)
    yield _threshold(followed, line)
    yield _detector(followed, line, networks)
    yield _quads(followed, line)
    yield _crop(followed, line, window)
    yield _features(line, networks, window)
    yield _path(line, networks, window)
    yield _second(line, networks)
    if line.restored:
        yield _restored(line, line.restored)
    yield _beam(line, networks)
    yield _correction(followed, line)
    yield _layout(followed, line)


def _threshold(followed: Followed, line: FollowedLine) -> Chapter:
    pixels = followed.image.pixels
    level = page_pictures.otsu_level(pixels)
    return Chapter(
        "01-threshold",
        "Threshold",
        "Black or white? For decades OCR began by asking this of every pixel, once for the whole "
        "page (Otsu) or pixel by pixel (Sauvola). Our networks read grey, so here it is but a "
        "remedy for some pages.",
        (
            ("page", f"{pixels.shape[0]} × {pixels.shape[1]} pixels at {followed.image.dpi} dpi"),
            ("Otsu's threshold", f"grey {level} of 255"),
            ("darker than that", f"{100 * float(np.mean(pixels < level)):.1f} % of the pixels"),
        ),
        page_pictures.thresholds(followed, line),
    )


def _detector(followed: Followed, line: FollowedLine, networks: Networks) -> Chapter:
    look = followed.look
    tiles = tiling.cut(look.pixels, DEFAULTS.longest_tile).pixels
    height, width = look.probability_map.shape
    return Chapter(
        "02-detector-map",
        "Detector: where is text?",
        "A network of convolutions gives every second pixel the probability that it lies in the "
        "core of a line: the line's box, shrunk by a quarter of its height, so that neighbours "
        "never touch.",
        (
            ("page as it sees it", f"{look.pixels.shape[0]} × {look.pixels.shape[1]} pixels"),
            ("tiles", f"{tiles.shape[0]} of {tiles.shape[1]} × {tiles.shape[2]} pixels"),
            ("map", f"{height} × {width}, 0 to 1"),
            ("above the threshold", f"{_percent(look.probability_map > THRESHOLD)} of the map"),
            ("parameters", f"{insides.n_parameters(networks.detector):,}"),
        ),
        page_pictures.detector_map(followed, line),
    )


def _quads(followed: Followed, line: FollowedLine) -> Chapter:
    quad = line.read.quad
    [score] = {one.score for one in followed.detected.detections if one.quad == quad}
    corners = "  ".join(f"({x:.1f}, {y:.1f})" for x, y in quad.corners.tolist())
    return Chapter(
        "03-quads",
        "Quads: pixels become lines",
        "Whatever exceeds the threshold and hangs together is traced and gets a rectangle, which "
        "is grown back by what the core was shrunk by. Four corners, and not a box: lines slant.",
        (
            ("lines found", str(len(followed.detected.detections))),
            ("corners of this one", f"{corners} page pixels"),
            ("size", f"{quad.width:.1f} × {quad.height:.1f} page pixels"),
            ("angle", f"{round(quad.angle_deg, 2) + 0.0:.2f}° anticlockwise"),
            ("mean probability inside", f"{score:.3f}"),
        ),
        page_pictures.quads(followed, line),
    )


def _crop(followed: Followed, line: FollowedLine, window: line_pictures.Window) -> Chapter:
    height, width = line.crop.shape
    return Chapter(
        "04-crop",
        "Crop: one line, upright",
        "The quad is cut out, made level and brought to one height, with a tenth of its height as "
        "margin all around. From here on the line is alone.",
        (
            ("crop", f"{height} × {width} pixels, grey"),
            ("page pixels for one of its", f"{1.2 * line.read.quad.height / height:.2f}"),
        ),
        line_pictures.crop(followed, line, window),
    )


def _features(line: FollowedLine, networks: Networks, window: line_pictures.Window) -> Chapter:
    found = insides.look_inside(networks.recogniser, line.crop)
    shapes = tuple((one.name, " × ".join(map(str, one.values.shape))) for one in found)
    return Chapter(
        "05-features",
        "Features: strokes become letters",
        "Five stages of convolutions: each sees more of the line, and keeps less of where exactly. "
        "What is left is a row of numbers for every four columns. Each strip is one channel.",
        (*shapes, ("parameters", f"{insides.n_parameters(networks.recogniser):,}")),
        line_pictures.features(line, found, window),
    )


def _path(line: FollowedLine, networks: Networks, window: line_pictures.Window) -> Chapter:
    seen = line.first.log_probabilities
    path = seen.argmax(axis=1)
    return Chapter(
        "06-path",
        "CTC: a label for each step",
        "An LSTM reads the row both ways and gives every step a probability for each character, "
        "and for none at all: the blank. Repeats of the likeliest labels are merged, blanks are "
        "dropped, and there is the text. Nobody ever told the network where a letter begins.",
        (
            ("steps × labels", f"{seen.shape[0]} × {seen.shape[1]}"),
            ("blank steps", _percent(path == BLANK)),
            ("text", line.first.decoded.text),
            ("least certain character", f"{min(line.first.decoded.confidences, default=1):.3f}"),
        ),
        line_pictures.path(line, seen, networks.charset, window),
    )


def _second(line: FollowedLine, networks: Networks) -> Chapter:
    stretches = reading.find_stretches(line.first.decoded, line.steps)
    shown = sum(one.shown_end - one.shown_start for one in stretches)
    return Chapter(
        "07-second-reader",
        "The second reader",
        f"Words with a character below {reading.DOUBT} are read again by a larger network, "
        f"with {reading.CONTEXT} steps of what stands beside them.",
        (
            ("stretches read again", str(len(stretches))),
            ("steps shown to it", f"{shown} of {line.steps}"),
            ("before", line.first.decoded.text),
            ("after", line.second.decoded.text),
        ),
        line_pictures.second_reader(line, networks.charset),
    )


def _restored(line: FollowedLine, restored: RestoredLine) -> Chapter:
    return Chapter(
        "07-restored",
        "Restoration: drawn once more",
        "A tenth of a page's lines, the least certain ones, are drawn anew by a diffusion network "
        "and read again. It draws what is plausible, so what it says is taken only where the "
        "picture as it was allows it, too.",
        (
            ("of the picture as it is", line.second.decoded.text),
            ("of the restored one", restored.reading.decoded.text),
            ("taken", "some of it" if line.line.restored else "nothing"),
        ),
        line_pictures.restored(line, restored),
    )


def _beam(line: FollowedLine, networks: Networks) -> Chapter:
    heard: list[Heard] = []
    ways: list[Way] = []
    if networks.model:
        told = hearing.hear(networks.model, networks.charset, line.second.log_probabilities)
        heard, ways = told.heard, told.ways
    kept = tuple(
        (f"way {number}", f"{' · '.join(text or '–' for text in way.texts)}: {way.score:.2f}")
        for number, way in enumerate(ways, start=1)
    )
    return Chapter(
        "08-beam",
        "Beam: what it may say instead",
        "Where the network itself gives something else a chance, all such readings are listed, and "
        "a model of which character follows which has its say. A few ways through the line are "
        "followed at a time, and the best one at its end is the text.",
        (
            ("stretches in doubt", str(len(heard))),
            ("score", f"network + {MODEL_WEIGHT} × model + {BONUS} a character, in nats"),
            *kept,
        ),
        choice_pictures.beam(line.second.decoded, heard),
    )


def _correction(followed: Followed, line: FollowedLine) -> Chapter:
    trials = _trials(followed, line)
    return Chapter(
        "09-correction",
        "Correction: is there such a word?",
        "A word that was read with doubt and that no lexicon knows may be another, which has to be "
        "likely twice: as a word, and in what the network saw. What was read is kept beside it.",
        (
            ("language", followed.page.language or "could not be told"),
            ("looked at", f"words read with less than {GATE}"),
            ("rank", f"image + {LANGUAGE_WEIGHT} × language, in nats"),
            *((one.read, choice_pictures.verdict(one)) for one in trials),
            ("read", line.line.raw_text),
            ("corrected", line.line.text),
        ),
        choice_pictures.correction(trials),
    )


def _trials(followed: Followed, line: FollowedLine) -> list[Trial]:
    told = tell_language(followed.read)
    lexicon = lexicon_for(told, load_lexicon)
    return try_words(told, line.read, line.line, lexicon) if lexicon else []


def _layout(followed: Followed, line: FollowedLine) -> Chapter:
    page = followed.page
    kinds = sorted({block.kind for block in page.blocks})
    counts = ", ".join(f"{sum(b.kind == kind for b in page.blocks)} {kind}" for kind in kinds)
    return Chapter(
        "10-layout",
        "Layout: in which order?",
        "Lines become blocks, blocks get a kind, and all of them an order: down a column and then "
        "to the next, tables as a whole.",
        (
            ("blocks", counts),
            ("this line", f"number {line.number + 1} of {len(page.lines)}"),
            ("skew", f"{round(page.skew_deg, 2) + 0.0:.2f}° anticlockwise"),
            ("confidence of the page", f"{page.confidence:.3f}"),
        ),
        page_pictures.layout(followed, line),
    )


def _percent(which: NDArray[np.bool_]) -> str:
    return f"{100 * float(np.mean(which)):.1f} %"
