"""Searchable PDF -> PDF/A-2b (ISO 19005-2:2011), for scans.

A file conforms if all that is in it does. So what is not known to conform is taken away where
nobody would miss it (scripts, thumbnails), and refused where it is on a page: fonts of others above
all, of which only a validator could say whether every width is the right one.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String
from PIL import ImageCms

from ocr_core.errors import CorruptSourceError, NotArchivableError, first_line
from ocr_core.exporters.pdf import export_pdf
from ocr_core.exporters.pdfa_checks import check_page, is_action_allowed, is_ours
from schemas import Document

# What is kept of the root of a file; all else is no part of its pages, or forbidden.
_ROOT = frozenset(
    (
        "/Type /Pages /Outlines /PageLabels /PageMode /PageLayout /Lang /Dests /Names "
        "/ViewerPreferences"
    ).split()
)
# What is taken away from pages, pictures and forms: scripts, thumbnails, data of programs.
_TAKEN = ("/AA", "/Metadata", "/PieceInfo", "/Thumb", "/PresSteps", "/Alternates", "/OPI")
_PRINT = 4  # the flag of annotations that are printed, PDF 32000-1:2008, 12.5.3
_SRGB = "sRGB IEC61966-2.1"
# Of a profile: where its date stands, ICC.1:2010, 7.2.
_DATE = slice(24, 36)


def export_pdfa(document: Document, passwords: Sequence[str] = ()) -> bytes:
    """The searchable PDF of a document as PDF/A-2b: what `export_pdf` makes, to be kept for ever.

    Args:
        document: whose uri is a local path.

    Raises:
        InputError: the source cannot be opened, or is none that can become PDF/A here
            (`not-archivable`): encrypted, or with more on its pages than pictures.
    """
    return archive(export_pdf(document, passwords))


def archive(searchable: bytes) -> bytes:
    """A searchable PDF of scans as PDF/A-2b.

    Raises:
        NotArchivableError: something in it is not known to conform; the message says what.
    """
    try:
        with pikepdf.open(io.BytesIO(searchable)) as pdf:
            return _archived(pdf)
    except pikepdf.PasswordError as error:
        raise NotArchivableError("PDF/A must not be encrypted") from error
    except (pikepdf.PdfError, pikepdf.DependencyError) as error:
        raise CorruptSourceError(f"the PDF is damaged: {first_line(error, 'it is odd')}") from error


def _archived(pdf: Pdf) -> bytes:
    _check_file(pdf)
    seen: set[tuple[int, int]] = set()
    for number, page in enumerate(pdf.pages, start=1):
        page.obj.Resources = page.resources  # which it may have from others, but for PDF/A (6.2.2)
        check_page(page, number)
        _tidy(page.obj, seen)
    _tidy_root(pdf)
    _describe(pdf)
    stream = io.BytesIO()
    pdf.save(
        stream,
        force_version="1.7",
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.generalized,  # as LZW is forbidden
        deterministic_id=True,
    )
    return stream.getvalue()


def _check_file(pdf: Pdf) -> None:
    """Makes sure that nothing has to be taken away that somebody would miss.

    Raises:
        NotArchivableError: something would.
    """
    names = pdf.Root.get(Name.Names, Dictionary())
    missed = {
        "be encrypted": pdf.is_encrypted,
        "hold files of other formats": Name.EmbeddedFiles in names or Name.AF in pdf.Root,
        "have layers that can be switched off": Name.OCProperties in pdf.Root,
    }
    for what, is_so in missed.items():
        if is_so:
            raise NotArchivableError(f"PDF/A must not {what}")


def _tidy(holder: Object, seen: set[tuple[int, int]]) -> None:
    """Takes from a page, a picture or a form, and from what it paints, what is not seen of it."""
    _take_away(holder, _TAKEN)
    if holder.get(Name.Interpolate, False):
        holder.Interpolate = False
    for annotation in holder.get(Name.Annots, Array()):
        annotation.F = _PRINT
        _take_away(annotation, ("/AA", "/AP", "/C"))
    resources = holder.get(Name.Resources, Dictionary())
    for font in resources.get(Name.Font, Dictionary()).values():
        if is_ours(font):
            font.DescendantFonts[0].CIDToGIDMap = Name.Identity  # which PDF takes for granted
    painted = [*resources.get(Name.XObject, Dictionary()).values(), holder.get(Name.SMask)]
    for inner in painted:
        if isinstance(inner, Stream) and inner.objgen not in seen:
            seen.add(inner.objgen)
            _tidy(inner, seen)


def _tidy_root(pdf: Pdf) -> None:
    _take_away(pdf.Root, set(pdf.Root.keys()) - _ROOT)
    if Name.Names in pdf.Root:
        names = pdf.Root.Names
        pdf.Root.Names = Dictionary({"/Dests": names.Dests} if Name.Dests in names else {})
    for item in _bookmarks(pdf.Root.get(Name.Outlines)):
        if Name.A in item and not is_action_allowed(item.A):
            del item.A


def _bookmarks(top: Object | None) -> Iterator[Object]:
    """All bookmarks, once each: a damaged list of them may run in a circle."""
    seen: set[tuple[int, int]] = set()
    waiting = [top]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Dictionary) and item.objgen not in seen:
            seen.add(item.objgen)
            yield item
            waiting += [item.get(Name.Next), item.get(Name.First)]


def _take_away(holder: Object, keys: Iterable[str]) -> None:
    for key in keys:
        if key in holder:
            del holder[key]


def _describe(pdf: Pdf) -> None:
    """Says that the file conforms, what it is about, and what its colours mean (6.2.3, 6.6)."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata.load_from_docinfo(pdf.docinfo, delete_missing=True)
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "B"
    profile = Stream(pdf, srgb_profile())
    profile.N = 3
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(_SRGB),
        Info=String(_SRGB),
        DestOutputProfile=pdf.make_indirect(profile),
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


@cache
def srgb_profile() -> bytes:
    """The profile of sRGB, the same at every time."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_DATE] = struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
    return bytes(profile)
