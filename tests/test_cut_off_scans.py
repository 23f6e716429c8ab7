"""PDFs of scans whose data end too early are read as far as they go, and say so."""

import pymupdf
import pytest

from ocr_core import sources
from ocr_core.sources import RenderOptions
from schemas import PageRange
from tests import cut_off_scans

CODECS = list(cut_off_scans.CODECS)


def reason(path, text_layer="auto"):
    pages = PageRange(sources.inspect(path, str(path)), (0,))
    [page] = sources.render_pages(path, pages, RenderOptions(dpi=72, text_layer=text_layer))
    return page.source_reason


def write_half(path, codec, turned=0):
    samples = cut_off_scans.encoded(codec)
    return cut_off_scans.write(path, codec, samples[: len(samples) // 2], turned)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("turned", [0, 90])
def test_a_scan_that_is_cut_off_is_told(tmp_path, codec, turned):
    assert reason(write_half(tmp_path / "a.pdf", codec, turned)) == "damaged-picture"


@pytest.mark.parametrize("codec", CODECS)
def test_it_is_told_where_no_text_layer_is_looked_at(tmp_path, codec):
    assert reason(write_half(tmp_path / "a.pdf", codec), "ignore") == "damaged-picture"


def test_it_is_told_of_a_scan_over_an_earlier_reading(tmp_path):
    path = write_half(tmp_path / "a.pdf", "/DCTDecode")
    with pymupdf.open(path) as document:
        document[0].insert_text((40, 60), "the line at 60 of a scan", render_mode=3)
        document.saveIncr()
    assert reason(path) == "damaged-picture"


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("missing", [0, 2])
def test_a_scan_that_lacks_nothing_or_next_to_nothing_is_not(tmp_path, codec, missing):
    samples = cut_off_scans.encoded(codec)
    path = cut_off_scans.write(tmp_path / "a.pdf", codec, samples[: len(samples) - missing])
    assert reason(path) == "no-text-layer"
