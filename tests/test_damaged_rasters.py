"""Image files that cannot be read, or are not: each says why."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from ocr_core import rasters
from ocr_core.errors import CorruptSourceError, EmptySourceError, PageTooLargeError
from tests.raster_files import GREY, draw, save


@pytest.mark.parametrize(
    "name",
    ["a.png", "a.jpg", "a.tif", "a.bmp", "a.webp", "a.pgm", "a.jp2", "a.j2k", "a.avif"],
)
def test_a_truncated_image_is_corrupt(tmp_path, name):
    media_type = {
        "a.png": "image/png",
        "a.jpg": "image/jpeg",
        "a.tif": "image/tiff",
        "a.bmp": "image/bmp",
        "a.webp": "image/webp",
        "a.pgm": "image/x-portable-graymap",
        "a.jp2": "image/jp2",
        "a.j2k": "image/j2c",
        "a.avif": "image/avif",
    }[name]
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    path = save(tmp_path / name, Image.fromarray(noise))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(CorruptSourceError, match="damaged"):
        draw(path, media_type)


def png_of_size(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = b""
    for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0")), (b"IEND", b"")):
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        chunks += struct.pack(">I", len(data)) + kind + data + checksum
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("image/png", png_of_size(0, 0)),
        ("image/png", png_of_size(7, 0)),
        ("image/gif", b"GIF89a" + struct.pack("<HH", 0, 0) + bytes(20)),
        ("image/bmp", b"BM" + bytes(12) + struct.pack("<Iii", 40, 0, 0) + bytes(28)),
        ("image/bmp", b"BM" + bytes(12) + struct.pack("<IHH", 12, 0, 5) + bytes(28)),
        ("image/x-portable-graymap", b"P5\n# none\n0 0\n255\n"),
    ],
)
def test_an_image_without_area_is_empty(tmp_path, media_type, content):
    path = tmp_path / "a"
    path.write_bytes(content)
    with pytest.raises(EmptySourceError, match="no area"):
        rasters.count_pages(path, media_type, 10)


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(png_of_size(60_000, 60_000))
    limit = Image.MAX_IMAGE_PIXELS
    assert rasters.count_pages(path, "image/png", 10) == 1
    with pytest.raises(PageTooLargeError, match="60000 by 60000 pixels; at most 100 megapixels"):
        draw(path, "image/png")
    assert limit == Image.MAX_IMAGE_PIXELS


def test_only_the_reader_of_the_type_may_open_a_file(tmp_path):
    path = save(tmp_path / "a.png", Image.fromarray(GREY))
    with pytest.raises(CorruptSourceError, match="no image/tiff inside"):
        draw(path, "image/tiff")
