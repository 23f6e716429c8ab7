from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr_core import engine as engine_module
from ocr_core import layout
from ocr_core.correction import languages
from ocr_core.correction.lexicons import Lexicon
from ocr_core.engine import Engine, EngineOptions
from ocr_core.errors import WeightsError
from ocr_core.reading import LineReader
from ocr_core.restored_lines import LineRestorer
from schemas import (
    Box,
    DetectedPage,
    Detection,
    Failure,
    Line,
    Page,
    PageRef,
    Quad,
    Ruling,
    Word,
    rows,
)
from tests.stand_ins import (
    DoubtfulRecogniser,
    GreyRecogniser,
    InkDetector,
    OneWayRecogniser,
    PoisonedDetector,
    Repainter,
    blank_page,
    draw_text,
    page_image,
    poison,
)


def make_engine(detector=None, recogniser=None, **options) -> Engine:
    reader = LineReader(recogniser or GreyRecogniser())
    return Engine(detector or InkDetector(), reader, None, EngineOptions(**options))


def page_with(seed: int) -> np.ndarray:
    """A page of some size with some lines of random words."""
    random = np.random.default_rng(seed)
    pixels = blank_page(int(random.integers(160, 300)), int(random.integers(400, 600)))
    for top in range(30, len(pixels) - 60, 50):
        words = ["".join(random.choice(list("abcde"), random.integers(1, 6))) for _ in range(3)]
        draw_text(pixels, " ".join(words), 30 + int(random.integers(40)), top)
    return pixels


def without_seconds(result: Page | Failure) -> Page | Failure:
    return replace(result, seconds={}) if isinstance(result, Page) else result


def test_a_page_is_read_from_pixels_to_text_in_order():
    pixels = blank_page()
    box, _ = draw_text(pixels, "abc de ab", left=40, top=60)
    draw_text(pixels, "bad cab", left=40, top=90)
    draw_text(pixels, "d", left=40, top=120)
    (page,) = make_engine().read_pages([page_image(pixels, index=3)])
    assert page.text == "abc de ab\nbad cab\nd"
    assert (page.ref.page_index, page.width_px, page.height_px, page.dpi) == (3, 500, 600, 200)
    assert page.status == "read"
    # As certain as the characters of each word and the spaces beside it.
    sure = [0.95**4, 0.95**4, 0.95**3, 0.95**4, 0.95**4, 0.95]
    confidences = [word.confidence for line in page.lines for word in line.words]
    assert confidences == pytest.approx(sure, rel=1e-4)
    assert page.lines[0].quad.box.overlap(box) > 0.95 * box.area
    assert set(page.seconds) == {"detect", "recognise", "correct", "layout"}


@pytest.mark.parametrize("options", [{}, {"max_tile_pixels": 1, "max_crop_pixels": 1}])
def test_a_page_reads_the_same_whatever_its_neighbours_and_the_size_of_the_batch(options):
    images = [page_image(page_with(seed), seed) for seed in range(8)]
    together = make_engine().read_pages(images)
    alone = [make_engine(**options).read_pages([image])[0] for image in images]
    assert [without_seconds(page) for page in together] == [without_seconds(one) for one in alone]
    assert all(page.lines for page in together)


@pytest.mark.parametrize(("new", "text", "restored"), [("e", "aaea", True), ("b", "aaca", False)])
def test_doubtful_lines_are_restored_where_the_page_agrees(new, text, restored):
    reader = LineReader(DoubtfulRecogniser(0.99, sureness=0.5))
    images = [page_image(blank_page(), n) for n in range(3)]
    for image, line in zip(images, ("aaca", "bad", "aaca"), strict=True):
        draw_text(image.pixels, line, left=40, top=60)
        draw_text(image.pixels, "dab", left=40, top=160)
    lines = LineRestorer(Repainter("c", new), reader)
    engine = Engine(InkDetector(), reader, None, restorer=lines)
    first, second, third = engine.read_pages(images)
    assert [line.text for line in first.lines] == [text, "dab"]
    assert [line.restored for line in first.lines] == [restored, False]
    assert without_seconds(replace(third, ref=first.ref)) == without_seconds(first)
    plain = Engine(InkDetector(), reader, None).read_pages(images)
    assert without_seconds(second) == without_seconds(plain[1])
    if not restored:
        assert rows.rows_from_lines(first) == rows.rows_from_lines(plain[0])


def test_results_come_in_the_order_of_the_pages():
    images = [page_image(page_with(seed), seed) for seed in range(3)]
    forwards = make_engine().read_pages(images)
    backwards = make_engine().read_pages(images[::-1])
    assert [page.ref for page in forwards] == [image.ref for image in images]
    assert [page.text for page in backwards] == [page.text for page in forwards[::-1]]


def test_a_page_that_fails_takes_no_other_page_with_it():
    images = [page_image(page_with(seed), seed) for seed in range(3)]
    images[1] = replace(images[1], pixels=poison(blank_page(400, 400)))
    expected = make_engine().read_pages(images)
    first, second, third = make_engine(PoisonedDetector()).read_pages(images)
    assert without_seconds(first) == without_seconds(expected[0])
    assert without_seconds(third) == without_seconds(expected[2])
    assert second == Failure(
        images[1].ref.doc_id,
        images[1].ref.uri,
        1,
        "detect",
        "internal-error",
        "RuntimeError: a poisoned tile",
    )


def test_a_page_too_large_for_memory_is_set_aside_with_its_code():
    image = page_image(poison(blank_page(300, 300)))
    (failure,) = make_engine(PoisonedDetector(error=MemoryError("4 GiB"))).read_pages([image])
    assert failure.code == "out-of-memory"


def test_damaged_weights_stop_the_run():
    image = page_image(poison(blank_page(300, 300)))
    with pytest.raises(WeightsError):
        make_engine(PoisonedDetector(error=WeightsError("damaged"))).read_pages([image])


@pytest.mark.parametrize("shape", [(0, 0), (0, 10), (10, 0)])
def test_a_page_without_area_is_set_aside(shape):
    (failure,) = make_engine().read_pages([page_image(np.zeros(shape, np.uint8))])
    assert (failure.code, failure.stage) == ("empty-source", "detect")


def test_a_blank_page_is_empty_and_no_pages_are_none():
    (page,) = make_engine().read_pages([page_image(blank_page())])
    assert page.status == "empty"
    assert make_engine().read_pages([]) == []


def test_a_recogniser_that_fails_sets_its_page_aside():
    class Failing(GreyRecogniser):
        def __call__(self, crops, widths):
            if widths.max() > 200:
                raise ValueError("too wide")
            return super().__call__(crops, widths)

    short, long = blank_page(), blank_page()
    draw_text(short, "ab", left=40, top=60)
    draw_text(long, "abcde abcde abcde", left=40, top=60)
    images = [page_image(short, 0), page_image(long, 1)]
    page, failure = make_engine(recogniser=Failing()).read_pages(images)
    assert page.text == "ab"
    assert (failure.page_index, failure.stage) == (1, "recognise")
    assert failure.message == "ValueError: too wide"


@pytest.mark.parametrize(
    ("module", "name", "stage"),
    [(engine_module, "correct_lines", "correct"), (layout, "lay_out_page", "layout")],
)
def test_a_page_that_cannot_be_finished_is_set_aside(monkeypatch, module, name, stage):
    def fail(*_):
        raise IndexError("no such line")

    monkeypatch.setattr(module, name, fail)
    engine = Engine(InkDetector(), LineReader(GreyRecogniser()), no_lexicon)
    (failure,) = engine.read_pages([page_image(page_with(2))])
    assert (failure.stage, failure.code) == (stage, "internal-error")


def test_small_text_is_looked_at_again_with_more_pixels():
    pixels = blank_page(3000, 2400)
    for top in range(200, 2800, 60):
        draw_text(pixels, "abcde edc", left=300, top=top, height=18)
    fine, coarse = InkDetector(), InkDetector()
    (page,) = make_engine(fine).detect_pages([page_image(pixels)])
    (seen_once,) = make_engine(coarse, min_line_height=1).detect_pages([page_image(pixels)])
    assert [max(shape) for shape in coarse.calls] == [960]
    assert [max(shape) for shape in fine.calls] == [960, 1920]
    assert len(page.detections) == len(seen_once.detections) == 44
    heights = [found.quad.height for found in page.detections]
    assert np.median(heights) == pytest.approx(18, abs=1.5)


def test_a_strip_is_shown_to_the_detector_with_as_many_pixels_as_a_sheet():
    shown = []
    for height, width in ((1414, 1000), (1000, 1000), (2000, 500)):
        detector, pixels = InkDetector(), blank_page(height, width)
        draw_text(pixels, "abcde", left=30, top=60, height=40)
        make_engine(detector).detect_pages([page_image(pixels)])
        shown.append(detector.calls[0][1:])
    assert shown[:2] == [(960, 704), (960, 960)]
    # Four times as long as wide, with the area of 960 by 679: 1615 by 404, in whole tiles.
    assert shown[2] == (1664, 448)


def test_crops_are_cut_from_the_page_itself_however_small_the_detector_saw_it():
    pixels = blank_page(3000, 2400)
    box, _ = draw_text(pixels, "abcde edc bbb", left=300, top=700, height=24)
    (page,) = make_engine(long_side=640, min_line_height=1).read_pages([page_image(pixels)])
    assert page.text == "abcde edc bbb"
    assert page.lines[0].quad.box.overlap(box) > 0.7 * box.area


def test_slanted_lines_are_read():
    pixels = blank_page(400, 600)
    box, _ = draw_text(pixels, "abc dea", left=150, top=180, height=24)
    turn = cv2.getRotationMatrix2D((300, 200), 10, 1.0)
    slanted = cv2.warpAffine(pixels, turn, (600, 400), borderValue=255)
    quad = Quad.from_corners(cv2.transform(Quad.from_box(box).corners[None], turn)[0])
    detected = DetectedPage(page_image(slanted), (Detection(quad, 0.9),))
    (page,) = make_engine().recognise_pages([detected])
    assert [line.text for line in page.lines] == ["abc dea"]
    assert make_engine().lay_out_page(page).skew_deg == pytest.approx(10, abs=0.1)


def test_what_reads_as_nothing_is_dropped():
    blank = DetectedPage(
        page_image(blank_page()), (Detection(Quad(9, 9, 90, 9, 90, 30, 9, 30), 1),)
    )
    (page,) = make_engine().recognise_pages([blank])
    assert page.lines == ()


def no_lexicon(language):
    raise AssertionError(f"nothing had to be put right, in {language}")


def test_words_are_put_right_by_a_lexicon_and_raw_text_is_kept(monkeypatch):
    monkeypatch.setattr(languages, "language_of", lambda words: "en")
    pixels = blank_page()
    draw_text(pixels, "bad cab dead bead", left=40, top=60)
    draw_text(pixels, "dcadbed", left=40, top=200)
    lexicon = Lexicon(dict.fromkeys(("bad", "cab", "dead", "bead", "deadbed"), 1e-3))
    reader = LineReader(DoubtfulRecogniser(sureness=0.75))
    engine = Engine(InkDetector(), reader, {"en": lexicon}.__getitem__)
    (page,) = engine.read_pages([page_image(pixels)])
    assert page.lines[-1].raw_text == "dcadbed"
    assert page.lines[-1].text == page.blocks[-1].text == "deadbed"
    assert page.language == "en"
    assert all(line.evidence is None for line in page.lines)
    (raw,) = Engine(InkDetector(), LineReader(DoubtfulRecogniser()), None).read_pages(
        [page_image(pixels)]
    )
    assert raw.lines[-1].text == "dcadbed"
    assert (raw.language, raw.lines[-1].evidence) == ("en", None)


def test_what_is_all_but_unreadable_is_left_out():
    page = blank_page(200, 400)
    draw_text(page, "abcde abc", left=40, top=60, height=24)
    (read,) = make_engine(recogniser=GreyRecogniser(0.9)).read_pages([page_image(page)])
    (unread,) = make_engine(recogniser=GreyRecogniser(0.5)).read_pages([page_image(page)])
    assert [len(one.lines) for one in (read, unread)] == [1, 0]
    assert not unread.text


@pytest.fixture
def notched():
    """A page of letters with notches in their upper halves."""
    pixels = blank_page(500, 700)
    for number in range(6):
        top = 60 + 60 * number
        draw_text(pixels, "abcde abc dea", left=60, top=top, height=24)
        pixels[top + 4 : top + 8][pixels[top + 4 : top + 8] < 200] = 140
    return pixels


@pytest.mark.parametrize("turns", range(4))
def test_a_page_is_read_upright_whichever_way_it_lies(notched, turns):
    lying = np.ascontiguousarray(np.rot90(notched, turns))
    (page,) = make_engine(recogniser=OneWayRecogniser()).read_pages([page_image(lying)])
    assert page.text.splitlines() == ["abcde abc dea"] * 6
    assert page.orientation_deg == 90 * turns
    assert (page.width_px, page.height_px) == (700, 500)


def test_a_page_stays_as_it_lies_where_turning_is_off_or_of_no_use(notched):
    lying = np.ascontiguousarray(np.rot90(notched, 2))
    engine = make_engine(recogniser=OneWayRecogniser(), turns_pages=False)
    (page,) = engine.read_pages([page_image(lying)])
    assert page.orientation_deg == 0
    (unsure,) = make_engine(recogniser=GreyRecogniser(0.8)).read_pages([page_image(notched)])
    assert unsure.orientation_deg == 0
    assert unsure.lines


def layer_line(text: str, box: Box) -> Line:
    return Line(text, text, 1.0, Quad.from_box(box), (Word(text, text, box, 1.0),))


def mixed_image(layer_text: str):
    """A page with a line that its text layer gives, and another that it does not."""
    pixels = blank_page(300, 500)
    given, _ = draw_text(pixels, "abcde", left=40, top=60)
    draw_text(pixels, "bad cab", left=40, top=160)
    layer = (layer_line(layer_text, given),)
    return replace(page_image(pixels), layer=layer, source_reason="agrees")


def test_what_a_text_layer_gives_is_not_read_again():
    (page,) = make_engine().read_pages([mixed_image("abcde")])
    assert [line.text for line in page.lines] == ["abcde", "bad cab"]
    assert [line.confidence == 1.0 for line in page.lines] == [True, False]
    assert (page.source, page.source_reason) == ("mixed", "agrees")


def test_a_text_layer_with_nothing_beside_it_is_all():
    image = mixed_image("abcde")
    image.pixels[140:] = 255
    (page,) = make_engine().read_pages([image])
    assert (page.source, page.source_reason, page.text) == ("text-layer", "agrees", "abcde")


def test_a_text_layer_that_the_picture_contradicts_is_not_used():
    (page,) = make_engine().read_pages([mixed_image("eddbb")])
    assert [line.text for line in page.lines] == ["abcde", "bad cab"]
    assert (page.source, page.source_reason) == ("ocr", "layer-differs-from-ink")


def test_a_page_with_a_text_layer_is_never_turned(notched):
    lying = page_image(np.ascontiguousarray(np.rot90(notched, 2)))
    engine = make_engine(recogniser=OneWayRecogniser())
    (turned,) = engine.read_pages([lying])
    assert turned.orientation_deg == 180
    layer = (layer_line("e", Box(5, 5, 15, 15)),)
    (page,) = engine.read_pages([replace(lying, layer=layer)])
    assert page.orientation_deg == 0
    assert "e" in [line.text for line in page.lines]


def test_pages_whose_text_is_known_are_not_read(monkeypatch):
    monkeypatch.setattr(languages, "language_of", lambda words: "en")
    line = layer_line("beed", Box(40, 60, 120, 80))
    known = Page(PageRef("d", "u", 1), 500, 300, 200, (line,), source="text-layer")
    image = page_image(page_with(1))
    detector = InkDetector()
    before, after = make_engine(detector).read_pages([known, image])
    assert (before.ref, before.text, len(before.blocks)) == (known.ref, "beed", 1)
    assert set(before.seconds) == {"correct", "layout"}
    (alone,) = make_engine().read_pages([image])
    assert without_seconds(after) == without_seconds(alone)
    assert len(detector.calls) == 1
    [page] = Engine(InkDetector(), LineReader(GreyRecogniser()), no_lexicon).read_pages([known])
    assert (page.text, page.language) == ("beed", "en")


def test_rulings_go_from_the_picture_to_the_page():
    pixels = blank_page()
    draw_text(pixels, "abc", left=40, top=60)
    pixels[200:203, 40:460] = 0
    (page,) = make_engine().read_pages([page_image(pixels)])
    [ruling] = page.rulings
    assert isinstance(ruling, Ruling)
    assert ruling.is_level
    assert ruling.start == pytest.approx((40, 201), abs=6)


def test_what_is_taken_for_text_in_a_photo_and_cannot_be_read_is_of_the_photo():
    class Hopeless(GreyRecogniser):
        """Is at a loss over what is no line."""

        def _read(self, crop):
            self.confidence = 0.95 if crop.shape[1] > 2 * crop.shape[0] else 0.2
            return super()._read(crop)

    pixels = blank_page()
    draw_text(pixels, "abc de ab", left=40, top=60)
    pixels[200:440, 100:400] = np.random.default_rng(0).integers(0, 255, (240, 300), np.uint8)
    engine = make_engine(recogniser=Hopeless())
    (detected,) = engine.detect_pages([page_image(pixels)])
    assert len(detected.detections) > 1
    (page,) = engine.read_pages([page_image(pixels)])
    assert [block.kind for block in page.blocks] == ["text", "figure"]
    assert page.figures[0].overlap(Box(100, 200, 400, 440)) > 0.9 * page.figures[0].area
