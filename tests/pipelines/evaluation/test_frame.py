import pytest

from pipelines.evaluation.frame import head_html, name_of, rates_of


def test_a_page_says_its_language_and_loads_what_lies_beside_it_only():
    head = head_html("a <b>", "../")
    assert '<html lang="en">' in head
    assert "<title>a &lt;b&gt;</title>" in head
    assert 'href="../report.css"' in head
    assert "//" not in head


def test_pages_are_called_by_their_document_and_number_unless_they_are_alone(sheet_of):
    assert name_of(sheet_of("x/a", "one", "one")) == "x/a"
    assert name_of(sheet_of("x/a", "one", "one", is_alone=False, page_index=0)) == "x/a, page 1"


def test_partial_ground_truth_has_a_recall_only(sheet_of):
    rates = rates_of(sheet_of("a", "a tall ship", "a tall shop"))
    assert rates == {
        "F1": pytest.approx(2 / 3), "CER": pytest.approx(1 / 11), "WER": pytest.approx(1 / 3)
    }  # fmt: skip
    assert rates_of(sheet_of("a", "stamp", "stamp and", is_partial=True)) == {"recall": 1}
