"""Sources to what can be read of them, and on to page images."""

import hashlib
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import apache_beam as beam
import pytest
from apache_beam.testing.util import assert_that, equal_to

from ocr_core.limits import Limits
from ocr_core.sources import ALL_PAGES, RenderOptions, parse_page_numbers
from pipelines import ingest
from pipelines.copies import LocalCopies
from pipelines.ingest import Opened, OpenSources, RenderPages
from schemas import Failure, PageRange, Source
from schemas.rows import DocumentRecord
from tests import documents, hostile


def open_source(uri):
    with closing(LocalCopies()) as copies:
        return ingest.open_source(str(uri), copies, "f")


def opened(name, doc_id="", page_count=1):
    source = Source(doc_id or name, name, 1, "application/pdf", page_count)
    return Opened(source, "f", datetime(2025, 1, 1, tzinfo=UTC), seconds=0.1)


def test_a_source_that_opens(tmp_path):
    path = documents.write_pdf(tmp_path / "a.pdf", ["a", "b"])
    found = open_source(path)
    assert isinstance(found, Opened)
    assert (found.source.page_count, found.source.media_type) == (2, "application/pdf")
    assert found.seconds > 0
    record = found.close()
    assert (record.status, record.uri, record.fingerprint) == ("read", str(path), "f")


def test_a_source_that_does_not_open_is_recorded_with_all_that_is_known_of_it(tmp_path):
    path = documents.write_pdf(tmp_path / "a.pdf", ["a"], password="secret")
    record = open_source(path)
    assert isinstance(record, DocumentRecord)
    assert (record.status, record.error_code) == ("failed", "encrypted-source")
    assert record.doc_id == hashlib.sha256(path.read_bytes()).hexdigest()
    assert record.size_bytes == path.stat().st_size
    assert record.media_type == "application/pdf"
    assert record.page_count is None


def test_a_source_that_needs_a_password_opens_with_it(tmp_path):
    path = documents.write_pdf(tmp_path / "a.pdf", ["a"], password="secret")
    with closing(LocalCopies()) as copies:
        opened = ingest.open_source(str(path), copies, "f", RenderOptions(passwords=("secret",)))
    assert opened.source.page_count == 1
    assert "secret" not in repr(opened.close())


def test_a_source_that_is_gone(tmp_path):
    record = open_source(tmp_path / "gone.pdf")
    assert (record.error_code, record.doc_id, record.size_bytes) == ("missing-source", "", 0)


def test_a_remote_source(bucket, tmp_path):
    bucket["mem://b/a.pdf"] = documents.write_pdf(tmp_path / "a.pdf", ["a"]).read_bytes()
    assert open_source("mem://b/a.pdf").source.uri == "mem://b/a.pdf"
    assert open_source("mem://b/gone.pdf").error_code == "missing-source"


def test_each_content_is_read_once():
    failed = replace(opened("f").close(), status="failed")
    sources = [opened("1", "x"), failed, opened("2", "y"), opened("3", "x"), failed]
    first, _, second, third, _ = ingest.set_duplicates_aside(sources, seen=set())
    assert (first, second) == (sources[0], sources[2])
    assert (third.uri, third.doc_id, third.status) == ("3", "x", "duplicate")


def test_ranges_hold_the_selected_pages_in_order():
    source = opened("a", page_count=20)
    ranges = list(ingest.list_ranges(source, ALL_PAGES))
    assert [len(pages.page_indices) for pages in ranges] == [8, 8, 4]
    [selected] = ingest.list_ranges(source, parse_page_numbers("3,19-30"))
    assert selected == PageRange(source.source, (2, 18, 19))
    assert ingest.count_pages(source, parse_page_numbers("3,19-30")) == 3


def test_what_cannot_be_read_has_no_ranges():
    record = opened("a").close()
    assert list(ingest.list_ranges(record, ALL_PAGES)) == []
    assert ingest.count_pages(record, ALL_PAGES) == 0


def render(*ranges):
    render_pages = RenderPages(RenderOptions(dpi=documents.DPI))
    render_pages.setup()
    try:
        return [page for pages in ranges for page in render_pages.process(pages)]
    finally:
        render_pages.teardown()


def test_a_page_that_would_draw_for_ever_is_set_aside(tmp_path):
    path = hostile.write_endless(tmp_path / "a.pdf", [True, False])
    source = open_source(path).source
    render_pages = RenderPages(RenderOptions(limits=Limits(page_timeout_s=0.5)))
    render_pages.setup()
    endless, good = render_pages.process(PageRange(source, (0, 1)))
    render_pages.teardown()
    assert (endless.code, endless.stage, endless.page_index) == ("timeout", "render", 0)
    assert good.pixels.min() == 0


def test_pages_are_drawn_from_a_bucket(bucket, tmp_path):
    path = documents.write_pdf(tmp_path / "a.pdf", ["a", "b"])
    bucket["mem://b/a.pdf"] = path.read_bytes()
    source = open_source("mem://b/a.pdf").source
    first, second = render(PageRange(source, (1,)), PageRange(source, (0,)))
    assert (first.ref.page_index, second.ref.page_index) == (1, 0)
    assert first.pixels.shape == (200, 300)


@pytest.mark.parametrize("uri", ["mem://b/a.pdf", "/no/such/a.pdf"])
def test_every_page_of_a_source_that_has_gone_fails(bucket, uri):
    source = replace(opened("a", page_count=2).source, uri=uri)
    failures = render(PageRange(source, (0, 1)))
    assert all(isinstance(failure, Failure) for failure in failures)
    assert [failure.page_index for failure in failures] == [0, 1]
    assert {failure.code for failure in failures} == {"missing-source"}


def test_sources_are_found_and_opened_on_workers(tmp_path):
    documents.write_png(tmp_path / "1.png", "a")
    documents.write_png(tmp_path / "2.png", "a")
    (tmp_path / "3.png").touch()
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        statuses = (
            pipeline
            | beam.Create([str(tmp_path), str(tmp_path / "1.png")])
            | OpenSources("f")
            | beam.Map(lambda one: "open" if isinstance(one, Opened) else one.status)
        )
        assert_that(statuses, equal_to(["open", "duplicate", "failed"]))
