from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from ocr_core import rasters, tiff
from ocr_core.errors import (
    CorruptSourceError,
    EmptySourceError,
    InputError,
    UnsupportedFormatError,
)

TIFF = "image/tiff"
JBIG = 34661

Tags = dict[int, tuple[int, int]]


def make_tiff(path: Path, frames: list[Tags], samples: bytes, last_points_to: int = 0) -> Path:
    """Frames that share their samples, of tags given as type and value.

    Args:
        last_points_to: where the last says that the next begins; 0 for nowhere.
    """
    content = b"II*\0" + struct.pack("<I", 8 + len(samples)) + samples
    for number, tags in enumerate(frames, start=1):
        entries = b"".join(
            struct.pack("<HHI", tag, kind, 1) + struct.pack("<I", value)
            for tag, (kind, value) in sorted(tags.items())
        )
        after = len(content) + 2 + len(entries) + 4
        points_to = after if number < len(frames) else last_points_to
        content += struct.pack("<H", len(tags)) + entries + struct.pack("<I", points_to)
    path.write_bytes(content)
    return path


def frame(**others: int) -> Tags:
    """The tags of a grey frame of 2 by 1 pixels of 8 bits, but for others."""
    values = {
        "width": 2,
        "height": 1,
        "bits": 8,
        "compression": 1,
        "photometric": 1,
        "offset": 8,
        "rows": 1,
        "bytes": 2,
        **others,
    }
    numbers = {
        "subfile": tiff.NEW_SUBFILE_TYPE,
        "width": 256,
        "height": 257,
        "bits": tiff.BITS_PER_SAMPLE,
        "compression": tiff.COMPRESSION,
        "photometric": tiff.PHOTOMETRIC,
        "offset": 273,
        "rows": 278,
        "bytes": 279,
        "format": tiff.SAMPLE_FORMAT,
    }
    shorts = {"bits", "compression", "photometric", "format"}
    return {numbers[name]: (3 if name in shorts else 4, value) for name, value in values.items()}


def draw(path: Path, index: int = 0) -> list[list[int]]:
    pixels, _ = rasters.draw_page(path, TIFF, index, 200, 100.0)
    return pixels.tolist()


def ends_of(path: Path) -> list[object]:
    """The pixels of each page, or why they cannot be read."""
    ends: list[object] = []
    for index in range(rasters.count_pages(path, TIFF, 100)):
        try:
            ends.append(draw(path, index))
        except InputError as error:
            ends.append((error.code, str(error)))
    return ends


@pytest.mark.parametrize("bad", range(4))
def test_a_frame_that_cannot_be_read_takes_no_other_with_it(tmp_path, bad):
    frames = [frame(compression=JBIG if index == bad else 1) for index in range(4)]
    path = make_tiff(tmp_path / "a.tif", frames, bytes([7, 9]))
    expected: list[object] = [[[7, 9]]] * 4
    expected[bad] = ("unsupported-format", f"compression {JBIG} is not read here")
    assert ends_of(path) == expected


def test_every_frame_that_cannot_be_read_is_a_page(tmp_path):
    path = make_tiff(tmp_path / "a.tif", [frame(compression=JBIG)] * 3, bytes(2))
    assert [code for code, _ in ends_of(path)] == ["unsupported-format"] * 3


@pytest.mark.parametrize(
    ("tags", "error", "message"),
    [
        (frame(compression=JBIG), UnsupportedFormatError, "compression 34661 is not read"),
        (frame(bits=64, format=3), UnsupportedFormatError, "64 bits, photom.* 1 and .* format 3"),
        (frame(width=0), EmptySourceError, "no area"),
        ({256: (4, 2), 257: (4, 1)}, CorruptSourceError, "cannot be opened"),
        ({}, CorruptSourceError, "cannot be opened"),
    ],
    ids="compression pixels area strips tags".split(),
)
def test_a_file_fails_if_its_only_frame_cannot_be_read(tmp_path, tags, error, message):
    path = make_tiff(tmp_path / "a.tif", [tags], bytes(2))
    with pytest.raises(error, match=message):
        rasters.count_pages(path, TIFF, 10)
    with pytest.raises(error, match=message):
        draw(path)


def test_a_thumbnail_that_cannot_be_read_is_no_page(tmp_path):
    frames = [frame(), frame(subfile=1, compression=JBIG), frame()]
    path = make_tiff(tmp_path / "a.tif", frames, bytes([7, 9]))
    assert ends_of(path) == [[[7, 9]], [[7, 9]]]


@pytest.mark.parametrize("compression", [1, JBIG])
def test_frames_end_where_they_repeat(tmp_path, compression):
    frames = [frame(), frame(compression=compression)]
    path = make_tiff(tmp_path / "a.tif", frames, bytes(2), last_points_to=8 + 2)
    assert rasters.count_pages(path, TIFF, 10) == 2


def test_frames_end_where_the_way_to_the_next_is_lost(tmp_path):
    """As where a BigTIFF says that it lies beyond the end that any file can have."""
    path = tmp_path / "a.tif"
    Image.new("L", (2, 1), 7).save(path, big_tiff=True)
    content = bytearray(path.read_bytes())
    (start,) = struct.unpack("<Q", content[8:16])
    (tags,) = struct.unpack("<Q", content[start : start + 8])
    end = start + 8 + 20 * tags
    content[end : end + 8] = struct.pack("<Q", 2**64 - 1)
    path.write_bytes(content)
    first, (code, message) = ends_of(path)
    assert first == [[7, 7]]
    assert (code, message) == (
        "corrupt-source",
        "the frame cannot be opened: Unable to seek to frame",
    )


def test_counting_frames_that_cannot_be_read_ends_beyond_the_limit(tmp_path):
    path = make_tiff(tmp_path / "a.tif", [frame(compression=JBIG)] * 9, bytes(2))
    assert rasters.count_pages(path, TIFF, 3) == 4


def test_frames_of_all_modes_follow_each_other(tmp_path):
    """Pillow leaves the palette of a frame to the next, which breaks those of other modes."""
    grey = Image.fromarray(np.array([[0, 255]], np.uint8))
    deep = Image.fromarray(np.array([[0, 65535]], np.uint16))
    modes = ["P", "RGB", "1", "P", "L", "CMYK"]
    path = tmp_path / "a.tif"
    with TiffImagePlugin.AppendingTiffWriter(str(path), new=True) as writer:
        for image in (*(grey.convert(mode) for mode in modes), deep):
            image.save(writer, format="TIFF")
            writer.newFrame()
    assert ends_of(path) == [[[0, 255]]] * 7


def test_a_frame_without_resolution_has_not_that_of_the_one_before(tmp_path):
    path = tmp_path / "a.tif"
    page = Image.new("L", (1000, 1169))
    with TiffImagePlugin.AppendingTiffWriter(str(path), new=True) as writer:
        for unit in (2, 1):  # inches, none
            page.save(writer, format="TIFF", tiffinfo={282: 300.0, 283: 300.0, 296: unit})
            writer.newFrame()
    assert [rasters.draw_page(path, TIFF, index, 200, 100.0)[1] for index in (0, 1)] == [300, 100]


@pytest.mark.parametrize(
    ("sample_format", "samples", "expected"),
    [
        (1, [0, 2**32 - 1], [0, 255]),
        (1, [2**31 - 1, 2**32 - 1], [127, 255]),
        (1, [1000, 4095], [62, 255]),  # 12 bits
        (2, [-(2**31), 2**31 - 1], [0, 255]),
    ],
)
def test_integers_of_32_bits_are_read_with_and_without_a_sign(
    tmp_path, sample_format, samples, expected
):
    content = struct.pack("<2I" if sample_format == 1 else "<2i", *samples)
    tags = frame(bits=32, format=sample_format, bytes=8)
    path = make_tiff(tmp_path / "a.tif", [tags], content)
    [row] = draw(path)
    assert row == pytest.approx(expected, abs=1)
