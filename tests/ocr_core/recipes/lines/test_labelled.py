from dataclasses import replace

import pyarrow as pa
import pytest
from pyarrow import parquet

from ocr_core.errors import ConfigError
from ocr_core.recipes.lines.labelled import LabelledLine, find_lines, split
from schemas import Box, Quad


def test_a_folder_has_truth_beside_its_pictures(tmp_path):
    (tmp_path / "b").mkdir()
    for name, text in (("b/2", "zwei\u00a0 drei\n"), ("1", "fine ﬁre"), ("3", "no picture")):
        (tmp_path / f"{name}.gt.txt").write_text(text, encoding="utf-8")
    (tmp_path / "1.png").touch()
    (tmp_path / "b" / "2.TIF").touch()
    (tmp_path / "b" / "2.jpg").touch()
    (tmp_path / "9.png").touch()
    assert find_lines(tmp_path) == [
        LabelledLine(tmp_path / "1.png", "fine fire"),
        LabelledLine(tmp_path / "b" / "2.jpg", "zwei drei"),
    ]


PAGE = """<PcGts><Page imageFilename="{}" imageWidth="100"><TextRegion>
<TextLine><Coords points="10,20 30,20 30,26 10,26"/>
<TextEquiv><Unicode>one ﬁne  line</Unicode></TextEquiv></TextLine>
<TextLine><TextEquiv><Unicode>nobody knows where</Unicode></TextEquiv></TextLine>
</TextRegion></Page></PcGts>"""


@pytest.mark.parametrize(
    ("xml", "named", "picture"),
    [
        ("page/a.xml", "b.jpg", "b.jpg"),  # as Transkribus has it
        ("a.xml", "C:\\scans\\b.tif", "b.tif"),
        ("a.page.xml", "lost.tif", "a.png"),
        ("a.alto.xml", "", "a.webp"),
        ("a.xml", "lost.tif", "a.JPG"),  # as cameras have it
        ("gt/a.xml", "images/b.tif", "images/b.tif"),  # as OCR-D has it
        ("a.xml", "x" * 300, "a.png"),
    ],
)
def test_lines_of_pages_lie_in_the_pictures_that_the_xml_names(tmp_path, xml, named, picture):
    (tmp_path / xml).parent.mkdir(exist_ok=True)
    (tmp_path / xml).write_text(PAGE.format(named))
    (tmp_path / picture).parent.mkdir(exist_ok=True)
    (tmp_path / picture).touch()
    quad = Quad.from_box(Box(10, 20, 30, 26))
    assert [replace(line, path=line.path.resolve()) for line in find_lines(tmp_path)] == [
        LabelledLine(tmp_path / picture, "one fine line", quad, (100, 0))
    ]


def test_xml_names_a_picture_by_its_whole_path(tmp_path):
    (tmp_path / "xml").mkdir()
    (tmp_path / "b.jpg").touch()
    (tmp_path / "xml/a.xml").write_text(PAGE.format(tmp_path / "b.jpg"))
    assert [line.path for line in find_lines(tmp_path / "xml")] == [tmp_path / "b.jpg"]


def test_what_is_left_out_of_xml_is_told(tmp_path):
    (tmp_path / "p.png").touch()
    for name in ("alto/p.xml", "page/p.xml", "p-0002.page.xml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(PAGE.format("p.png"))
    (tmp_path / "b.xml").write_text("<alto><Page/><Page/></alto>")
    told = []
    assert len(find_lines(tmp_path, told.append)) == 1
    assert [words.replace(f"{tmp_path}/", "") for words in told] == [
        "left out (no-place): alto/p.xml does not say where 1 of its lines are",
        "left out (several-pages): b.xml tells of 2 pages, a picture has one",
        "left out (same-picture): p-0002.page.xml is of p.png, as alto/p.xml is",
        "left out (same-picture): page/p.xml is of p.png, as alto/p.xml is",
    ]


def test_truth_that_is_no_text_is_told_and_hidden_files_are_none(tmp_path):
    for name in ("._1", "1"):
        (tmp_path / f"{name}.png").touch()
        (tmp_path / f"{name}.gt.txt").write_bytes(b"caf\xe9" if name == "._1" else b"cafe")
    assert [line.text for line in find_lines(tmp_path)] == ["cafe"]
    (tmp_path / "1.gt.txt").write_bytes(b"caf\xe9")
    with pytest.raises(ConfigError, match=r"1\.gt\.txt is no text in UTF-8"):
        find_lines(tmp_path)


def test_lines_of_a_page_without_a_picture_are_not_silently_lost(tmp_path):
    (tmp_path / "a.xml").write_text(PAGE.format("lost.tif"))
    (tmp_path / "mets.xml").write_text("<mets/>")
    [line] = find_lines(tmp_path)
    assert line.path == tmp_path / "lost.tif"


def test_tables_name_pictures_from_where_they_stand(tmp_path):
    expected = [
        LabelledLine(tmp_path / "a/1.png", "007"),
        LabelledLine(tmp_path / "2.png", 'say "so", then'),
    ]
    texts = ["007", 'say "so", then']
    table = pa.table({"path": ["a/1.png", "2.png"], "text": texts, "page": [1, 2]})
    parquet.write_table(table, tmp_path / "lines.parquet")
    (tmp_path / "lines.csv").write_text(
        'page,path,text\n1,a/1.png,007\n2,2.png,"say ""so"", then"\n'
    )
    (tmp_path / "lines.tsv").write_text('path\ttext\na/1.png\t007\n2.png\t"say ""so"", then"\n')
    for name in ("lines.parquet", "lines.csv", "lines.tsv"):
        assert find_lines(tmp_path / name) == expected


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "file,text\n1.png,a\n", "no column path"),
        ("a.csv", "", "no table of lines"),
        ("a.parquet", "path,text\n", "no table of lines"),
        ("a.csv", "path,text\n", "holds no labelled lines"),
        ("nowhere.csv", None, r"^there is no file or folder .*nowhere\.csv$"),
    ],
)
def test_what_is_no_table_of_lines_is_told(tmp_path, name, content, message):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(ConfigError, match=message):
        find_lines(tmp_path / name)


def test_a_folder_without_truth_is_told(tmp_path):
    with pytest.raises(ConfigError, match="holds no labelled lines"):
        find_lines(tmp_path)


def lines(count):
    return [LabelledLine(None, str(number)) for number in range(count)]


def test_lines_are_dealt_out_the_same_way_each_time():
    first, again, other = (split(lines(20), 0.2, 0.1, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert [len(part) for part in (first.training, first.validation, first.test)] == [14, 4, 2]
    everything = first.training + first.validation + first.test
    assert sorted(everything, key=lambda line: int(line.text)) == lines(20)


def test_too_few_lines_are_told():
    assert len(split(lines(3), 0.1, 0.1).training) == 1
    assert split(lines(2), 0.1, 0.0).test == []
    with pytest.raises(ConfigError, match="2 lines are too few"):
        split(lines(2), 0.1, 0.1)
    with pytest.raises(ConfigError, match=r"^1 line is too few"):
        split(lines(1), 0.1, 0.1)
    with pytest.raises(ConfigError, match="too few"):
        split(lines(9), 0.0, 0.1)
