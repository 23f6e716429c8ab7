import io
import struct

import numpy as np
import pikepdf
import pymupdf
import pytest
from PIL import Image, TiffImagePlugin

from ocr_core.errors import CorruptSourceError
from ocr_core.exporters.picture_pdf import picture_pdf
from schemas import Document, Failure, Page, PageRef, Source

MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".tif": "image/tiff",
    ".webp": "image/webp",
}
COMPRESSION, ORIENTATION, STRIP_OFFSETS = 259, 274, 273
# What a camera has done to a picture that is shown upright by this orientation.
TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def document_of(path, *pages):
    source = Source("0" * 64, str(path), 1, MEDIA_TYPES[path.suffix], len(pages))
    return Document(source, pages)


def page_of(index=0, size=(400, 600), dpi=100, **more):
    return Page(PageRef("0" * 64, "", index), *size, dpi, (), **more)


def failed(path, index=0):
    return Failure("0" * 64, str(path), index, "render", "corrupt-source", "broken")


def sizes(data):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [tuple(round(float(edge)) for edge in page.mediabox[2:]) for page in pdf.pages]


def shown(data, index=0, width=400):
    """A page as a reader shows it."""
    with pymupdf.open("pdf", data) as pdf:
        scale = width / pdf[index].rect.width
        pixels = pdf[index].get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace="rgb")
        return np.frombuffer(pixels.samples, np.uint8).reshape(pixels.height, pixels.width, 3)


def filters(data):
    with pymupdf.open("pdf", data) as pdf:
        return [pdf.xref_get_key(page.get_images()[0][0], "Filter")[1] for page in pdf]


def marked(mode="RGB", size=(400, 600)):
    """White, with a bar along the top and half of one at the left."""
    picture = Image.new(mode, size, "white")
    picture.paste("black", (0, 0, size[0], 50))
    picture.paste("black", (0, 0, 50, size[1] // 2))
    return picture


def turned(picture, orientation):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    as_stored = picture.transpose(TURNED[orientation]) if orientation in TURNED else picture
    return as_stored, exif


def write_tiff(path, *pages):
    """A TIFF of pages, each of them a picture and how it is saved."""
    with TiffImagePlugin.AppendingTiffWriter(str(path), True) as file:
        for picture, options in pages:
            picture.save(file, format="TIFF", **options)
            file.newFrame()


def entry_of(data, frame, tag):
    """Where the entry of a tag stands in a little-endian TIFF."""
    [start] = struct.unpack_from("<I", data, 4)
    for _ in range(frame):
        [entries] = struct.unpack_from("<H", data, start)
        [start] = struct.unpack_from("<I", data, start + 2 + 12 * entries)
    [entries] = struct.unpack_from("<H", data, start)
    places = range(start + 2, start + 2 + 12 * entries, 12)
    return next(place for place in places if struct.unpack_from("<H", data, place) == (tag,))


def write_damaged(path, frame):
    """Three pages in colour, one with pixels that are no LZW."""
    write_tiff(path, *[(marked(), {"compression": "tiff_lzw"})] * 3)
    data = bytearray(path.read_bytes())
    [start] = struct.unpack_from("<I", data, entry_of(data, frame, STRIP_OFFSETS) + 8)
    if struct.unpack_from("<I", data, entry_of(data, frame, STRIP_OFFSETS) + 4) != (1,):
        [start] = struct.unpack_from("<I", data, start)
    data[start : start + 50] = b"\xff" * 50
    path.write_bytes(data)


def check_marked(data, index=0):
    difference = np.abs(shown(data, index).astype(int) - np.asarray(marked()))
    assert difference.mean() < 3  # of the edges of JPEG


def test_pages_are_as_large_as_they_were_read_to_be(tmp_path):
    path = tmp_path / "a.png"
    Image.new("L", (800, 1200)).save(path, dpi=(72, 72))  # which nobody believes
    assert sizes(picture_pdf(document_of(path, page_of()), path)) == [(288, 432)]


def test_a_page_that_was_not_read_has_a_size_all_the_same(tmp_path):
    path = tmp_path / "a.tif"
    frame = Image.new("1", (300, 150))
    frame.save(path, save_all=True, append_images=[Image.new("1", (400, 600))])
    made = picture_pdf(document_of(path, failed(path), page_of(1)), path)
    assert sizes(made) == [(144, 72), (288, 432)]


def test_a_page_on_its_side_is_as_large_as_its_picture(tmp_path):
    path = tmp_path / "a.png"
    Image.new("L", (600, 400)).save(path)
    page = page_of(orientation_deg=90)
    assert sizes(picture_pdf(document_of(path, page), path)) == [(432, 288)]


def test_a_coarse_fax_stays_upright_though_its_picture_is_wider_than_high(tmp_path):
    path = tmp_path / "a.tif"
    Image.new("1", (1728, 1078)).save(path, compression="group3", dpi=(204, 98))
    page = page_of(size=(1728, 2244), dpi=204)
    assert sizes(picture_pdf(document_of(path, page), path)) == [(610, 792)]


@pytest.mark.parametrize("orientation", [1, *TURNED])
@pytest.mark.parametrize(
    ("name", "mode", "compression"),
    [
        ("a.tif", "1", "group4"),
        ("a.tif", "1", "group3"),
        ("a.tif", "L", "raw"),
        ("a.tif", "RGB", "tiff_lzw"),
        ("a.tif", "RGB", "jpeg"),
        ("a.jpg", "RGB", None),
        ("a.png", "RGB", None),
        ("a.webp", "RGB", None),
    ],
)
def test_pictures_are_turned_as_their_exif_says(tmp_path, name, mode, compression, orientation):
    path = tmp_path / name
    picture, exif = turned(marked(mode), orientation)
    picture.save(path, exif=exif, **({"compression": compression} if compression else {}))
    check_marked(picture_pdf(document_of(path, page_of()), path))


def test_every_page_of_a_tiff_is_turned_by_itself(tmp_path):
    path = tmp_path / "a.tif"
    pages = [turned(marked(), orientation) for orientation in (3, 6, 5, 1)]
    write_tiff(path, *((picture, {"exif": exif}) for picture, exif in pages))
    made = picture_pdf(document_of(path, *(page_of(index) for index in range(4))), path)
    for index in range(4):
        check_marked(made, index)


def test_a_fax_that_is_turned_stays_small(tmp_path):
    path = tmp_path / "a.tif"
    picture, exif = turned(marked("1"), 6)
    picture.save(path, compression="group4", exif=exif)
    assert filters(picture_pdf(document_of(path, page_of()), path)) == ["[/CCITTFaxDecode]"]


def test_colours_for_printers_stay_what_they_are(tmp_path):
    path = tmp_path / "a.tif"
    picture, exif = turned(marked("CMYK"), 3)
    picture.save(path, exif=exif)
    made = picture_pdf(document_of(path, page_of()), path)
    with pymupdf.open("pdf", made) as pdf:
        assert pdf[0].get_images()[0][5] == "DeviceCMYK"


def test_a_photo_is_not_compressed_again_to_be_turned(tmp_path):
    path = tmp_path / "a.jpg"
    picture, exif = turned(marked(), 8)
    picture.save(path, exif=exif)
    made = picture_pdf(document_of(path, page_of()), path)
    with pymupdf.open("pdf", made) as pdf:
        assert pdf.extract_image(pdf[0].get_images()[0][0])["image"] == path.read_bytes()


@pytest.mark.parametrize("is_first", [True, False])
def test_thumbnails_are_left_out(tmp_path, is_first):
    path = tmp_path / "a.tif"
    pages = [(Image.new("L", (20, 30)), {"tiffinfo": {254: 1}}), (marked(), {})]
    write_tiff(path, *(pages if is_first else reversed(pages)))
    check_marked(picture_pdf(document_of(path, page_of()), path))


def test_a_damaged_page_is_white_and_the_others_keep_their_colours(tmp_path):
    path = tmp_path / "a.tif"
    write_damaged(path, frame=1)
    made = picture_pdf(document_of(path, page_of(), failed(path, 1), page_of(2)), path)
    assert sizes(made) == [(288, 432)] * 3
    check_marked(made, 0)
    assert (shown(made, 1) == 255).all()
    check_marked(made, 2)
    with pymupdf.open("pdf", made) as pdf:
        assert [page.get_images()[0][5] for page in pdf] == ["DeviceRGB", "DeviceGray", "DeviceRGB"]


def test_a_page_of_unknown_compression_is_white(tmp_path):
    path = tmp_path / "a.tif"
    write_tiff(path, *[(marked(), {})] * 3)
    data = bytearray(path.read_bytes())
    struct.pack_into("<H", data, entry_of(data, 1, COMPRESSION) + 8, 34661)
    path.write_bytes(data)
    made = picture_pdf(document_of(path, page_of(), failed(path, 1), page_of(2)), path)
    check_marked(made, 0)
    assert (shown(made, 1) == 255).all()
    check_marked(made, 2)


def test_a_page_that_was_read_does_not_become_white(tmp_path):
    path = tmp_path / "a.tif"
    write_damaged(path, frame=1)
    with pytest.raises(CorruptSourceError):
        picture_pdf(document_of(path, page_of(), page_of(1), page_of(2)), path)


@pytest.mark.parametrize("is_negative", [True, False])
@pytest.mark.parametrize("pages", [1, 2])
def test_deep_pictures_are_no_negatives(tmp_path, is_negative, pages):
    path = tmp_path / "a.tif"
    grey = np.asarray(marked("L"))
    deep = Image.fromarray((255 - grey if is_negative else grey).astype(np.uint16) * 257)
    write_tiff(path, *[(deep, {"tiffinfo": {262: 0 if is_negative else 1}})] * pages)
    made = picture_pdf(document_of(path, *(page_of(index) for index in range(pages))), path)
    check_marked(made, pages - 1)


def test_what_shines_through_is_white(tmp_path):
    path = tmp_path / "a.tif"
    picture = marked().convert("RGBA")
    picture.putalpha(marked("L").point(lambda grey: 255 - grey))
    picture, exif = turned(picture, 3)
    picture.save(path, exif=exif)
    check_marked(picture_pdf(document_of(path, page_of()), path))


def test_the_same_image_makes_the_same_file(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGBA", (40, 60), (0, 0, 0, 0)).save(path)
    document = document_of(path, page_of(size=(40, 60)))
    assert picture_pdf(document, path) == picture_pdf(document, path)


def test_what_is_no_image_is_an_error(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"nothing")
    with pytest.raises(CorruptSourceError):
        picture_pdf(document_of(path, page_of()), path)
    with pytest.raises(CorruptSourceError):
        picture_pdf(document_of(path, failed(path)), path)
