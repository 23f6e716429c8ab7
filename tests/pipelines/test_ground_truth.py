from pathlib import PurePosixPath

import pytest

from ocr_core.errors import ConfigError
from pipelines.ground_truth import Truth, read_truths
from schemas import Box, Quad


def test_ground_truth_is_found_in_sub_folders_with_its_boxes(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x/b.1.gt.txt").write_bytes(b"caf\xc3\xa9 \xff")
    (tmp_path / "x/b.1.boxes.json").write_text('[{"text": "caf\\u00e9", "box": [1, 2, 3, 4]}]')
    (tmp_path / "a.gt.txt").write_text("ink")
    (tmp_path / "partial.tsv").write_text("set\tstem\tnote\nx\tb.1\ta stamp\n")
    quad = Quad.from_box(Box(1, 2, 3, 4))
    assert read_truths(tmp_path) == [
        Truth(PurePosixPath("a"), "ink", (), is_partial=False),
        Truth(PurePosixPath("x/b.1"), "café \ufffd", (("café", quad),), is_partial=True),
    ]


def test_boxes_of_lines_are_preferred_to_those_of_words(tmp_path):
    (tmp_path / "a.gt.txt").write_text("a cup")
    (tmp_path / "a.boxes.json").write_text('[{"text": "a", "box": [1, 2, 3, 4]}]')
    (tmp_path / "a.lines.json").write_text('[{"text": "a cup", "box": [1, 2, 9, 4]}]')
    [truth] = read_truths(tmp_path)
    assert truth.boxes == (("a cup", Quad.from_box(Box(1, 2, 9, 4))),)


ALTO = """<alto><Layout><Page WIDTH="50" HEIGHT="90"><PrintSpace><TextBlock>
<TextLine HPOS="1" VPOS="2" WIDTH="8" HEIGHT="2"><String CONTENT="{}"/></TextLine>
</TextBlock></PrintSpace></Page></Layout></alto>"""
PAGE = """<PcGts><Page><TextRegion><TextLine><TextEquiv><Unicode>{}</Unicode></TextEquiv></TextLine>
</TextRegion></Page></PcGts>"""


@pytest.mark.parametrize("name", ["a.xml", "a.alto.xml", "a.gt.xml"])
def test_transcriptions_are_ground_truth_with_boxes_and_the_size_of_the_page(tmp_path, name):
    (tmp_path / name).write_text(ALTO.format("cup"))
    (tmp_path / "mets.xml").write_text("<mets/>")
    (tmp_path / "partial.tsv").write_text("a\n")
    box = Quad.from_box(Box(1, 2, 9, 4))
    assert read_truths(tmp_path) == [
        Truth(PurePosixPath("a"), "cup", (("cup", box),), is_partial=True, size=(50, 90))
    ]


def test_pages_that_we_export_are_one_document(tmp_path):
    for number, text in ((2, "last"), (1, "first")):
        (tmp_path / f"a-000{number}.page.xml").write_text(PAGE.format(text))
    (tmp_path / "b-0001.xml").write_text(PAGE.format("a scan by itself"))
    assert [(str(truth.path), truth.text, truth.size) for truth in read_truths(tmp_path)] == [
        ("a", "first\flast", None),
        ("b-0001", "a scan by itself", None),
    ]


def test_pages_come_by_their_numbers_however_these_are_written(tmp_path):
    for number in ("00002", "0001"):
        (tmp_path / f"a-{number}.page.xml").write_text(PAGE.format(number))
    assert [truth.text for truth in read_truths(tmp_path)] == ["0001\f00002"]


def test_ground_truth_of_later_pages_alone_is_refused(tmp_path):
    for number in ("0001", "0003"):
        (tmp_path / f"a-{number}.page.xml").write_text(PAGE.format(number))
    with pytest.raises(ConfigError, match=r"/a, page 2 has no ground truth: give that of all"):
        read_truths(tmp_path)


def test_pictures_that_are_called_as_pages_are_documents_of_their_own(tmp_path):
    for number in (1, 2):
        page = PAGE.replace("<Page>", f'<Page imageFilename="x\\scan-000{number}.jpg">')
        (tmp_path / f"scan-000{number}.page.xml").write_text(page.format(number))
    truths = read_truths(tmp_path)
    assert [(str(truth.path), truth.text) for truth in truths] == [
        ("scan-0001", "1"),
        ("scan-0002", "2"),
    ]


@pytest.mark.parametrize("other", ["a.alto.xml", "a-0001.page.xml"])
def test_two_transcriptions_of_one_document_are_refused(tmp_path, other):
    for name in ("a.xml", other):
        (tmp_path / name).write_text(PAGE.format("once"))
    with pytest.raises(ConfigError, match=rf"{other} .*keep one|{other} say .*keep one"):
        read_truths(tmp_path)
    (tmp_path / "a.gt.txt").write_text("once")  # which stands before both
    assert [truth.text for truth in read_truths(tmp_path)] == ["once"]


def test_hidden_files_are_no_ground_truth(tmp_path):
    (tmp_path / "a.gt.txt").write_text("ink")
    for name in ("._a.gt.txt", "._a.xml"):
        (tmp_path / name).write_bytes(b"\x00\x05\x16\x07")
    assert [str(truth.path) for truth in read_truths(tmp_path)] == ["a"]


def test_pages_whose_lines_nobody_wrote_down_are_no_ground_truth_and_blank_ones_are(tmp_path):
    (tmp_path / "marked.xml").write_text(PAGE.format(""))
    with pytest.raises(ConfigError, match=r"marked\.xml is neither .* or nobody wrote down what"):
        read_truths(tmp_path)
    (tmp_path / "blank.xml").write_text("<PcGts><Page><ImageRegion/></Page></PcGts>")
    assert [str(truth.path) for truth in read_truths(tmp_path)] == ["blank"]


def test_xml_of_another_kind_is_named_where_there_is_no_ground_truth(tmp_path):
    (tmp_path / "mets.xml").write_text("<mets/>")
    with pytest.raises(ConfigError, match=r"mets\.xml is neither ALTO nor PAGE"):
        read_truths(tmp_path)


def test_a_text_file_stands_before_a_transcription(tmp_path):
    (tmp_path / "a.xml").write_text(PAGE.format("xml"))
    (tmp_path / "a.gt.txt").write_text("text")
    assert [truth.text for truth in read_truths(tmp_path)] == ["text"]


def test_a_folder_without_ground_truth_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text("no truth")
    with pytest.raises(ConfigError, match="no ground truth"):
        read_truths(tmp_path)


@pytest.mark.parametrize(
    "boxes", ["{", '{"a": 1}', "[1]", '[{"text": "a"}]', '[{"text": "a", "box": [5, 0, 1, 1]}]']
)
def test_boxes_that_make_no_sense_are_refused(tmp_path, boxes):
    (tmp_path / "a.gt.txt").write_text("a")
    (tmp_path / "a.boxes.json").write_text(boxes)
    with pytest.raises(ConfigError, match=r"a\.boxes\.json is no list of"):
        read_truths(tmp_path)


@pytest.mark.parametrize(
    ("name", "message"),
    [("nowhere", "there is no folder .*nowhere: TRUTH is"), ("a.txt", "a.txt is a file: TRUTH is")],
)
def test_what_is_no_folder_is_said(tmp_path, name, message):
    (tmp_path / "a.txt").write_text("no truth")
    with pytest.raises(ConfigError, match=message):
        read_truths(tmp_path / name)
