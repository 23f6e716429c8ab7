import re

import pytest
from markdown_it import MarkdownIt

from ocr_core.exporters.markdown_lists import list_items


def tree(text):
    """The items that a reader sees, each with its depth and what stands before it."""
    found, depth, kinds, counters = [], 0, [], []
    for token in MarkdownIt("commonmark").parse(text):
        if token.type in ("ordered_list_open", "bullet_list_open"):
            kinds.append(token.type[0])
            counters.append(int(token.attrs.get("start", 1)))
            depth += 1
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            kinds.pop(), counters.pop()
            depth -= 1
        elif token.type == "inline":
            said = re.sub(r"\s*\n", " / ", "".join(c.content or "\n" for c in token.children))
            before = f"{counters[-1]}" if kinds and kinds[-1] == "o" else "-" if kinds else ""
            found.append((depth, before, said))
            if counters:
                counters[-1] += 1
    return found


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["• one", "• two"], [(1, "-", "one"), (1, "-", "two")]),
        (["7. one", "8. two"], [(1, "7", "one"), (1, "8", "two")]),
        (
            ["1. one", "• in one", "• too", "2. two"],
            [(1, "1", "one"), (2, "-", "in one"), (2, "-", "too"), (1, "2", "two")],
        ),
        (
            ["• one", "– in one", "3) deeper", "• two"],
            [(1, "-", "one"), (2, "-", "in one"), (3, "3", "deeper"), (1, "-", "two")],
        ),
        (["(a) one", "(b) two"], [(1, "-", "(a) one"), (1, "-", "(b) two")]),
        # What readers would count on keeps the number that is printed.
        (
            ["2. one", "4. two", "5. three", "6. four"],
            [(1, "2", "one"), (1, "-", "4. two"), (1, "5", "three"), (1, "6", "four")],
        ),
        (["10. one", "a) in it"], [(1, "10", "one"), (2, "-", "a) in it")]),
        (["1. one", "goes * on", "2. two"], [(1, "1", "one / goes * on"), (1, "2", "two")]),
        (["Bring:", "3. one", "4. two"], [(0, "", "Bring:"), (1, "3", "one"), (1, "4", "two")]),
        (["- # one"], [(1, "-", "# one")]),
        ([" ", ""], []),
    ],
)
def test_a_reader_sees_the_items_where_they_belong(lines, expected):
    assert tree(list_items(lines)) == expected
