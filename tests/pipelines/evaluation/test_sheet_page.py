"""A page beside its ground truth, as an HTML parser that is not ours finds it."""

import lxml.html
import pytest

from pipelines.evaluation.sheet_page import Place, sheet_html

MIDDLE = Place(2, 3, "index-2.html")


def page_of(sheet, place=MIDDLE, picture=None):
    return lxml.html.document_fromstring("".join(sheet_html(sheet, sheet.steps(), place, picture)))


def texts_of(page, query):
    return [" ".join(found.text_content().split()) for found in page.xpath(query)]


@pytest.fixture
def page(sheet_of):
    sheet = sheet_of("x/a", "a tall ship\nlost line here", "a tall shop", language="en-GB")
    return page_of(sheet, picture="../pictures/2.jpg")


def test_both_texts_stand_side_by_side(page):
    assert texts_of(page, "//th[@scope='col']") == ["line", "ground truth", "read"]
    rows = [texts_of(row, "th | td") for row in page.xpath("//tbody/tr")]
    assert rows == [["1", "a tall ship", "a tall shop"], ["2", "lost line here", "‸"]]
    assert page.xpath("//tbody")[0].get("lang") == "en-GB"


def test_figures_of_the_page_stand_above(page):
    facts = dict(zip(texts_of(page, "//dt"), texts_of(page, "//dd"), strict=True))
    assert facts["WER"] == "0.6667"
    assert (facts["words"], facts["changed"], facts["missing"]) == ("6", "1", "3")
    assert (facts["added"], facts["moved"]) == ("0", "0")


def test_the_picture_says_what_it_shows(page, sheet_of):
    [image] = page.xpath("//img")
    assert (image.get("src"), image.get("alt")) == (
        "../pictures/2.jpg", "page 1 of x/a, as it was read"
    )  # fmt: skip
    assert not page_of(sheet_of("a", "one", "one")).xpath("//img | //figure")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, {"up": "../index-2.html", "next": "2.html"}),
        (2, {"up": "../index-2.html", "prev": "1.html", "next": "3.html"}),
        (3, {"up": "../index-2.html", "prev": "2.html"}),
    ],
)
def test_pages_lead_to_their_neighbours_and_to_the_list(sheet_of, number, expected):
    page = page_of(sheet_of("a", "one", "one"), Place(number, 3, "index-2.html"))
    assert {link.get("rel"): link.get("href") for link in page.xpath("//nav//a")} == expected


def test_names_and_texts_are_never_markup(sheet_of):
    evil = '<script>alert("x")</script>'
    sheet = sheet_of(f"x/{evil}", evil, f"{evil} 'more' <img src=x>", language='"><script>')
    page = page_of(sheet, picture='"><script>.jpg')
    assert [script.get("src") for script in page.xpath("//script")] == ["../report.js"]
    assert len(page.xpath("//img")) == 1
    assert evil in texts_of(page, "//h1")[0]
