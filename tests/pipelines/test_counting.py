"""Pages are counted as they are read."""

import pickle
from threading import Thread

import apache_beam as beam
from apache_beam.metrics.metric import MetricsFilter

from pipelines import counting
from pipelines.counting import CountPages, PageListener
from schemas import Failure, Line, Page, PageRef, Quad

LINE = Line("a", "a", 1.0, Quad(0, 0, 1, 0, 1, 1, 0, 1), words=())
PAGE = Page(PageRef("d", "u", 0), 9, 9, 100, lines=(LINE, LINE), seconds={"detect": 0.25})
FAILURE = Failure("d", "u", 1, "detect", "out-of-memory", "too large")


def test_a_listener_that_was_pickled_here_is_still_the_same():
    listener = PageListener(print)
    assert pickle.loads(pickle.dumps(listener)) is listener


def test_a_listener_from_elsewhere_tells_nothing():
    before = set(counting._HERE)
    pickled = pickle.dumps(PageListener(print))  # and is gone
    assert set(counting._HERE) <= before
    listener = pickle.loads(pickled)
    listener.hear(PAGE)
    assert pickle.loads(pickled) is listener


def test_pages_of_several_threads_are_all_heard():
    heard = []
    listener = PageListener(heard.append)

    def tell():
        for _ in range(100):
            listener.hear(PAGE)

    threads = [Thread(target=tell) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 400


def test_pages_go_through_are_heard_and_are_in_beams_metrics():
    heard = []
    listener = PageListener(heard.append)
    pipeline = beam.Pipeline(runner="FnApiRunner")
    _ = pipeline | beam.Create([PAGE, FAILURE], reshuffle=False) | beam.ParDo(CountPages(listener))
    result = pipeline.run()
    assert len(heard) == 2
    metrics = result.metrics().query(MetricsFilter().with_namespace("ocr"))
    counters = {found.key.metric.name: found.committed for found in metrics["counters"]}
    assert counters == {"pages.read": 1, "failed.out-of-memory": 1, "lines": 2}
    [timing] = metrics["distributions"]
    assert (timing.key.metric.name, timing.committed.sum) == ("detect_ms", 250)
