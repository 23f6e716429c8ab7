import gzip

import numpy as np
import pytest

from ocr_core.charset import canonical
from ocr_core.synth import corpus

LONG = "It was the best of times, it was the worst of times, it was the age of wisdom"


@pytest.fixture
def documents(monkeypatch):
    """Puts documents of one's own in the place of those on this machine; tells who asked."""
    asked = []

    def install(**texts):
        def documents_of(language):
            asked.append(language)
            return iter(texts.get(language, []))

        monkeypatch.setattr(corpus, "LANGUAGES", ("en", "de"))
        monkeypatch.setattr(corpus, "_documents", documents_of)
        monkeypatch.setattr(corpus, "_words", lambda language: (f"word-{language}",))
        return asked

    return install


def test_paragraphs_are_long_unbroken_canonical_and_unlike_each_other(documents):
    documents(
        en=[
            "Short.\n\n" + LONG.replace(" worst ", "\n  worst\n"),
            LONG,
            "1234567890 " * 10,
            f"{LONG} &amp; the ﬁrst\u00a0spring",
        ]
    )
    (english, german) = corpus.load_corpora()
    assert english.paragraphs == (LONG, f"{LONG} & the first spring")
    assert all(canonical(text) == text for text in english.paragraphs)
    assert (english.language, english.words) == ("en", ("word-en",))
    assert german.paragraphs == ()


def test_what_was_gathered_is_kept(documents, tmp_path):
    asked = documents(en=[LONG], de=[LONG.replace("it", "es")])
    first = corpus.load_corpora(tmp_path / "kept")
    assert asked == ["en", "de"]
    assert corpus.load_corpora(tmp_path / "kept") == first
    assert asked == ["en", "de"]


def test_a_language_is_bounded(documents, monkeypatch):
    documents(en=["\n\n".join(f"{LONG} {letter}" for letter in "abcdef")])
    monkeypatch.setattr(corpus, "_MAX_CHARACTERS", 3 * len(LONG))
    assert len(corpus.load_corpora()[0].paragraphs) == 2


def test_without_word_lists_there_are_english_words(documents, monkeypatch):
    documents()
    monkeypatch.setattr(corpus, "_words", lambda language: ())
    (english,) = corpus.load_corpora()
    assert english.language == "en"
    assert english.words[:3] == ("the", "of", "and")
    assert len(english.words) > 10_000


def test_without_wordfreq_english_has_words_and_others_have_none(monkeypatch):
    monkeypatch.setattr(corpus.importlib.util, "find_spec", lambda name: None)
    assert corpus._words("en")[0] == "the"
    assert corpus._words("de") == ()


def test_tags_go_and_paragraphs_stay():
    page = "<p>One <em>fine</em> day</p><script>x()</script><h1>Two</h1><pre>code</pre>"
    assert corpus._strip_tags(page).split("\n\n") == ["", "One fine day", " ", "Two", " "]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (".TH LS 1\nlist files", "\n\nlist files"),
        (".B ls\nlists", "ls\nlists"),
        (r"\fBbold\fP and \-\-all", "bold and --all"),
        (r"\f[I]italic\f[] \f(BIboth\fR", "italic both"),
        (r"\(lqquoted\(rq \*(lqtoo\*(rq \[lq]so\[rq]", '"quoted" "too" "so"'),
        (r"a\&.b \s-1small\s0 \(bu x \(em y", "a.b small • x — y"),
        (r"caf\['e] \*(Tm \*Xend", "caf  end"),
        (".so man1/ls.1", ""),
        (r"gro\(ss \(FoX\(Fc", "groß «X»"),
    ],
)
def test_manuals_lose_their_commands(source, text):
    assert corpus._strip_roff(source) == text


def test_accents_of_manuals_are_kept():
    text = corpus._strip_roff(r"ausgef\(:uhrt, \(^etre \(,ca \(`a l'\('et\('e, a\(~no")
    assert canonical(text) == "ausgeführt, être ça à l'été, año"


def test_packed_files_are_unpacked(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress("für".encode()))
    (tmp_path / "b.txt").write_bytes(b"f\xfcr")
    assert corpus._read(tmp_path / "a.gz") == "für"
    assert corpus._read(tmp_path / "b.txt") == "fr"


def test_common_words_come_more_often():
    english = corpus.Corpus("en", (), tuple("abcdefgh"))
    rng = np.random.default_rng(0)
    drawn = [english.word(rng) for _ in range(800)]
    assert set(drawn) == set("abcdefgh")
    assert drawn.count("b") > 1.5 * drawn.count("h")
