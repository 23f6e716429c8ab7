import random
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from ocr_core.exporters.markdown_text import comment, escape


def shown(text):
    """What a reader sees of Markdown, and the tags that it became."""
    pieces, tags = [], []
    parser = HTMLParser()
    parser.handle_data = pieces.append
    parser.handle_starttag = lambda tag, _: tags.append(tag)
    parser.feed(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))
    return "".join(pieces).rstrip("\n"), tags


@pytest.mark.parametrize(
    "line",
    [
        "# no heading",
        "#",
        "a # b ##",
        "> no quote",
        "- no item",
        "+ no item",
        "12) no item",
        "1986. A great year",
        "---",
        "- - -",
        "===",
        "***",
        "___",
        "*a* **b** _c_ `d` ~~e~~",
        "[a](b) ![c](d) [e]: f",
        "<b>bold</b> <!-- c --> <http://a.b>",
        "&amp; &#35; &copy &c; A&B",
        "a \\ b \\* c\\",
        "| a | b |",
        "| --- |",
        "~~~",
        "```",
        "-1.59",
        "3.5 kg",
        "    deep in",
        "a\tb",
    ],
)
def test_a_reader_sees_the_line_as_it_is(line):
    assert shown(escape(line)) == (" ".join(line.split()), ["p"])


def test_a_reader_sees_any_line_below_any_other():
    random.seed(7)
    signs = "ab 12.)#*_-+=|<>[]()!`~&;:\\"
    for _ in range(2000):
        lines = ["".join(random.choices(signs, k=random.randint(1, 12))) for _ in range(2)]
        lines = [said for line in lines if (said := " ".join(line.split()))]
        text = "  \n".join(map(escape, lines))
        assert shown(text)[0] == "\n".join(lines), lines
        assert set(shown(text)[1]) <= {"p", "br"}, lines


def test_what_needs_no_backslash_has_none():
    assert escape("C# and A & B, 3 > 2; a-b (c) 10% 5!") == "C# and A & B, 3 > 2; a-b (c) 10% 5!"


def test_a_comment_is_not_seen():
    assert shown(comment("a -- b --> c"))[0].strip() == ""
