"""What a page of a scan may hold to be PDF/A-2b: all that is known to conform, and nothing else.

Clauses are of ISO 19005-2:2011. A page that passes needs no validator to be judged: its pictures
and lines say what they look like, and no font has to.
"""

from __future__ import annotations

from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Stream

from ocr_core.errors import NotArchivableError
from ocr_core.exporters import pdfa_jpeg2000
from ocr_core.exporters.glyphless import FONT_NAME

# All but CMYK (k, K), shadings (sh), pictures within the content (BI) and what Type 3 fonts need.
_OPERATORS = frozenset(
    "q Q cm w J j M d ri i gs m l c v y h re S s f F f* B B* b b* n W W* BT ET Tc Tw Tz TL Tf Tr Ts"
    " Td TD Tm T* Tj TJ ' \" CS cs SC SCN sc scn G g RG rg Do BMC BDC EMC MP DP".split()
)
_SHOWS = frozenset(("Tj", "TJ", "'", '"'))
_REFERS = {"Do": "/XObject", "gs": "/ExtGState"}
_DEEPEST_STATE = 28  # 6.1.13
_DEEPEST_FORM = 8
_FILTERS = frozenset(  # 6.1.7.2
    (
        "/FlateDecode /LZWDecode /RunLengthDecode /ASCII85Decode /ASCIIHexDecode /DCTDecode "
        "/CCITTFaxDecode /JBIG2Decode /JPXDecode"
    ).split()
)
_SPACES = frozenset(("/DeviceGray", "/DeviceRGB", "/CalGray", "/CalRGB", "/Lab"))
_PROFILES = {1: b"GRAY", 3: b"RGB "}
_CLASSES = (b"scnr", b"mntr", b"prtr", b"spac")
_INTENTS = frozenset(
    ("/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation")
)
_BLENDS = frozenset(
    (
        "/Normal /Compatible /Multiply /Screen /Overlay /Darken /Lighten /ColorDodge /ColorBurn "
        "/HardLight /SoftLight /Difference /Exclusion /Hue /Saturation /Color /Luminosity"
    ).split()
)
_STATE = frozenset(
    "/Type /LW /LC /LJ /ML /D /RI /OP /op /OPM /SA /BM /SMask /CA /ca /AIS /TK /FL /SM".split()
)
_ACTIONS = frozenset(("/GoTo", "/GoToR", "/URI"))
_LEAST_PT, _MOST_PT = 3, 14400  # 6.1.13


def check_page(page: Page, number: int) -> None:
    """Makes sure that all that a page shows conforms.

    Args:
        number: of the page, from 1.

    Raises:
        NotArchivableError: something is not known to; the message says what.
    """
    problem = next(_problems(page), None)
    if problem:
        raise NotArchivableError(f"page {number} cannot become PDF/A: it {problem}")


def is_action_allowed(action: Object) -> bool:
    """Whether an action may stay (6.5.1), which leads somewhere and does nothing else."""
    return action.get(Name.S) in _ACTIONS and Name.Next not in action


def is_ours(font: Object) -> bool:
    """Whether a font is the one that words are hidden in."""
    return isinstance(font, Dictionary) and str(font.get(Name.BaseFont)) == f"/{FONT_NAME}"


def _problems(page: Page) -> Iterator[str]:
    left, bottom, right, top = map(float, page.mediabox)
    for length in (abs(right - left), abs(top - bottom)):
        if not _LEAST_PT <= length <= _MOST_PT:
            yield "is smaller or larger than PDF/A allows"
    yield from _group_problems(page.obj)
    yield from _content_problems(page.obj, page.resources, _DEEPEST_FORM)
    for annotation in page.obj.get(Name.Annots, Array()):
        yield from _annotation_problems(annotation)


def _group_problems(holder: Object) -> Iterator[str]:
    group = holder.get(Name.Group)
    if group is not None and Name.CS in group:
        yield from _space_problems(group.CS)


def _content_problems(stream: Object, resources: Object, depth: int) -> Iterator[str]:
    """Of a page or a form, and of all that it paints."""
    font, saved = "/None", list[str]()
    for instruction in pikepdf.parse_content_stream(stream):
        operator, operands = str(instruction.operator), instruction.operands
        if operator not in _OPERATORS:
            yield f"is painted by an operator that is not known to conform ({operator})"
        elif operator == "q":
            saved.append(font)
            if len(saved) > _DEEPEST_STATE:
                yield "saves its state too often"
        elif operator == "Q" and saved:
            font = saved.pop()
        elif operator == "Tf":
            font = str(operands[0])
        elif operator in _SHOWS and not is_ours(_named(resources, "/Font", Name(font))):
            yield "shows text, whose fonts cannot be vouched for"
        elif operator in _REFERS and not _has(resources, _REFERS[operator], operands[0]):
            yield "refers to what it does not have itself"
        elif operator in {"CS", "cs"}:
            yield from _space_problems(_named(resources, "/ColorSpace", operands[0]))
        elif operator == "ri" and str(operands[0]) not in _INTENTS:
            yield "has a rendering intent that does not exist"
    yield from _resource_problems(resources, depth)


def _has(resources: Object, kind: str, name: Object) -> bool:
    return str(name) in resources.get(kind, Dictionary())


def _named(resources: Object, kind: str, name: Object) -> Object:
    """What a name stands for; a name that stands for itself, such as `DeviceGray`, is that."""
    return resources.get(kind, Dictionary()).get(str(name), name)


def _resource_problems(resources: Object, depth: int) -> Iterator[str]:
    for state in resources.get(Name.ExtGState, Dictionary()).values():
        yield from _state_problems(state)
    for properties in resources.get(Name.Properties, Dictionary()).values():
        if properties.get(Name.Type) in {"/OCG", "/OCMD"}:
            yield "has layers that can be switched off"
    for painted in resources.get(Name.XObject, Dictionary()).values():
        if painted.get(Name.Subtype) == Name.Image:
            yield from _image_problems(painted)
        elif not depth or painted.get(Name.Subtype) != Name.Form or Name.Ref in painted:
            yield "paints what is neither a picture nor a form"
        else:
            yield from _group_problems(painted)
            own = painted.get(Name.Resources, Dictionary())  # and no others (6.2.2)
            yield from _content_problems(painted, own, depth - 1)


def _state_problems(state: Object) -> Iterator[str]:
    blends = state.get(Name.BM, Name.Normal)
    if (
        not set(state.keys()) <= _STATE
        or str(blends) not in _BLENDS
        or state.get(Name.SMask, Name("/None")) != Name("/None")
    ):
        yield "has a graphics state that is not known to conform"


def _image_problems(image: Object) -> Iterator[str]:
    filters = image.get(Name.Filter, Array())
    names = [str(one) for one in (filters if isinstance(filters, Array) else [filters])]
    if odd := set(names) - _FILTERS:
        yield f"has a picture that is compressed by {', '.join(sorted(odd))[1:]}"
    if "/JPXDecode" in names and not (len(names) == 1 and _is_plain_jpeg2000(image)):
        yield "has a JPEG 2000 picture that is not known to conform"
    if Name.F in image or Name.OC in image:
        yield "has a picture in another file or on a layer"
    if str(image.get(Name.Intent, "/Perceptual")) not in _INTENTS:
        yield "has a rendering intent that does not exist"
    if not image.get(Name.ImageMask, False):
        yield from _space_problems(image.get(Name.ColorSpace, Name("/Unknown")))
    for key in (Name.SMask, Name.Mask):
        if isinstance(image.get(key), Stream):
            yield from _image_problems(image[key])


def _is_plain_jpeg2000(image: Object) -> bool:
    has_opacity = int(image.get(Name.SMaskInData, 0)) != 0
    return not has_opacity and pdfa_jpeg2000.is_plain(image.read_raw_bytes())


def _space_problems(space: Object) -> Iterator[str]:
    """Of a colour space (6.2.4): grey and RGB can be shown by the sRGB that the file names."""
    parts = list(space) if isinstance(space, Array) else [space]
    kind = str(parts[0])
    if kind == "/Indexed":
        yield from _space_problems(parts[1])
    elif kind == "/ICCBased":
        profile = bytes(parts[1].read_bytes()[:128])
        if not _is_profile(profile, int(parts[1].get(Name.N, 0))):
            yield "has colours by a profile that does not conform"
    elif kind not in _SPACES:
        yield f"has colours that are neither grey nor RGB ({kind[1:]})"


def _is_profile(header: bytes, channels: int) -> bool:
    """Whether a profile begins as those do that PDF/A allows (ICC.1:2010, 7.2)."""
    return (
        header[36:40] == b"acsp"
        and header[8] <= 4
        and header[12:16] in _CLASSES
        and header[16:20] == _PROFILES.get(channels)
    )


def _annotation_problems(annotation: Object) -> Iterator[str]:
    if annotation.get(Name.Subtype) != Name.Link:
        yield f"has an annotation ({str(annotation.get(Name.Subtype))[1:]})"
    elif Name.A in annotation and not is_action_allowed(annotation.A):
        yield "has a link that does more than to lead somewhere"
