import pymupdf
import pytest

from ocr_core.errors import EncryptedSourceError
from ocr_core.exporters.hidden_text import without_hidden_text


def pdf_of(path, *contents):
    """A PDF with a page for each content stream; X is a form with hidden text."""
    document = pymupdf.open()
    for _ in contents:
        document.new_page()
    form = document.get_new_xref()
    document.update_object(form, "<</Type/XObject/Subtype/Form/BBox[0 0 600 800]>>")
    document.update_stream(form, b"BT /helv 10 Tf 3 Tr 72 300 Td (formhidden) Tj ET")
    for number, content in enumerate(contents):
        page = document[number]
        page.insert_font("helv")
        stream = document.get_new_xref()
        document.update_object(stream, "<<>>")
        document.update_stream(stream, content)
        document.xref_set_key(page.xref, "Contents", f"{stream} 0 R")
        resources = int(document.xref_get_key(page.xref, "Resources")[1].split()[0])
        document.xref_set_key(form, "Resources", document.xref_object(resources))
        document.xref_set_key(resources, "XObject", f"<</X {form} 0 R>>")
    document.save(path)
    return path


def words(data):
    with pymupdf.open("pdf", data) as document:
        return [page.get_text().split() for page in document]


def test_only_text_that_paints_nothing_goes(tmp_path):
    hidden = b"3 Tr (hidden) Tj [(hid) 5 (den)] TJ 0 Tr"
    content = b"BT /helv 10 Tf 72 700 Td (shown) Tj " + hidden + b" 99 0 Td (too) Tj ET"
    path = pdf_of(tmp_path / "a.pdf", content)
    assert "hidden" in "".join(words(path.read_bytes())[0])
    assert words(without_hidden_text(path, [0])) == [["shown", "too"]]


def test_the_mode_ends_with_the_state_that_it_was_set_in(tmp_path):
    shown = b"BT /helv 10 Tf 72 600 Td (shown) Tj ET"
    content = b"q 3 Tr BT /helv 10 Tf 72 700 Td (hidden) Tj ET Q " + shown
    path = pdf_of(tmp_path / "a.pdf", content)
    assert words(without_hidden_text(path, [0])) == [["shown"]]


def test_forms_lose_it_too(tmp_path):
    path = pdf_of(tmp_path / "a.pdf", b"/X Do BT /helv 10 Tf 72 600 Td (shown) Tj ET")
    assert "formhidden" in words(path.read_bytes())[0]
    assert words(without_hidden_text(path, [0])) == [["shown"]]


def test_other_pages_stay_as_they_are(tmp_path):
    hidden = b"BT /helv 10 Tf 3 Tr 72 700 Td (hidden) Tj ET"
    path = pdf_of(tmp_path / "a.pdf", hidden, hidden)
    assert words(without_hidden_text(path, [1])) == [["hidden"], []]


def encrypted(path, content):
    """The same PDF, behind a password."""
    with pymupdf.open(pdf_of(path, content)) as document:
        locked = document.tobytes(
            encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret", owner_pw="owner"
        )
    path.write_bytes(locked)
    return path


def test_an_encrypted_file_stays_so(tmp_path):
    content = b"BT /helv 10 Tf 72 700 Td (shown) Tj 3 Tr (hidden) Tj ET"
    path = encrypted(tmp_path / "a.pdf", content)
    for passwords in (["no", "secret"], ["owner"]):
        data = without_hidden_text(path, [0], passwords)
        with pymupdf.open("pdf", data) as document:
            assert document.needs_pass
            assert not document.authenticate("no")
            assert document.authenticate("secret")
            assert document[0].get_text().split() == ["shown"]


@pytest.mark.parametrize("passwords", [[], ["no"]])
def test_a_file_that_no_password_opens_is_told(tmp_path, passwords):
    path = encrypted(tmp_path / "a.pdf", b"BT /helv 10 Tf 3 Tr 72 700 Td (hidden) Tj ET")
    with pytest.raises(EncryptedSourceError, match="encrypted"):
        without_hidden_text(path, [0], passwords)


def test_the_same_file_gives_the_same_file(tmp_path):
    path = pdf_of(tmp_path / "a.pdf", b"BT /helv 10 Tf 3 Tr 72 700 Td (hidden) Tj ET")
    assert without_hidden_text(path, [0]) == without_hidden_text(path, [0])
