"""Page images to pages: batches, one engine, and failures that stay where they are."""

import pickle
import threading
import time
from dataclasses import replace
from functools import partial

import apache_beam as beam
import numpy as np
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that, equal_to

import ocr_core
from ocr_core import profiles, restorer_files
from ocr_core.engine import Engine
from ocr_core.errors import WeightsError
from ocr_core.reading import LineReader
from pipelines import inference
from pipelines.inference import BatchPages, DetectText, EngineHandle, RecogniseLines
from pipelines.options import ReadOptions
from schemas import Failure, Line, Page, PageRef, Quad
from tests import documents, stand_ins
from tests.odd_engines import SlowEngine, SmallDetector, SmallRecogniser

READ = ReadOptions(dpi=200, renderer="mupdf", pages="", device="cpu", weights=None, correct=False)
FAILURE = Failure("d", "u", 7, "render", "corrupt-source", "no such object")


def image(index, height=10, width=10):
    return stand_ins.page_image(np.full((height, width), 255, np.uint8), index)


def batch_sizes(pages, **limits):
    """The sizes of the batches that one bundle is cut into; failures count as themselves."""
    batch_pages = BatchPages(**limits)
    batch_pages.start_bundle()
    batches = [batch for page in pages for batch in batch_pages.process(page)]
    batches += [windowed.value for windowed in batch_pages.finish_bundle()]
    assert all(batches)
    return [len(batch) for batch in batches]


@pytest.mark.parametrize(
    ("areas", "expected"),
    [
        ([], []),
        ([1] * 3, [3]),
        ([1] * 4, [3, 1]),
        ([1] * 6, [3, 3]),
        ([4, 4, 4], [2, 1]),  # 12 would be above the limit of 10
        ([20, 1, 1], [1, 2]),  # one that is above it alone is no reason for an empty batch
        ([1, 20, 1], [1, 1, 1]),
    ],
)
def test_batches_keep_both_limits_and_are_never_empty(areas, expected):
    pages = [image(index, area, 1) for index, area in enumerate(areas)]
    assert batch_sizes(pages, max_pages=3, max_megapixels=10e-6) == expected


def test_a_failure_does_not_wait_for_a_batch():
    assert batch_sizes([image(0), FAILURE, image(1)], max_pages=8) == [1, 2]


def test_a_page_that_is_read_does_not_wait_for_a_batch_and_is_left_alone():
    page = Page(image(1).ref, 10, 10, 100, lines=(), source="text-layer")
    assert batch_sizes([image(0), page, image(2)], max_pages=8) == [1, 2]
    assert inference.prepare_page(page) is page

    def double(values):
        return [2 * value for value in values]

    assert inference.apply_to_read(double, [1, page, 2]) == [2, page, 4]


def test_a_bundle_begins_with_nothing_of_the_last():
    batch_pages = BatchPages(max_pages=8)
    list(batch_pages.process(image(0)))  # and the bundle is given up
    batch_pages.start_bundle()
    list(batch_pages.process(image(1)))
    [windowed] = batch_pages.finish_bundle()
    assert [page.ref.page_index for page in windowed.value] == [1]


def test_failures_keep_their_place_among_what_is_read():
    def double(values):
        return [2 * value for value in values]

    assert inference.apply_to_read(double, [1, FAILURE, 2]) == [2, FAILURE, 4]


def test_nothing_is_called_when_all_have_failed():
    def fail(_):
        raise AssertionError("it was called")

    assert inference.apply_to_read(fail, [FAILURE]) == [FAILURE]


def test_a_page_that_fails_in_a_stage_of_its_own_becomes_a_failure():
    def fail(_):
        raise ValueError("no lines")

    page = Page(stand_ins.page_image(stand_ins.blank_page()).ref, 1, 1, 1, lines=())
    failure = inference.apply_alone(fail, page, "layout")
    assert (failure.stage, failure.code) == ("layout", "internal-error")
    assert failure.message == "ValueError: no lines"
    assert inference.apply_alone(fail, FAILURE, "layout") is FAILURE


def make_thing(made):
    made.append(1)
    return set()  # anything that can be weakly referred to


def test_a_process_has_one_engine_whatever_the_number_of_handles():
    made = []
    handle = EngineHandle(partial(make_thing, made), "tag")
    engine = handle.acquire()
    assert handle.acquire() is engine
    assert len(made) == 1
    # What Beam pickles still finds it.
    pickled = pickle.loads(pickle.dumps(replace(handle, make_engine=set)))
    assert pickled.acquire() is engine


def test_other_weights_and_other_settings_are_another_engine():
    made = []
    handle = EngineHandle(partial(make_thing, made), "one", "cpu")
    engines = [
        replace(handle, **change).acquire()
        for change in ({}, {"digest": "two"}, {"settings": "cuda"})
    ]
    assert len({id(engine) for engine in engines}) == len(made) == 3


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_threads_and_stages_of_a_process_share_one_engine(threads):
    SlowEngine.LOADED_BY.clear()
    SlowEngine.USED_BY.clear()
    handle = EngineHandle(SlowEngine, f"{threads} threads")
    flags = [f"--direct_num_workers={threads}", "--direct_running_mode=multi_threading"]
    with beam.Pipeline(runner="FnApiRunner", options=PipelineOptions(flags)) as pipeline:
        _ = (
            pipeline
            | beam.Create([image(index) for index in range(100)])
            | beam.ParDo(BatchPages(max_pages=1))
            | beam.ParDo(DetectText(handle))
            | "Spread" >> beam.Reshuffle()  # a second stage, with its own threads
            | beam.ParDo(RecogniseLines(handle))
        )
    assert len(SlowEngine.LOADED_BY) == 1
    engines, at_work = (set(numbers) for numbers in zip(*SlowEngine.USED_BY, strict=True))
    assert len(engines) == 1
    assert len(at_work) >= min(threads, 2)


def test_many_threads_that_ask_at_once_get_one_engine():
    made, engines = [], []
    handle = EngineHandle(lambda: time.sleep(0.1) or make_thing(made), "asked at once")
    threads = [threading.Thread(target=lambda: engines.append(handle.acquire())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len({id(engine) for engine in engines}) == 1
    assert len(engines) == 8


def read_all(engine, pages):
    """The text, or the code of the failure, of each page of one batch."""
    batch = inference.apply_to_read(engine.detect_pages, [*pages])
    read = inference.apply_to_read(engine.recognise_pages, batch)
    return [page.code if isinstance(page, Failure) else page.lines[0].text for page in read]


@pytest.mark.parametrize("most", [1, 2, 3, 8])
def test_pages_are_read_in_as_small_batches_as_memory_allows(most):
    pages = [stand_ins.page_image(documents.draw_page(text), i) for i, text in enumerate("abcde")]
    detector = SmallDetector(most)
    engine = Engine(detector, LineReader(stand_ins.GreyRecogniser()), None)
    assert read_all(engine, pages) == list("abcde")
    assert max(count for count, _, _ in detector.calls) == min(most, 5)


def test_a_page_that_does_not_fit_alone_fails_alone():
    drawn = [documents.draw_page(text) for text in ("a", "b", "poison", "d")]
    pages = [stand_ins.page_image(pixels, i) for i, pixels in enumerate(drawn)]
    engine = Engine(SmallDetector(8), LineReader(stand_ins.GreyRecogniser()), None)
    assert read_all(engine, pages) == ["a", "b", "out-of-memory", "d"]


def test_lines_are_read_in_as_small_batches_as_memory_allows():
    pages = [stand_ins.page_image(documents.draw_page(text), i) for i, text in enumerate("abcde")]
    recogniser = SmallRecogniser()
    engine = Engine(stand_ins.InkDetector(), LineReader(recogniser), None)
    assert read_all(engine, pages) == list("abcde")
    assert {count for count, _, _ in recogniser.calls} == {1, 2}


def write_weights(folder, recogniser=b"x"):
    folder.mkdir()
    (folder / "detector.safetensors").write_bytes(b"x")
    (folder / "recogniser.safetensors").write_bytes(recogniser)
    return folder


def test_weights_that_are_not_there_are_told_at_once(tmp_path):
    with pytest.raises(WeightsError, match=r"cannot read the weights .*/detector\.safetensors"):
        inference.handle_for(replace(READ, weights=tmp_path))


def test_the_handle_tells_apart_all_that_makes_engines_differ(tmp_path, monkeypatch):
    monkeypatch.setattr(restorer_files, "digest", lambda _: "of the restorer")
    one, other = write_weights(tmp_path / "1"), write_weights(tmp_path / "2", recogniser=b"other")
    handles = [
        inference.handle_for(replace(READ, **{"weights": one, **change}))
        for change in (
            {},
            {"correct": True},
            {"device": "cuda"},
            {"weights": other},
            {"precision": "float32"},
            {"quality": "fast"},
            {"language_model": False},
            {"restore": True},
        )
    ]
    assert len({(handle.digest, handle.settings) for handle in handles}) == len(handles)
    assert len({handle.digest for handle in handles}) == 2
    restoring = replace(READ, weights=one, restore=True)
    monkeypatch.setattr(restorer_files, "digest", lambda _: "of another")
    assert inference.handle_for(restoring).settings != handles[-1].settings


def test_a_handle_takes_to_a_worker_what_was_asked_for(tmp_path, monkeypatch):
    loaded = []
    monkeypatch.setattr(ocr_core, "load", lambda *args: loaded.append(args))
    read = replace(READ, quality="fast", precision="float32", language_model=False)
    handle = inference.handle_for(replace(read, weights=write_weights(tmp_path / "1")))
    handle.make_engine()
    profile = replace(profiles.PROFILES["fast"], language_model=False)
    assert loaded == [(tmp_path / "1", "cpu", False, "float32", profile, "torch", False)]


def test_a_handle_of_real_weights_can_be_pickled():
    handle = inference.handle_for(READ)
    pickled = pickle.loads(pickle.dumps(handle))
    assert pickled.make_engine.args == handle.make_engine.args
    assert pickled.make_engine.func is ocr_core.load


def test_pages_are_detected_and_recognised_in_a_pipeline(handle):
    pages = [stand_ins.page_image(documents.draw_page(text), i) for i, text in enumerate("abc")]
    line = Line("layer", "layer", 1.0, Quad(0, 0, 9, 0, 9, 9, 0, 9), words=())
    pages.append(Page(PageRef("d", "u", 3), 10, 10, 100, lines=(line,), source="text-layer"))
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        results = (
            pipeline
            | beam.Create([*pages, FAILURE], reshuffle=False)
            | beam.Map(inference.prepare_page)
            | beam.ParDo(BatchPages(max_pages=2))
            | beam.ParDo(DetectText(handle))
            | beam.ParDo(RecogniseLines(handle))
            | beam.ParDo(inference.CorrectLines(handle))
            | beam.ParDo(inference.OrderBlocks(handle))
            | beam.Map(lambda page: page.code if isinstance(page, Failure) else page.text)
        )
        assert_that(results, equal_to(["a", "b", "c", "layer", "corrupt-source"]))
