import pytest

from ocr_core.correction import Lexicon, correct_page, load_lexicon
from ocr_core.errors import ConfigError
from schemas import Box, Edit, Line, Page, PageRef, Quad, Word

ENGLISH = (
    "the following letter about these people would receive money from their government during "
    "every winter when small children learned another song together"
)
GERMAN = (
    "Sehr geehrte Damen und Herren hiermit bestätigen wir den Eingang Ihrer Bestellung welche "
    "morgen verschickt werden soll sobald unsere Lieferung eingetroffen ist"
)


@pytest.fixture(scope="module")
def lexicon():
    return load_lexicon()


def line_of(text: str, confidence: float, top: float = 0.0) -> Line:
    box = Box(0, top, 20 * len(text), top + 20)
    words = tuple(Word(word, word, box, confidence) for word in text.split())
    return Line(text, text, confidence, Quad.from_box(box), words)


def page_of(*lines: Line) -> Page:
    return Page(PageRef("d", "memory://page", 0), 1000, 1000, 200, lines)


def corrected(text: str, lexicon: Lexicon, confidence: float = 0.6, context: str = ENGLISH) -> Line:
    """The line as it stands after correction, on a page with a line of context far below it."""
    page = page_of(line_of(text, confidence), line_of(context, 0.99, top=900))
    return correct_page(page, lexicon).lines[0]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("they receivcd it", "they received it"),
        ("a beautifui day", "a beautiful day"),
        ("Thcir house", "Their house"),  # a capital where a sentence starts stays one
        ("it ended. Thcir house", "it ended. Their house"),
        ("he (alwavs) came,", "he (always) came,"),
        ("“lhat’s it,” said wbich, and", "“lhat’s it,” said which, and"),
    ],
)
def test_a_doubtful_word_one_letter_from_a_likely_one_is_put_right(raw, expected, lexicon):
    line = corrected(raw, lexicon)
    assert line.text == expected
    assert line.raw_text == raw
    assert " ".join(word.text for word in line.words) == expected
    assert " ".join(word.raw_text for word in line.words) == raw


def test_every_edit_is_recorded_with_its_place_in_the_raw_text(lexicon):
    line = corrected("thcy receivcd lettcrs", lexicon)
    assert line.edits == (
        Edit(0, 4, "thcy", "they", "lexicon"),
        Edit(5, 13, "receivcd", "received", "lexicon"),
        Edit(14, 21, "lettcrs", "letters", "lexicon"),
    )
    for edit in line.edits:
        assert line.raw_text[edit.start : edit.end] == edit.before
    assert [word.corrected for word in line.words] == [True, True, True]


@pytest.mark.parametrize(
    "raw",
    [
        "the cat tbe",  # too short
        "we met Smyth there",  # a name
        "code WOUID there",  # a code
        "item rec3ivcd there",  # not letters alone
        "mail receivcd@example.org",
        "a wouid/could thing",
        "don’t wcn’t there",
        "iPhonc there",
        "Saylor went there",  # a name where a sentence starts
        "the neighboring towns honored him",  # another spelling
        "the igog there",  # short, and nothing near looks alike
        "über Grüßc there",  # letters that the lexicon's language does not use
        "xqzvw there",  # nothing is near
        "a tlie there",  # a swap is two letters wrong
        "house tomb grand",  # known words
        "the receiv-",  # its rest stands on the next line
    ],
)
def test_what_must_not_be_touched_is_not(raw, lexicon):
    line = corrected(raw, lexicon)
    assert line.text == raw
    assert line.edits == ()


def test_a_word_read_with_confidence_is_not_touched(lexicon):
    assert corrected("they receivcd it", lexicon, confidence=0.9).edits == ()


def test_a_word_that_the_page_has_twice_is_meant_so(lexicon):
    assert corrected("some receivcd and some receivcd", lexicon).edits == ()


def test_the_rest_of_a_divided_word_is_not_touched(lexicon):
    upper, lower = line_of("they were exam-", 0.99, top=0), line_of("incd by them", 0.5, top=25)
    page = page_of(lower, upper, line_of(ENGLISH, 0.99, top=900))
    assert correct_page(page, lexicon).lines[0].edits == ()
    alone = page_of(line_of("timc by them", 0.5, top=25), line_of(ENGLISH, 0.99, top=900))
    assert correct_page(alone, lexicon).lines[0].text == "time by them"


@pytest.mark.parametrize("context", [GERMAN, "", "few known words"])
def test_a_page_that_does_not_look_english_is_left_alone(context, lexicon):
    page = page_of(line_of("they receivcd it", 0.6), line_of(context, 0.9, top=900))
    assert correct_page(page, lexicon) is page


def test_an_unsure_choice_is_no_choice(lexicon):
    assert lexicon.correction("hcar") == "hear"
    assert lexicon.correction("wone") is None  # done, gone, none, wine, won, one ...


def test_candidates_are_ranked_by_frequency_and_by_likeness_of_shape():
    lexicon = Lexicon([("card", 10_000_000), ("curd", 60_000_000), ("herd", 900_000)])
    assert lexicon.correction("cerd") == "card"  # e looks like a, not like u
    assert lexicon.correction("hxrd") == "herd"
    assert lexicon.correction("zzzz") is None


def test_a_language_without_a_lexicon_is_refused():
    with pytest.raises(ConfigError, match="'tlh'"):
        load_lexicon("tlh")


def test_a_lexicon_knows_its_words(lexicon):
    assert "house" in lexicon
    assert "houfe" not in lexicon
