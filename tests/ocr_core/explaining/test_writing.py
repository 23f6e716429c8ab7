import re

import pytest

from ocr_core.errors import ConfigError
from ocr_core.explaining import drawing, writing
from ocr_core.explaining.chapters import Chapter

CHAPTERS = [
    Chapter("01-one", "One & all", "What it <does>.", (("size", "3 × 4"),), drawing.blank(3, 4)),
    Chapter("02-two", "Two", "More.", (), drawing.blank(2, 2)),
]


def test_every_chapter_has_its_picture_and_all_are_on_one_page(tmp_path):
    written = writing.write(tmp_path / "new", "A <line>", CHAPTERS)
    assert [path.name for path in written] == ["01-one.png", "02-two.png", "index.html"]
    assert all(path.stat().st_size for path in written)
    page = written[-1].read_text(encoding="utf-8")
    assert "<h1>A &lt;line&gt;</h1>" in page
    assert "What it &lt;does&gt;." in page
    assert "<td>size</td><td>3 × 4</td>" in page


def test_the_page_needs_nothing_else(tmp_path):
    page = writing.write(tmp_path, "title", CHAPTERS)[-1].read_text(encoding="utf-8")
    sources = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert len(sources) == 2
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert "http" not in page


def test_the_same_chapters_give_the_same_bytes(tmp_path):
    first, second = (writing.write(tmp_path / name, "title", CHAPTERS) for name in "ab")
    assert [one.read_bytes() for one in first] == [one.read_bytes() for one in second]


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot write"):
        writing.write(tmp_path / "file", "title", CHAPTERS)
