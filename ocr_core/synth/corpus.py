"""Running text and words for synthetic pages, from what the machine's packages document.

Debian installs manuals, handbooks and fortunes in many languages; `wordfreq` holds the commonest
words of each. Without them the words and word pairs that ship with symspellpy do.
"""

from __future__ import annotations

import gzip
import html
import importlib.util
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from ocr_core.charset import canonical

LANGUAGES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "hu", "ro", "ca",
    "hr", "id", "is", "lt", "lv", "ms", "sk", "sl", "tr",
)  # fmt: skip
_MAX_CHARACTERS = 12_000_000
_WORDS = 30_000
# What roff writes before a letter for an accent, and the combining characters for them.
_ROFF_ACCENTS = dict(zip("'`^:~,", "\u0301\u0300\u0302\u0308\u0303\u0327", strict=True))


@dataclass(frozen=True, slots=True)
class Corpus:
    """Text of one language.

    Attributes:
        language: BCP 47 tag.
        paragraphs: running text, each without line ends; may be empty.
        words: commonest first.
    """

    language: str
    paragraphs: tuple[str, ...]
    words: tuple[str, ...]

    def word(self, rng: np.random.Generator) -> str:
        """A word, commoner ones more often, as Zipf's law has it."""
        rank = int((len(self.words) + 1) ** rng.random())
        return self.words[rank - 1]


def load_corpora(cache: Path | None = None) -> list[Corpus]:
    """All languages that the machine has words for, English first.

    Args:
        cache: a folder that keeps the gathered paragraphs, because gathering takes a minute.
    """
    corpora = [_load(language, cache) for language in LANGUAGES]
    found = [corpus for corpus in corpora if corpus.words]
    return found or [Corpus("en", (), _symspell_words())]


def _load(language: str, cache: Path | None) -> Corpus:
    kept = cache / f"{language}.txt" if cache else None
    if kept and kept.exists():
        paragraphs = tuple(kept.read_text(encoding="utf-8").splitlines())
    else:
        paragraphs = tuple(_bounded(dict.fromkeys(_paragraphs(language))))
        if kept:
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text("\n".join(paragraphs), encoding="utf-8")
    return Corpus(language, paragraphs, _words(language))


def _bounded(paragraphs: dict[str, None]) -> Iterator[str]:
    total = 0
    for paragraph in paragraphs:
        total += len(paragraph)
        if total > _MAX_CHARACTERS:
            return
        yield paragraph


def _words(language: str) -> tuple[str, ...]:
    if importlib.util.find_spec("wordfreq") is None:
        return _symspell_words() if language == "en" else ()
    import wordfreq

    return tuple(map(canonical, wordfreq.top_n_list(language, _WORDS)))


def _symspell_words() -> tuple[str, ...]:
    name = "frequency_dictionary_en_82_765.txt"
    text = resources.files("symspellpy").joinpath(name).read_text(encoding="utf-8-sig")
    return tuple(line.split()[0] for line in text.splitlines()[:_WORDS])


def _paragraphs(language: str) -> Iterator[str]:
    for raw in _documents(language):
        for paragraph in re.split(r"\n\s*\n", raw):
            text = canonical(" ".join(html.unescape(paragraph).split()))
            if len(text) > 60 and sum(map(str.isalpha, text)) > 0.7 * len(text):
                yield text


def _documents(language: str) -> Iterator[str]:
    """Plain text, paragraph by paragraph, of each document in a language."""
    if language == "en":
        yield from _english_documents()
    share = Path("/usr/share")
    tags = {"C", "en"} if language == "en" else {language, {"pt": "pt_BR"}.get(language, language)}
    for tag in sorted(tags):
        for path in sorted((share / "help" / tag).rglob("*.page")):
            yield _strip_tags(_read(path))
        for path in sorted((share / "man" / tag).rglob("*.gz")):
            yield _strip_roff(_read(path))
    for pattern in (f"*.{language}.html", f"{language}-*/**/*.html", f"**/{language}/**/*.html"):
        for folder in ("debian-reference", "doc/debian-handbook", "doc/installation-guide-amd64"):
            for path in sorted((share / folder).glob(pattern)):
                yield _strip_tags(_read(path))
    fortunes = share / "games/fortunes" / ("" if language == "en" else language)
    for path in sorted(fortunes.glob("*")):
        if path.is_file() and not path.suffix:
            yield _read(path).replace("\n%\n", "\n\n")


def _english_documents() -> Iterator[str]:
    """A dictionary of 1913 and a Bible of 1769, for the diction of old books."""
    dictionary = Path("/usr/share/dictd/gcide.dict.dz")
    if dictionary.exists():
        # Without the paragraphs that spell out how headwords are spoken: `Ad*ven"ture`.
        clean = re.sub(r"[{}\\|]|\[\d{4} \w+\]", "", _read(dictionary)[:12_000_000])
        yield "\n\n".join(part for part in clean.split("\n\n") if not re.search(r'\w[*"]\w', part))
    try:
        bible = subprocess.run(
            ["bible", "-f", "Gen1:1-Rev22:21"], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return
    yield re.sub(r"^\S+ ", "\n", bible.stdout, flags=re.MULTILINE)
    for section in (1, 7, 8):
        for path in sorted(Path(f"/usr/share/man/man{section}").glob("*.gz"))[:1500]:
            yield _strip_roff(_read(path))


def _read(path: Path) -> str:
    data = path.read_bytes()
    if path.suffix in {".gz", ".dz"}:
        data = gzip.decompress(data)
    return data.decode("utf-8", errors="ignore")


def _strip_tags(text: str) -> str:
    text = re.sub(r"(?s)<(script|style|pre|screen).*?</\1>", " ", text)
    text = re.sub(r"</?(p|div|li|td|h\d|section|title|dd|dt)\b[^>]*>", "\n\n", text)
    return re.sub(r"<[^>]+>", "", text)


def _strip_roff(text: str) -> str:
    if text.startswith(".so"):  # a manual that stands elsewhere
        return ""
    text = re.sub(r"(?m)^[.'](B|I|BR|IR|BI|RB|RI|Nm|Ar|Fl|Xr|Em) ", "", text)
    text = re.sub(r"(?m)^[.'].*$", "\n", text)
    text = re.sub(r"\\\((['`^:~,])([A-Za-z])", lambda m: m[2] + _ROFF_ACCENTS[m[1]], text)
    text = text.replace(r"\(ss", "ß").replace(r"\(Fo", "«").replace(r"\(Fc", "»")
    text = re.sub(r"\\f(\[\w*\]|\(\w\w|\w)|\\[&|^]|\\s[+-]?\d", "", text)
    text = re.sub(r"\\(\*?\(|\[)[lr]q\]?", '"', text).replace(r"\(aq", "'").replace(r"\-", "-")
    text = text.replace(r"\e", "\\").replace(r"\(bu", "•").replace(r"\(em", "—")
    return re.sub(r"\\\*?(\[[^\]\s]*\]|\(..)|\\\*\S", "", text)
