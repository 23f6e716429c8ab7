"""PDF/A-2b: what a validator would look at first, what it says where there is one, and what is
refused."""

import io
import shutil
import subprocess
import zlib

import pikepdf
import pymupdf
import pytest
from PIL import Image, ImageCms

from ocr_core.errors import CorruptSourceError, InputError
from ocr_core.exporters.pdfa import archive, export_pdfa, srgb_profile
from ocr_core.sources import hash_file
from schemas import Box, Document, Line, Page, PageRef, Quad, Source, Word

BOX = Box(100, 120, 190, 145)
LINE = Line("Grüße", "Grüße", 0.9, Quad.from_box(BOX), (Word("Grüße", "Grüße", BOX, 0.9),))


def document_of(path, media_type="application/pdf"):
    doc_id = hash_file(path)[0]
    source = Source(doc_id, str(path), path.stat().st_size, media_type, 1)
    page = Page(PageRef(doc_id, str(path), 0), 500, 800, 100, (LINE,))
    return Document(source, (page,))


def picture(mode="L"):
    return Image.radial_gradient("L").resize((500, 800)).convert(mode)


def scan(path, change=lambda document: None, **how):
    """A PDF of one scanned page."""
    stream = io.BytesIO()
    picture("RGB").save(stream, "JPEG")
    with pymupdf.open() as document:
        page = document.new_page(width=360, height=576)
        page.insert_image(page.rect, stream=stream.getvalue())
        change(document)
        document.save(path, **how)
    return path


def exported(path, *more):
    return pikepdf.open(io.BytesIO(export_pdfa(document_of(path, *more))))


@pytest.mark.parametrize(("name", "media_type"), [("a.png", "image/png"), ("a.jpg", "image/jpeg")])
def test_an_image_says_that_it_conforms_and_what_its_colours_mean(tmp_path, name, media_type):
    picture("RGB").save(tmp_path / name)
    with exported(tmp_path / name, media_type) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        [intent] = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        profile = ImageCms.ImageCmsProfile(io.BytesIO(intent.DestOutputProfile.read_bytes()))
        assert profile.profile.xcolor_space == "RGB "
        [font] = pdf.pages[0].resources.Font.values()
        [inner] = font.DescendantFonts
        assert inner.FontDescriptor.FontFile2.read_bytes()
        assert inner.CIDToGIDMap == "/Identity"
        assert len(pdf.trailer.ID) == 2


@pytest.mark.parametrize(
    ("name", "media_type", "mode"),
    [
        ("a.png", "image/png", "L"),
        ("a.png", "image/png", "RGBA"),
        ("a.png", "image/png", "P"),
        ("a.jpg", "image/jpeg", "RGB"),
        ("a.tif", "image/tiff", "1"),
        ("a.pdf", "application/pdf", ""),
    ],
)
def test_a_validator_finds_nothing(tmp_path, name, media_type, mode):
    validator = shutil.which("verapdf")
    if validator is None:
        pytest.skip("veraPDF is not installed")
    path = tmp_path / name
    if mode:
        picture(mode).save(path)
    else:
        scan(path)
    (tmp_path / "archived.pdf").write_bytes(export_pdfa(document_of(path, media_type)))
    command = [validator, "--flavour", "2b", "--format", "text", tmp_path / "archived.pdf"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.stdout.startswith("PASS"), told.stdout + told.stderr


def test_its_words_are_found(tmp_path):
    data = export_pdfa(document_of(scan(tmp_path / "a.pdf")))
    with pymupdf.open("pdf", data) as document:
        assert document[0].get_text().split() == ["Grüße"]


def test_the_same_document_gives_the_same_file(tmp_path):
    document = document_of(scan(tmp_path / "a.pdf"))
    assert export_pdfa(document) == export_pdfa(document)
    assert srgb_profile.__wrapped__() == srgb_profile()


def test_titles_and_bookmarks_stay_and_scripts_go(tmp_path):
    def add(document):
        document.set_metadata({"title": "Der Titel", "author": "Ö. Name"})
        document.set_toc([[1, "Chapter", 1], [2, "Part", 1]])
        page = document[0]
        page.insert_link(
            {"kind": pymupdf.LINK_URI, "from": pymupdf.Rect(0, 0, 9, 9), "uri": "http://a.example"}
        )
        script = document.get_new_xref()
        document.update_object(script, "<</S/JavaScript/JS(app.alert\\(1\\))>>")
        document.xref_set_key(document.pdf_catalog(), "OpenAction", f"{script} 0 R")
        document.xref_set_key(page.xref, "AA", f"<</O {script} 0 R>>")
        image = page.get_images()[0][0]
        document.xref_set_key(image, "Interpolate", "true")

    with exported(scan(tmp_path / "a.pdf", add)) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["dc:title"], metadata["dc:creator"]) == ("Der Titel", ["Ö. Name"])
        with pdf.open_outline() as outline:
            [chapter] = outline.root
            assert (chapter.title, chapter.children[0].title) == ("Chapter", "Part")
        [link] = pdf.pages[0].Annots
        assert (link.A.URI, link.F) == ("http://a.example", 4)
        assert "/OpenAction" not in pdf.Root
        assert "/AA" not in pdf.pages[0]
        [image] = pdf.pages[0].resources.XObject.values()
        assert not image.Interpolate
        dictionaries = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
        assert not [one for one in dictionaries if "/JS" in one]


def test_pictures_are_not_compressed_anew(tmp_path):
    picture("RGB").save(tmp_path / "a.jpg")
    with exported(tmp_path / "a.jpg", "image/jpeg") as pdf:
        [image] = pdf.pages[0].resources.XObject.values()
        assert image.read_raw_bytes() == (tmp_path / "a.jpg").read_bytes()


def write_text(document):
    document[0].insert_text((72, 72), "shown", fontname="helv")


def attach(document):
    document.embfile_add("notes.txt", b"notes")


def add_layer(document):
    document.add_ocg("layer")


def add_note(document):
    document[0].add_text_annot((72, 72), "a note")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (write_text, "page 1 cannot become PDF/A: it shows text, whose fonts cannot be vouched"),
        (attach, "must not hold files"),
        (add_layer, "must not have layers"),
        (add_note, r"it has an annotation \(Text\)"),
    ],
)
def test_what_is_not_known_to_conform_is_refused(tmp_path, change, message):
    path = scan(tmp_path / "a.pdf", change)
    with pytest.raises(InputError, match=message) as caught:
        export_pdfa(document_of(path))
    assert caught.value.code == "not-archivable"


@pytest.mark.parametrize("user", ["secret", ""])  # the latter opens without a password
def test_encrypted_sources_are_refused(tmp_path, user):
    path = scan(
        tmp_path / "a.pdf",
        encryption=pymupdf.PDF_ENCRYPT_AES_256,
        user_pw=user,
        owner_pw="owner",
    )
    with pytest.raises(InputError, match="must not be encrypted") as caught:
        export_pdfa(document_of(path), ["secret"])
    assert caught.value.code == "not-archivable"


def test_colours_of_print_are_refused(tmp_path):
    picture("CMYK").save(tmp_path / "a.jpg")
    with pytest.raises(InputError, match=r"neither grey nor RGB \(DeviceCMYK\)"):
        export_pdfa(document_of(tmp_path / "a.jpg", "image/jpeg"))


def test_a_page_that_does_not_decode_is_damaged(tmp_path):
    pdf = pikepdf.open(scan(tmp_path / "a.pdf"))
    broken = pikepdf.Stream(pdf, zlib.compress(b"q Q " * 100)[:20])
    broken.Filter = pikepdf.Name.FlateDecode
    broken.DecodeParms = pikepdf.Dictionary(Predictor=99)
    pdf.pages[0].obj.Contents = broken
    stream = io.BytesIO()
    pdf.save(stream)
    with pytest.raises(CorruptSourceError, match="the PDF is damaged"):
        archive(stream.getvalue())
