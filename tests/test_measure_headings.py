import pymupdf
import pytest

from tests.measure_headings import bare, main

TEXT = "Some running text of this page, which goes on for a while and fills its column."


@pytest.fixture
def pdf(tmp_path):
    """Two sections, one with a larger title, and one whose title looks like the text around it."""
    path = tmp_path / "titled.pdf"
    with pymupdf.open() as document:
        page = document.new_page(width=500, height=700)
        lines = [("Of ships", 18), *[(TEXT, 10)] * 6, ("of sails and more", 10), *[(TEXT, 10)] * 6]
        for place, (text, size) in enumerate(lines):
            page.insert_text((60, 100 + 14 * place + 12 * (place > 0)), text, fontsize=size)
        document.set_toc([[1, "1 Of ships", 1], [1, "2 Of sails and more", 1], [1, "Not there", 1]])
        document.save(path)
    return path


def test_titles_that_stand_on_their_page_are_counted_and_told(pdf, capsys):
    assert main([str(pdf), "--tell"]) == 0
    told = capsys.readouterr().out
    assert "0.500 of 2 titles are headings; of 1 headings 0.000 look" in told
    assert "titled.pdf 1: no heading: ofsailsandmore" in told


def test_without_outlines_there_is_nothing_to_tell(tmp_path, capsys):
    with pymupdf.open() as document:
        document.new_page()
        document.save(tmp_path / "plain.pdf")
    assert main([str(tmp_path / "plain.pdf")]) == 1


def test_texts_are_compared_by_their_letters_and_digits():
    assert bare("2.1 Über-Maß") == "21ubermass"
