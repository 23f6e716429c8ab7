from __future__ import annotations

import struct
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, TiffImagePlugin

from ocr_core import rasters, tiff
from ocr_core.errors import CorruptSourceError
from tests import heic_picture, jpeg2000_boxes
from tests.raster_files import GREY, draw, pixels_of, save


@pytest.mark.parametrize(
    ("name", "media_type", "options"),
    [
        ("a.png", "image/png", {}),
        ("a.tif", "image/tiff", {"compression": "tiff_lzw"}),
        ("a.bmp", "image/bmp", {}),
        ("a.gif", "image/gif", {}),
        ("a.pgm", "image/x-portable-graymap", {}),
        ("a.webp", "image/webp", {"lossless": True}),
        ("a.jp2", "image/jp2", {}),
        ("a.j2k", "image/j2c", {}),
        ("a.avif", "image/avif", {"quality": 100}),
    ],
)
def test_grey_comes_back_as_it_was(tmp_path, name, media_type, options):
    path = save(tmp_path / name, Image.fromarray(GREY), **options)
    assert np.array_equal(pixels_of(path, media_type), GREY)


def test_a_picture_of_a_phone_comes_back_nearly_as_it_was(tmp_path):
    path = tmp_path / "a.heic"
    path.write_bytes(heic_picture.CONTENT)
    assert rasters.count_pages(path, "image/heic", 10) == 1
    assert np.abs(pixels_of(path, "image/heic").astype(int) - heic_picture.SHOWN).max() <= 12
    path.write_bytes(heic_picture.CONTENT[:-50])
    with pytest.raises(CorruptSourceError, match="damaged"):
        draw(path, "image/heic")


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_jpeg_comes_back_nearly_as_it_was(tmp_path, mode):
    path = save(tmp_path / "a.jpg", Image.fromarray(GREY).convert(mode), quality=95)
    assert np.abs(pixels_of(path, "image/jpeg").astype(int) - GREY).max() <= 12


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "CMYK", "YCbCr", "LAB"])
def test_colour_becomes_grey(tmp_path, mode):
    image = Image.fromarray(GREY)
    coloured = Image.merge("LAB", [image, *[Image.new("L", image.size, 128)] * 2])
    coloured = coloured if mode == "LAB" else image.convert(mode)
    # Pillow's own YCbCr TIFFs are readable only as JPEGs in a TIFF, which is how they are found.
    is_jpeg = mode == "YCbCr"
    options = {"compression": "jpeg", "quality": 95} if is_jpeg else {}
    path = save(tmp_path / "a.tif", coloured, **options)
    differences = np.abs(pixels_of(path, "image/tiff").astype(int) - GREY)
    assert differences.max() <= (12 if is_jpeg else 1)


@pytest.mark.parametrize(
    ("name", "media_type", "options"),
    [
        ("a.png", "image/png", {}),
        ("a.tif", "image/tiff", {"compression": "group4"}),
        ("white-is-zero.tif", "image/tiff", {"tiffinfo": {tiff.PHOTOMETRIC: 0}}),
        ("a.pbm", "image/x-portable-bitmap", {}),
        ("a.bmp", "image/bmp", {}),
    ],
)
def test_one_bit_is_black_and_white(tmp_path, name, media_type, options):
    bits = GREY > 128
    path = save(tmp_path / name, Image.fromarray(bits), **options)
    assert np.array_equal(pixels_of(path, media_type), bits * np.uint8(255))


def test_a_plain_pbm_is_read(tmp_path):
    path = tmp_path / "a.pbm"
    path.write_bytes(b"P1\n# a comment\n3 2\n1 0 1\n0 0 1\n")
    pixels = pixels_of(path, "image/x-portable-bitmap")
    assert pixels.tolist() == [[0, 255, 0], [255, 255, 0]]


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_sixteen_bits_keep_their_upper_eight(tmp_path, name):
    media_type = {"a.png": "image/png", "a.tif": "image/tiff"}[name]
    deep = GREY.astype(np.uint16) * 257
    deep[-1, -1] = 65535
    path = save(tmp_path / name, Image.fromarray(deep))
    assert np.array_equal(pixels_of(path, media_type)[:-1], GREY[:-1])


def test_sixteen_bits_whose_white_is_zero_are_inverted(tmp_path):
    deep = GREY.astype(np.uint16) * 257
    deep[0, 0] = 65535
    path = tmp_path / "a.tif"
    Image.fromarray(deep).save(path, tiffinfo={tiff.PHOTOMETRIC: 0})
    assert np.array_equal(pixels_of(path, "image/tiff")[1:], 255 - GREY[1:])


def test_fractions_are_read(tmp_path):
    path = save(tmp_path / "a.tif", Image.fromarray((GREY / 255).astype(np.float32)))
    pixels = pixels_of(path, "image/tiff")
    assert np.array_equal(pixels, GREY)


def test_a_palette_is_looked_up(tmp_path):
    image = Image.fromarray(GREY).convert("RGB").quantize(256)
    pixels = pixels_of(save(tmp_path / "a.png", image), "image/png")
    assert np.abs(pixels.astype(int) - GREY).max() <= 4


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_what_is_transparent_shows_white_paper(tmp_path, mode):
    image = Image.fromarray(np.zeros((2, 3), np.uint8)).convert(mode)
    image.putalpha(Image.fromarray(np.array([[0, 255, 128]] * 2, np.uint8)))
    pixels = pixels_of(save(tmp_path / "a.png", image), "image/png")
    assert pixels.tolist() == [[255, 0, 127]] * 2


@pytest.mark.parametrize(("name", "media_type"), [("a.png", "image/png"), ("a.gif", "image/gif")])
def test_a_transparent_colour_of_a_palette_shows_white_paper(tmp_path, name, media_type):
    image = Image.fromarray(np.array([[0, 1, 2]], np.uint8), mode=None).convert("P")
    image.putpalette([0, 0, 0, 90, 90, 90, 40, 40, 40])
    path = save(tmp_path / name, image, transparency=0)
    assert pixels_of(path, media_type).tolist() == [[255, 90, 40]]


def test_a_transparent_grey_shows_white_paper(tmp_path):
    path = save(tmp_path / "a.png", Image.fromarray(GREY), transparency=0)
    pixels = pixels_of(path, "image/png")
    assert (pixels[:8, :8] == 255).all()
    assert np.array_equal(pixels[8:], GREY[8:])


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.png", "a.tif", "lzw.tif", "a.webp", "a.avif"])
def test_orientation_is_undone(tmp_path, name, orientation):
    media_type = f"image/{name.rpartition('.')[2].replace('tif', 'tiff')}"
    # What to do to an upright page so that a reader who obeys the orientation sees it upright.
    stored = {
        1: GREY,
        2: GREY[:, ::-1],
        3: GREY[::-1, ::-1],
        4: GREY[::-1],
        5: GREY.T,
        6: np.rot90(GREY, 1),
        7: np.rot90(GREY.T, 2),
        8: np.rot90(GREY, -1),
    }[orientation]
    image = Image.fromarray(np.ascontiguousarray(stored))
    exif = Image.Exif()
    exif[rasters.ORIENTATION] = orientation
    options: dict[str, object] = {"exif": exif}
    if name == "lzw.tif":
        options["compression"] = "tiff_lzw"
    if name == "a.webp":
        options["lossless"] = True
    if name == "a.avif":
        options["quality"] = 100
    path = save(tmp_path / name, image, **options)
    assert np.array_equal(pixels_of(path, media_type), GREY)


def test_the_orientation_of_a_jpeg_is_undone_after_it_is_shrunk(tmp_path):
    stored = np.full((1200, 600), 255, np.uint8)
    stored[:600] = 0  # dark above; turned clockwise, dark on the right
    exif = Image.Exif()
    exif[rasters.ORIENTATION] = 6
    path = save(tmp_path / "a.jpg", Image.fromarray(stored), exif=exif, dpi=(600, 600))
    pixels, dpi = draw(path, "image/jpeg", dpi=200)
    assert dpi == 200
    assert pixels.shape == (200, 400)
    assert pixels[:, 205:].max() < 10
    assert pixels[:, :195].min() > 245


@pytest.mark.parametrize(
    ("size", "stated", "wanted", "expected"),
    [
        ((1000, 1500), 300, 200, (300, (1000, 1500))),  # fine scans are shrunk by whole numbers
        ((1000, 1500), 400, 200, (200, (500, 750))),
        ((1000, 1500), 600, 200, (200, (333, 500))),
        ((1000, 1500), 600, 250, (300, (500, 750))),
        ((1000, 1500), 150, 200, (150, (1000, 1500))),  # none is enlarged
        ((1000, 1169), 72, 200, (100, (1000, 1169))),  # screens state 72: taken for A4
        ((1000, 1169), 1, 200, (100, (1000, 1169))),
        ((1000, 1169), None, 200, (100, (1000, 1169))),
        ((6000, 4000), 150, 100, (513, (6000, 4000))),  # no page is 40 inches long
        ((100, 50), None, 200, (72, (100, 50))),  # nor scanned at 9 dpi
        ((8, 12000), None, 200, (600, (8, 12000))),
    ],
)
def test_the_resolution_is_what_is_stated_if_that_can_be(tmp_path, size, stated, wanted, expected):
    options = {} if stated is None else {"dpi": (stated, stated)}
    path = save(tmp_path / "a.png", Image.new("L", size, 255), **options)
    pixels, dpi = draw(path, "image/png", dpi=wanted)
    assert (dpi, pixels.shape[::-1]) == expected


@pytest.mark.parametrize("orientation", [1, 6])
def test_the_oblong_pixels_of_a_fax_are_made_square(tmp_path, orientation):
    fax = np.full((490, 1020), 255, np.uint8)  # 5 by 5 inches
    fax[:245, :510] = 0
    path = tmp_path / "fax.tif"
    info = {rasters.ORIENTATION: orientation}
    Image.fromarray(fax).save(path, dpi=(204, 98), tiffinfo=info)
    pixels, dpi = draw(path, "image/tiff")
    assert dpi == 204
    assert pixels.shape == (1020, 1020)
    dark = np.argwhere(pixels < 128)
    top_left = (0, 0) if orientation == 1 else (0, 510)  # turned clockwise
    assert tuple(dark.min(axis=0)) == top_left
    assert len(dark) == pytest.approx(510 * 510, rel=0.01)


def test_every_frame_of_a_tiff_is_a_page(tmp_path):
    frames = [
        Image.fromarray(np.full((4, 5 + index), 50 * index, np.uint8)).convert(mode)
        for index, mode in enumerate(["L", "RGB", "L"])
    ]
    path = save(tmp_path / "a.tif", frames[0], save_all=True, append_images=frames[1:])
    assert rasters.count_pages(path, "image/tiff", 10) == 3
    for index in (2, 0, 1):
        pixels = pixels_of(path, "image/tiff", index)
        assert np.array_equal(pixels, np.full((4, 5 + index), 50 * index))
    with pytest.raises(CorruptSourceError, match="no page 4"):
        draw(path, "image/tiff", 3)


def save_frames(path: Path, frames: list[tuple[Image.Image, dict[int, int]]]) -> Path:
    with TiffImagePlugin.AppendingTiffWriter(str(path), new=True) as writer:
        for image, tags in frames:
            image.save(writer, format="TIFF", tiffinfo=tags)
            writer.newFrame()
    return path


def test_thumbnails_and_masks_of_a_tiff_are_no_pages(tmp_path):
    kinds = [0, 1, 4, 2]  # page, thumbnail, mask, page of many
    frames = [
        (Image.new("L", (4, 4), 10 * index), {tiff.NEW_SUBFILE_TYPE: kind})
        for index, kind in enumerate(kinds)
    ]
    path = save_frames(tmp_path / "a.tif", frames)
    assert rasters.count_pages(path, "image/tiff", 10) == 2
    assert pixels_of(path, "image/tiff", 0)[0, 0] == 0
    assert pixels_of(path, "image/tiff", 1)[0, 0] == 30


def test_a_tiff_of_nothing_but_a_thumbnail_is_a_page(tmp_path):
    frames = [(Image.new("L", (4, 4), 9), {tiff.NEW_SUBFILE_TYPE: 1})]
    path = save_frames(tmp_path / "a.tif", frames)
    assert rasters.count_pages(path, "image/tiff", 10) == 1
    assert pixels_of(path, "image/tiff")[0, 0] == 9


def test_a_tiff_that_breaks_off_says_so_on_its_last_page(tmp_path):
    frames = [Image.new("L", (4, 4), value) for value in (1, 2)]
    path = save(tmp_path / "a.tif", frames[0], save_all=True, append_images=frames[1:])
    content = path.read_bytes()
    with Image.open(path) as image:
        image.seek(1)
        second = image._frame_pos[1]
    path.write_bytes(content[: second + 1])  # the second directory is cut off
    assert rasters.count_pages(path, "image/tiff", 10) == 2
    assert pixels_of(path, "image/tiff", 0)[0, 0] == 1
    with pytest.raises(CorruptSourceError):
        draw(path, "image/tiff", 1)


@pytest.mark.parametrize("resolutions", [1, 6])
def test_jpeg_2000_is_shrunk_while_it_is_decoded_if_it_can_be(tmp_path, resolutions):
    stored = np.full((1600, 800), 255, np.uint8)
    stored[:800] = 0
    path = save(tmp_path / "a.jp2", Image.fromarray(stored), num_resolutions=resolutions)
    path.write_bytes(jpeg2000_boxes.stating(path.read_bytes(), dpi=400))
    pixels, dpi = draw(path, "image/jp2", dpi=200)
    assert dpi == 200
    assert pixels.shape == (800, 400)
    assert pixels[:395].max() < 10
    assert pixels[405:].min() > 245


def test_counting_ends_beyond_the_limit(tmp_path):
    frames = [Image.new("1", (4, 4))] * 9
    path = save(tmp_path / "a.tif", frames[0], save_all=True, append_images=frames[1:])
    assert rasters.count_pages(path, "image/tiff", 3) == 4


def test_an_animation_is_its_first_frame(tmp_path):
    frames = [Image.new("L", (4, 4), value) for value in (50, 150, 250)]
    for name, media_type in (("a.gif", "image/gif"), ("a.webp", "image/webp")):
        path = tmp_path / name
        frames[0].save(path, save_all=True, append_images=frames[1:], lossless=True)
        assert rasters.count_pages(path, media_type, 10) == 1
        assert abs(int(pixels_of(path, media_type)[0, 0]) - 50) <= 1


def test_the_limit_on_pixels_is_ours_and_not_pillows(tmp_path, monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    path = save(tmp_path / "a.png", Image.fromarray(GREY))
    assert np.array_equal(pixels_of(path, "image/png"), GREY)


def test_warnings_of_pillow_stay_inside(tmp_path):
    content = bytearray(save(tmp_path / "a.jpg", Image.new("L", (8, 8)), dpi=(99, 99)).read_bytes())
    broken_exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0\x12\x01"
    content[2:2] = b"\xff\xe1" + struct.pack(">H", len(broken_exif) + 2) + broken_exif
    path = tmp_path / "b.jpg"
    path.write_bytes(content)
    before = list(warnings.filters)
    assert pixels_of(path, "image/jpeg").shape == (8, 8)
    assert list(warnings.filters) == before


def test_threads_draw_what_one_draws(tmp_path):
    path = save(tmp_path / "a.png", Image.fromarray(GREY))
    before = list(warnings.filters)
    drawn: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: drawn.append(draw(path, "image/png")[0])) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 8
    assert all(np.array_equal(pixels, GREY) for pixels in drawn)
    assert list(warnings.filters) == before
