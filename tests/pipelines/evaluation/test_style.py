"""That a report needs nothing from elsewhere, and marks differences by more than colours."""

import re

import pytest

from pipelines.evaluation import style


def test_nothing_is_fetched():
    assert not re.search(r"url\(|@import|https?:|//", style.CSS)
    assert not re.search(r"fetch|import|https?:", style.KEYS)


@pytest.mark.parametrize(
    ("name", "sign"),
    [("mark", "underline wavy"), ("del", "dashed"), ("ins", "underline double"),
     (".moved", "overline")],
)  # fmt: skip
def test_differences_have_a_mark_beside_their_colour(name, sign):
    [rule] = re.findall(rf"^{re.escape(name)} {{(.*?)}}", style.CSS, re.MULTILINE | re.DOTALL)
    assert sign in rule
    assert "background" in rule


def contrast(first, second):
    """The ratio of WCAG 2.2 between two colours #rrggbb."""

    def luminance(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1])
@pytest.mark.parametrize("name", ["changed", "substituted", "missing", "added", "moved"])
def test_marked_text_can_be_read(scheme, name):
    light, dark = style.CSS.split("@media (prefers-color-scheme: dark)", 1)
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", (light, dark)[scheme]))
    assert contrast(colours["ink"], colours[name]) >= 4.5  # WCAG 2.2, 1.4.3
