"""ALTO and PAGE XML as others write it, and as we do."""

import time

import pytest

from ocr_core.errors import ConfigError
from ocr_core.exporters.alto import export_alto
from ocr_core.exporters.formats import by_page
from ocr_core.exporters.page_xml import export_page_xml
from ocr_core.transcriptions import TranscribedPage, find_xml, name_of, read_transcription
from schemas import Box, Page, Quad
from tests import exported_document

# As Transkribus writes it: of 2013, with polygons, a reading order, and text of regions beside
# that of their lines.
TRANSKRIBUS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15">
 <Metadata><Creator>TRP</Creator><Created>2020-01-01T00:00:00</Created></Metadata>
 <Page imageFilename="a.jpg" imageWidth="100" imageHeight="200">
  <ReadingOrder><OrderedGroup id="ro" caption="Regions reading order">
   <RegionRefIndexed index="1" regionRef="r1"/><RegionRefIndexed index="0" regionRef="r2"/>
  </OrderedGroup></ReadingOrder>
  <TextRegion id="r3" custom="readingOrder {index:2;}"><Coords points="0,90 9,90 9,99 0,99"/>
   <TextEquiv><Unicode>no lines\nare marked</Unicode></TextEquiv></TextRegion>
  <TextRegion id="r1"><Coords points="0,0 100,0 100,50 0,50"/>
   <TextLine id="l1"><Coords points="10,10 50,10 90,10 90,30 50,30 10,30"/>
    <Baseline points="10,28 90,28"/>
    <TextEquiv index="1"><Unicode>worse</Unicode></TextEquiv>
    <TextEquiv index="0"><Unicode>the first line</Unicode></TextEquiv></TextLine>
   <TextLine id="l2"><Coords points="10,40 90,40 90,50 10,50"/>
    <Word id="w1"><TextEquiv><Unicode>two</Unicode></TextEquiv></Word>
    <Word id="w2"><TextEquiv><Unicode>words</Unicode></TextEquiv></Word>
   </TextLine>
   <TextLine id="l3"><Coords points="10,60 90,60 90,70 10,70"/><TextEquiv><Unicode/></TextEquiv>
   </TextLine>
   <TextEquiv><Unicode>the first line\ntwo words</Unicode></TextEquiv></TextRegion>
  <TableRegion id="r2"><Coords points="0,0 1,0 1,1"/>
   <TableCell id="c1"><Coords points="0,0 1,0 1,1"/>
    <TextLine id="l4"><Coords points="0,0 9,0 9,9 0,9"/>
     <TextEquiv><Unicode>a cell</Unicode></TextEquiv></TextLine></TableCell></TableRegion>
 </Page></PcGts>
"""
# As Tesseract and libraries do: blocks in blocks, spaces and hyphens as elements, tenths of
# millimetres.
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#">
 <Description><MeasurementUnit>mm10</MeasurementUnit></Description>
 <Layout><Page ID="p1" WIDTH="100" HEIGHT="200" PHYSICAL_IMG_NR="1">
  <TopMargin><TextBlock ID="b0"><TextLine HPOS="1" VPOS="2" WIDTH="30" HEIGHT="4">
   <String CONTENT="12"/></TextLine></TextBlock></TopMargin>
  <PrintSpace><ComposedBlock ID="c"><TextBlock ID="b1">
   <TextLine HPOS="10" VPOS="20" WIDTH="80" HEIGHT="10">
    <String CONTENT="a"/><SP WIDTH="3"/><String CONTENT="beauti" SUBS_CONTENT="beautiful"/>
    <HYP CONTENT="-"/></TextLine>
   <TextLine><String CONTENT="ful"/><String CONTENT="ship"/></TextLine>
   <TextLine HPOS="1" VPOS="2" WIDTH="3" HEIGHT="4"/>
  </TextBlock></ComposedBlock></PrintSpace></Page>
  <Page ID="p2" WIDTH="100" HEIGHT="200"><PrintSpace/></Page></Layout></alto>
"""


def read(tmp_path, text):
    file = tmp_path / "a.xml"
    file.write_text(text, encoding="utf-8")
    return read_transcription(file)


def box(left, top, right, bottom):
    return Quad.from_box(Box(left, top, right, bottom))


def test_page_xml_is_read_in_its_reading_order(tmp_path):
    [page] = read(tmp_path, TRANSKRIBUS)
    assert (page.width, page.height) == (100, 200)
    assert page.lines == (
        ("a cell", box(0, 0, 9, 9)),
        ("the first line", box(10, 10, 90, 30)),
        ("two words", box(10, 40, 90, 50)),
        ("no lines", None),
        ("are marked", None),
    )
    assert page.text.splitlines()[1] == "the first line"


def test_page_xml_of_2010_has_points_as_elements(tmp_path):
    points = "".join(f'<Point x="{x}" y="{y}"/>' for x, y in ((0, 0), (9, 0), (9, 9), (0, 9)))
    new = '<Coords points="0,0 9,0 9,9 0,9"/>'
    old = TRANSKRIBUS.replace(new, f"<Coords>{points}</Coords>")
    assert read(tmp_path, old) == read(tmp_path, TRANSKRIBUS)


def test_a_tilted_polygon_has_a_tilted_box(tmp_path):
    tilted = TRANSKRIBUS.replace(
        "10,10 50,10 90,10 90,30 50,30 10,30", "0,10 40,0 80,-10 82,0 2,20"
    )
    [page] = read(tmp_path, tilted)
    quad = page.lines[1][1]
    assert quad.corners[0] == pytest.approx((0, 10), abs=1)
    assert quad.corners[1] == pytest.approx((80, -10), abs=1)


def test_alto_is_read_with_margins_and_blocks_in_blocks(tmp_path):
    first, empty = read(tmp_path, LIBRARY)
    assert first == TranscribedPage(
        (("12", box(1, 2, 31, 6)), ("a beauti-", box(10, 20, 90, 30)), ("ful ship", None)), 100, 200
    )
    assert empty.lines == ()


def expected():
    pages = [page for page in exported_document.whole_document().pages if isinstance(page, Page)]
    return [sorted(" ".join(line.text for line in page.lines).split()) for page in pages]


def test_what_we_export_is_read_back(tmp_path):
    document = exported_document.whole_document()
    (tmp_path / "a.xml").write_bytes(export_alto(document))
    alto = read_transcription(tmp_path / "a.xml")
    parts = []
    for _, part in by_page(document):
        (tmp_path / "b.xml").write_bytes(export_page_xml(part))
        parts += read_transcription(tmp_path / "b.xml")
    for pages in (alto, parts):
        first, last = expected()
        assert [sorted(page.text.split()) for page in pages] == [first, [], last]
        assert (pages[0].width, pages[0].height) == (
            exported_document.WIDTH,
            exported_document.HEIGHT,
        )
    of_line = {line.text: line.quad for line in document.pages[0].lines}
    whole = [(text, quad) for text, quad in parts[0].lines if text in of_line]
    assert len(whole) >= len(of_line) - 1  # one lies across two cells
    for text, quad in whole:
        assert quad.as_tuple() == pytest.approx(of_line[text].as_tuple(), abs=1)


def test_xml_of_another_kind_is_not_read(tmp_path):
    assert read(tmp_path, '<mets xmlns="http://www.loc.gov/METS/"/>') is None


NOT_XML = [
    "<alto",
    LIBRARY.replace('HPOS="1"', 'HPOS="left"'),
    LIBRARY.replace('HPOS="1"', 'HPOS="nan"'),
    TRANSKRIBUS.replace("0,0 9,0 9,9 0,9", "0 0 9 0 9"),
    TRANSKRIBUS.replace("0,0 9,0 9,9 0,9", "0,0 9,0 9,9 0,1e39"),
    LIBRARY.replace("UTF-8", "utf-9"),
    f"<PcGts><Page>{'<TextRegion>' * 3000}{'</TextRegion>' * 3000}</Page></PcGts>",
]


@pytest.mark.parametrize("text", NOT_XML, ids=range(len(NOT_XML)))
def test_what_makes_no_sense_is_refused(tmp_path, text):
    with pytest.raises(ConfigError, match=r"a\.xml cannot be read as ALTO or PAGE XML"):
        read(tmp_path, text)


def page_xml(region, comments=""):
    return (
        f"<PcGts><Metadata><Comments>{comments}</Comments></Metadata>"
        f'<Page imageWidth="100" imageHeight="200">{region}</Page></PcGts>'
    )


def page_line(points, text="x", baseline=""):
    return (
        f'<TextRegion><TextLine><Coords points="{points}"/><Baseline points="{baseline}"/>'
        f"<TextEquiv><Unicode>{text}</Unicode></TextEquiv></TextLine></TextRegion>"
    )


def alto_xml(lines, layout="", remarks=""):
    return (
        f"<alto><processingStepSettings>{remarks}</processingStepSettings>{layout}<Layout>"
        f'<Page PHYSICAL_IMG_NR="7" WIDTH="99" HEIGHT="99"><PrintSpace>{lines}</PrintSpace></Page>'
        "</Layout></alto>"
    )


@pytest.mark.parametrize(
    "points",
    [
        "10,10 90,10 90,30 10,30",
        "10,30 10,10 90,10 90,30",  # begins elsewhere
        "10,10 10,30 90,30 90,10",  # anticlockwise
        "10,10 90,30 90,10 10,30",  # crosses itself
        "10, 10 90, 10 90, 30 10, 30",
    ],
)
def test_a_line_runs_from_its_first_corner_wherever_its_outline_begins(tmp_path, points):
    [page] = read(tmp_path, page_xml(page_line(points)))
    assert page.lines[0][1].as_tuple() == pytest.approx(box(10, 10, 90, 30).as_tuple())


@pytest.mark.parametrize(
    ("points", "baseline", "first"),
    [
        ("10,10 30,10 30,90 10,90", "28,90 28,10", (10, 90)),  # upwards
        ("10,10 30,10 30,50 30,90 10,90", "12,10 12,90", (30, 10)),  # downwards
        ("90,30 10,30 10,10 90,10", "90,12 10,12", (90, 30)),  # upside down, as we write it
        ("10,10 90,10 90,30 10,30", "90,28 10,28", (10, 10)),  # of a script from right to left
        ("10,10 90,10 90,30 10,30", "90,28", (10, 10)),
    ],
)
def test_a_line_runs_along_its_baseline(tmp_path, points, baseline, first):
    shape = f'<Shape><Polygon POINTS="{points}"/></Shape>'
    line = f'<TextLine BASELINE="{baseline}">{shape}<String CONTENT="x"/></TextLine>'
    [alto] = read(tmp_path, alto_xml(f"<TextBlock>{line}</TextBlock>"))
    [page] = read(tmp_path, page_xml(page_line(points, baseline=baseline)))
    for one in (alto, page):
        assert one.lines[0][1].as_tuple()[:2] == pytest.approx(first)


def test_the_outline_of_a_line_of_alto_stands_before_its_box(tmp_path):
    within = '<Shape><Polygon POINTS="10 20 90 10 90 30 10 40"/></Shape><String CONTENT="x"/>'
    place = 'HPOS="10" VPOS="10" WIDTH="80" HEIGHT="30" BASELINE="35"'
    line = f"<TextLine {place}>{within}</TextLine>"
    [page] = read(tmp_path, alto_xml(f"<TextBlock>{line}</TextBlock>"))
    assert page.lines == (("x", Quad(10, 20, 90, 10, 90, 30, 10, 40)),)


@pytest.mark.parametrize("points", ["10,10 90,10 50,10", "5,5 5,5 5,5 5,5", "5,5", ""])
def test_an_outline_around_nothing_is_no_place(tmp_path, points):
    [page] = read(tmp_path, page_xml(page_line(points)))
    assert page.lines == (("x", None),)


def test_text_in_pictures_and_advertisements_is_text(tmp_path):
    inner = page_line("0,0 9,0 9,9 0,9")
    [page] = read(tmp_path, page_xml(f"<AdvertRegion>{inner}</AdvertRegion>"))
    assert page.text == "x"


def test_of_lines_without_text_that_of_their_region_is_taken(tmp_path):
    said = "<TextEquiv><Unicode>a\nb</Unicode></TextEquiv>"
    [page] = read(tmp_path, page_xml(f"<TextRegion><TextLine/><TextLine/>{said}</TextRegion>"))
    assert page.lines == (("a", None), ("b", None))


def test_of_words_without_text_that_of_their_glyphs_is_taken(tmp_path):
    glyphs = "".join(
        f"<Glyph><TextEquiv><Unicode>{sign}</Unicode></TextEquiv></Glyph>" for sign in "ink"
    )
    line = f"<TextLine><Word>{glyphs}</Word><Word/><Word>{glyphs}</Word></TextLine>"
    [page] = read(tmp_path, page_xml(f"<TextRegion>{line}</TextRegion>"))
    assert page.text == "ink ink"


def test_the_hyphen_at_the_end_of_a_line_is_seen_and_is_one(tmp_path):
    [page] = read(tmp_path, page_xml(page_line("", text="beau\N{SOFT HYPHEN}ti\N{SOFT HYPHEN}")))
    assert page.text == "beau\N{SOFT HYPHEN}ti-"
    for word, hyphen in (("ti", "\N{SOFT HYPHEN}"), ("ti-", "-"), ("ti", "-")):
        line = f'<TextLine><String CONTENT="{word}"/><HYP CONTENT="{hyphen}"/></TextLine>'
        [page] = read(tmp_path, alto_xml(f"<TextBlock>{line}</TextBlock>"))
        assert page.text == "ti-"


def test_the_reading_order_of_alto_may_name_several_blocks_at_once(tmp_path):
    order = '<ReadingOrder><OrderedGroup><ElementRef REF="b3 b1"/></OrderedGroup></ReadingOrder>'
    blocks = "".join(
        f'<TextBlock ID="{name}"><TextLine><String CONTENT="{name}"/></TextLine></TextBlock>'
        for name in ("b1", "b2", "b3")
    )
    [page] = read(tmp_path, alto_xml(blocks, order))
    assert page.text.split() == ["b3", "b1", "b2"]


def test_it_is_told_by_how_much_a_page_was_turned(tmp_path):
    remarks = "page 6: 150 dpi, ocr; page 7: 150 dpi, turned clockwise by 90 degrees, ocr"
    [alto] = read(tmp_path, alto_xml("", remarks=remarks))
    [page] = read(tmp_path, page_xml("", "page 2 of 3, turned clockwise by 180 degrees"))
    [level] = read(tmp_path, page_xml("", "page 2 of 3"))
    assert (alto.turned_deg, page.turned_deg, level.turned_deg) == (90, 180, 0)


def test_a_page_whose_lines_say_nothing_is_not_transcribed(tmp_path):
    marked, blank = "<TextBlock><TextLine/></TextBlock>", "<Illustration/>"
    for xml, expected in ((marked, False), (blank, True), ("", True)):
        [page] = read(tmp_path, alto_xml(xml))
        assert page.is_transcribed == expected
    [page] = read(tmp_path, page_xml(page_line("", text="")))
    assert not page.is_transcribed


def test_xml_is_found_but_not_what_is_hidden(tmp_path):
    for name in ("b/c.XML", "a.xml", "._a.xml", ".checkpoints/a.xml", "a.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "folder.xml").mkdir()
    assert find_xml(tmp_path) == [tmp_path / "a.xml", tmp_path / "b/c.XML"]
    assert name_of(tmp_path / "b/c.GT.XML") == "c"


def test_many_pages_in_a_file_take_no_more_time_than_in_many(tmp_path):
    page = '<Page><PrintSpace><TextBlock ID="b"><TextLine/></TextBlock></PrintSpace></Page>' * 20
    order = '<ReadingOrder><OrderedGroup><ElementRef REF="b"/></OrderedGroup></ReadingOrder>'
    start = time.process_time()
    assert len(read(tmp_path, f"<alto>{order * 400}<Layout>{page * 100}</Layout></alto>")) == 2000
    assert time.process_time() - start < 1


def test_a_file_that_cannot_be_opened_is_told(tmp_path):
    (tmp_path / "a.xml").mkdir()
    with pytest.raises(ConfigError, match=r"a\.xml cannot be read: Is a directory"):
        read_transcription(tmp_path / "a.xml")
