"""What a page may hold to become PDF/A, each beside what it may not."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageCms

from ocr_core.errors import InputError
from ocr_core.exporters.pdfa_checks import check_page, is_action_allowed


@pytest.fixture
def pdf():
    with Pdf.new() as pdf:
        yield pdf


def page_of(pdf, content=b"", size=(600, 800), **resources):
    page = pdf.add_blank_page(page_size=size)
    page.obj.Contents = Stream(pdf, content)
    page.obj.Resources = Dictionary(**resources)
    return page


def is_allowed(page):
    try:
        check_page(page, 7)
    except InputError as error:
        return not str(error).startswith("page 7 cannot become PDF/A: it ")
    return True


def test_a_refusal_has_a_code(pdf):
    with pytest.raises(InputError) as caught:
        check_page(page_of(pdf, b"0 0 0 1 k"), 1)
    assert caught.value.code == "not-archivable"


@pytest.mark.parametrize(
    ("content", "allowed"),
    [
        (b"q 1 0 0 1 0 0 cm 0.5 g 0 0 9 9 re f Q", True),
        (b"1 0 0 rg 0 0 9 9 re f", True),
        (b"0 0 0 1 k 0 0 9 9 re f", False),
        (b"/DeviceCMYK cs 0 0 0 1 sc", False),
        (b"/DeviceRGB cs 0 0 0 sc", True),
        (b"/Pattern cs", False),
        (b"/S sh", False),
        (b"/None Do", False),
        (b"/None gs", False),
        (b"/Perceptual ri", True),
        (b"/Beautiful ri", False),
        (b"q " * 28 + b"Q " * 28, True),
        (b"q " * 29 + b"Q " * 29, False),
        (b"BT /F 9 Tf ET", True),  # nothing is shown
        (b"BT /F 9 Tf (a) Tj ET", False),
        (b"BT (a) Tj ET", False),
        (b"BT /Ours 9 Tf q Q <0001> Tj ET", True),
        (b"q BT /Ours 9 Tf ET Q BT <0001> Tj ET", False),
    ],
)
def test_content(pdf, content, allowed):
    fonts = Dictionary(
        Ours=Dictionary(BaseFont=Name("/Glyphless Regular")), F=Dictionary(BaseFont=Name.Helvetica)
    )
    assert is_allowed(page_of(pdf, content, Font=fonts)) == allowed


def profile_of(pdf, channels, colours="sRGB", **header):
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile(colours)).tobytes())
    for place, value in header.items():
        at = int(place.removeprefix("at"))
        profile[at : at + len(value)] = value
    return Array([Name.ICCBased, Stream(pdf, bytes(profile), N=channels)])


def image_of(pdf, space, **more):
    return Stream(pdf, b"", Subtype=Name.Image, ColorSpace=space, **more)


SPACES = [
    (lambda pdf: Name.DeviceGray, True),
    (lambda pdf: Name.DeviceCMYK, False),
    (lambda pdf: Array([Name.Indexed, Name.DeviceRGB, 1, b"aaabbb"]), True),
    (lambda pdf: Array([Name.Indexed, Name.DeviceCMYK, 0, b"aaaa"]), False),
    (lambda pdf: Array([Name.Separation, Name.Gold, Name.DeviceRGB, 0]), False),
    (lambda pdf: profile_of(pdf, 3), True),
    (lambda pdf: profile_of(pdf, 1), False),
    (lambda pdf: profile_of(pdf, 3, at36=b"none"), False),
    (lambda pdf: profile_of(pdf, 3, at8=b"\x05"), False),
    (lambda pdf: profile_of(pdf, 3, at12=b"link"), False),
]


@pytest.mark.parametrize(("make", "allowed"), SPACES)
def test_colours(pdf, make, allowed):
    page = page_of(pdf, b"/I Do", XObject=Dictionary(I=image_of(pdf, make(pdf))))
    assert is_allowed(page) == allowed
    page = page_of(pdf, b"/Own cs", ColorSpace=Dictionary(Own=make(pdf)))
    assert is_allowed(page) == allowed


@pytest.mark.parametrize(
    ("more", "allowed"),
    [
        ({"Filter": Name.DCTDecode}, True),
        ({"Filter": Array([Name.ASCII85Decode, Name.FlateDecode])}, True),
        ({"Filter": Name.JPXDecode}, False),
        ({"Filter": Name.Crypt}, False),
        ({"F": pikepdf.String("elsewhere.jpg")}, False),
        ({"Intent": Name.Funny}, False),
    ],
)
def test_pictures(pdf, more, allowed):
    image = image_of(pdf, Name.DeviceGray)
    for name, value in more.items():
        image[f"/{name}"] = value
    assert is_allowed(page_of(pdf, XObject=Dictionary(I=image))) == allowed
    veiled = image_of(pdf, Name.DeviceGray)
    veiled.SMask = image
    assert is_allowed(page_of(pdf, XObject=Dictionary(I=veiled))) == allowed


@pytest.mark.parametrize(
    ("mode", "more", "allowed"),
    [
        ("RGB", {"Filter": Name.JPXDecode}, True),
        ("L", {"Filter": Array([Name.JPXDecode])}, True),
        ("RGBA", {"Filter": Name.JPXDecode}, False),
        ("RGB", {"Filter": Name.JPXDecode, "SMaskInData": 1}, False),
        ("RGB", {"Filter": Array([Name.FlateDecode, Name.JPXDecode])}, False),
    ],
)
def test_jpeg_2000(pdf, mode, more, allowed):
    stream = io.BytesIO()
    Image.new(mode, (16, 16)).save(stream, "JPEG2000")
    image = Stream(pdf, stream.getvalue(), Subtype=Name.Image, ColorSpace=Name.DeviceRGB)
    for name, value in more.items():
        image[f"/{name}"] = value
    assert is_allowed(page_of(pdf, XObject=Dictionary(I=image))) == allowed


def test_a_stencil_has_no_colours(pdf):
    stencil = Stream(pdf, b"", Subtype=Name.Image, ImageMask=True)
    assert is_allowed(page_of(pdf, XObject=Dictionary(I=stencil)))


@pytest.mark.parametrize(("content", "allowed"), [(b"0 g", True), (b"0 0 0 1 k", False)])
def test_forms_are_looked_into(pdf, content, allowed):
    form = Stream(pdf, content, Subtype=Name.Form)
    outer = Stream(pdf, b"", Subtype=Name.Form, Resources=Dictionary(XObject=Dictionary(F=form)))
    assert is_allowed(page_of(pdf, XObject=Dictionary(F=outer))) == allowed


def test_a_form_that_paints_itself_ends(pdf):
    form = pdf.make_indirect(Stream(pdf, b"", Subtype=Name.Form))
    form.Resources = Dictionary(XObject=Dictionary(F=form))
    assert not is_allowed(page_of(pdf, XObject=Dictionary(F=form)))


def test_a_form_has_what_it_refers_to_itself(pdf):
    form = Stream(pdf, b"/I Do", Subtype=Name.Form)
    painted = Dictionary(I=image_of(pdf, Name.DeviceGray), F=form)
    assert not is_allowed(page_of(pdf, b"/F Do", XObject=painted))
    form.Resources = Dictionary(XObject=Dictionary(I=image_of(pdf, Name.DeviceGray)))
    assert is_allowed(page_of(pdf, b"/F Do", XObject=painted))


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ({"/ca": 0.5, "/BM": Name.Multiply}, True),
        ({"/BM": Name.Sparkle}, False),
        ({"/TR": Name.Identity}, False),
        ({"/SMask": Dictionary()}, False),
    ],
)
def test_graphics_states(pdf, state, allowed):
    page = page_of(pdf, ExtGState=Dictionary(G=Dictionary(state)))
    assert is_allowed(page) == allowed


def test_layers_are_not_allowed(pdf):
    layer = Dictionary(Type=Name.OCG)
    assert not is_allowed(page_of(pdf, Properties=Dictionary(L=layer)))


@pytest.mark.parametrize(
    ("size", "allowed"), [((3, 14400), True), ((4, 14401), False), ((100, 2), False)]
)
def test_sizes(pdf, size, allowed):
    page = page_of(pdf)
    page.mediabox = Array([0, 0, *size])
    assert is_allowed(page) == allowed


def test_a_group_may_not_mix_in_colours_of_print(pdf):
    page = page_of(pdf)
    page.obj.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceRGB)
    assert is_allowed(page)
    page.obj.Group.CS = Name.DeviceCMYK
    assert not is_allowed(page)


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ({"/S": Name.URI}, True),
        ({"/S": Name.GoTo}, True),
        ({"/S": Name.JavaScript}, False),
        ({"/S": Name.Launch}, False),
        ({"/S": Name.GoTo, "/Next": Dictionary(S=Name.Launch)}, False),
        ({}, False),
    ],
)
def test_links_lead_somewhere_and_do_nothing_else(pdf, action, allowed):
    assert is_action_allowed(Dictionary(action)) == allowed
    page = page_of(pdf)
    page.obj.Annots = Array([Dictionary(Subtype=Name.Link, A=Dictionary(action))])
    assert is_allowed(page) == allowed
    page.obj.Annots = Array([Dictionary(Subtype=Name.Widget)])
    assert not is_allowed(page)
