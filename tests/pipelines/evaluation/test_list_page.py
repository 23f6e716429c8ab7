"""The measures and the list of pages."""

import lxml.html
import pytest

from pipelines.evaluation.list_page import list_html, list_name, mistakes_html, summary_html


def texts_of(html, query):
    page = lxml.html.document_fromstring(html)
    return [" ".join(" ".join(found.itertext()).split()) for found in page.xpath(query)]


def test_the_measures_stand_as_evaluate_prints_them():
    rates = {"F1": 0.5, "CER": 0.25}
    html = summary_html(
        [("bills", 2, rates), ("stamps", 1, {"recall": 1.0}), ("all", 3, rates | {"recall": 1})], 7
    )
    assert texts_of(html, "//thead//th") == ["folder", "documents", "F1", "CER", "recall"]
    rows = texts_of(html, "//tbody/tr")
    assert rows[0].split() == ["bills", "2", "0.5000", "0.2500", "–"]
    assert rows[1].split() == ["stamps", "1", "–", "–", "1.0000"]
    assert "7 pages" in html


def test_pages_are_listed_with_their_figures_and_lead_there(sheet_of):
    sheets = [(501, sheet_of("x/a", "one two", "one")), (502, sheet_of("b", "x", "x y",
              is_partial=True))]  # fmt: skip
    html = "".join(list_html("a <b>", "", sheets, (1, 3)))
    rows = texts_of(html, "//table[contains(@class, 'pages')]/tbody/tr")
    assert rows[0].split() == ["501", "x/a", "0.6667", "0.5714", "0.5000", "2"]
    assert rows[1].split() == ["502", "b", "1.0000", "(recall)", "–", "–", "1"]
    assert 'href="pages/501.html"' in html
    assert texts_of(html, "//h1") == ["a <b>"]
    assert 'rel="prev" href="index.html"' in html
    assert 'rel="next" href="index-3.html"' in html


@pytest.mark.parametrize(("parts", "rels"), [((0, 1), 0), ((0, 2), 1), ((1, 2), 1), ((1, 3), 2)])
def test_only_parts_that_are_there_are_led_to(parts, rels):
    assert "".join(list_html("a", "", [], parts)).count("rel=") - 1 == rels  # 1 of the style sheet


def test_parts_have_names():
    assert [list_name(part) for part in (0, 1)] == ["index.html", "index-2.html"]


def test_mistakes_are_listed_and_what_cannot_be_seen_is_shown():
    html = mistakes_html([(("rn", "m"), 9), ((" ", ""), 2), (("<", "&"), 1)])
    assert texts_of(html, "//tbody/tr/td") == ["rn", "m", "9", "␣", "nothing", "2", "<", "&", "1"]
    assert mistakes_html([]) == ""
