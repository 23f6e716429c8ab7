"""A document with one of everything that exports have to carry."""

from __future__ import annotations

from datetime import UTC, datetime

from schemas import (
    Block,
    Box,
    Cell,
    Document,
    Edit,
    Failure,
    Line,
    Page,
    PageRef,
    Quad,
    Source,
    Word,
)

URI = '/in/box 7/a;b "& c".pdf'
STARTED_AT = datetime(2026, 11, 20, 9, 5, 3, 999, tzinfo=UTC)
SOURCE = Source("ab" * 32, URI, 1000, "application/pdf", 3)
WIDTH, HEIGHT = 800, 1000
CHARACTER = 10


def make_line(text: str, left: float, top: float, block_id: int, height: float = 20) -> Line:
    """A level line whose characters are all as wide."""
    words, x = [], left
    for word in text.split(" "):
        box = Box(x, top, x + CHARACTER * len(word), top + height)
        words.append(Word(word, word, box, 0.9))
        x = box.right + CHARACTER
    quad = Quad.from_box(Box.around(word.box for word in words))
    return Line(text, text, 0.8, quad, tuple(words), block_id=block_id)


def corrected(line: Line, raw: str) -> Line:
    """The line, whose first word was read as something else."""
    first, *rest = line.words
    text = line.text
    edit = Edit(0, len(raw), raw, first.text, "lexicon")
    word = Word(first.text, raw, first.box, first.confidence)
    raw_text = raw + text[len(first.text) :]
    return Line(text, raw_text, 0.8, line.quad, (word, *rest), (edit,), line.block_id)


def tilted(line: Line, fall: float = 12.0) -> Line:
    """The line, whose right end stands lower."""
    box = line.quad.box
    quad = Quad(
        box.left,
        box.top,
        box.right,
        box.top + fall,
        box.right,
        box.bottom + fall,
        box.left,
        box.bottom,
    )
    return Line(line.text, line.raw_text, line.confidence, quad, line.words, block_id=line.block_id)


def block_of(block_id, kind, lines, text=None, cells=()):
    """A block around its lines."""
    quad = Quad.from_box(Box.around(line.quad.box for line in lines))
    said = "\n".join(line.text for line in lines) if text is None else text
    return Block(block_id, kind, quad, said, tuple(cells))


def table_cells() -> tuple[Cell, ...]:
    """Three columns; the head spans the first two, and the last cell is empty."""
    return (
        Cell(0, 0, 1, 2, Box(90, 400, 310, 430), "Cargo"),
        Cell(0, 2, 1, 1, Box(310, 400, 420, 430), "Tons"),
        Cell(1, 0, 1, 1, Box(90, 430, 200, 460), "=Tea"),
        Cell(1, 1, 1, 1, Box(200, 430, 310, 460), "a|b, c"),
        Cell(1, 2, 1, 1, Box(310, 430, 420, 460), "12.50"),
        Cell(2, 0, 1, 1, Box(90, 460, 200, 490), "Rum"),
        Cell(2, 1, 1, 1, Box(200, 460, 310, 490), "d"),
        Cell(2, 2, 1, 1, Box(310, 460, 420, 490), ""),
    )


def first_page() -> Page:
    lines = [
        make_line("The Harbour 1", 100, 20, 0, height=16),
        make_line("OF SHIPS", 100, 60, 1, height=40),
        corrected(make_line("Under * the *old* inter-", 100, 120, 2), "Vnder"),
        tilted(make_line("national law of 1914- all [ships]", 100, 150, 2)),
        make_line("# pay <b> & &amp; dues", 100, 180, 2),
        make_line("1. bread", 100, 240, 3),
        make_line("a) rye", 130, 270, 3),
        make_line("2. salt_fish", 100, 300, 3),
        make_line("Cargo Tons", 100, 405, 4),
        make_line("=Tea", 100, 435, 4),
        make_line("a|b, c", 210, 435, 4),
        make_line("12.50", 320, 435, 4),
        make_line("Rum", 100, 465, 4),
        make_line("d", 210, 465, 4),
        make_line("Fig. 1. A ship", 100, 700, 6),
        make_line("1 See above.", 100, 800, 7, height=14),
        make_line("- 7 -", 380, 950, 8, height=16),
    ]
    cargo, tons = lines[8].words  # one line that runs through two cells
    tons = Word("Tons", "Tons", Box(320, 405, 360, 425), 0.9)
    quad = Quad.from_box(Box(100, 405, 360, 425))
    lines[8] = Line("Cargo Tons", "Cargo Tons", 0.8, quad, (cargo, tons), block_id=4)
    of = [[line for line in lines if line.block_id == number] for number in range(9)]
    joined = "Under * the *old* international law of 1914- all [ships] # pay <b> & &amp; dues"
    blocks = (
        block_of(0, "header", of[0]),
        block_of(1, "heading", of[1]),
        block_of(2, "paragraph", of[2], joined),
        block_of(3, "list", of[3]),
        block_of(4, "table", of[4], "Cargo\t\tTons\n=Tea\ta|b, c\t12.50\nRum\td\t", table_cells()),
        Block(5, "figure", Quad.from_box(Box(100, 520, 500, 690)), ""),
        block_of(6, "caption", of[6]),
        block_of(7, "footnote", of[7]),
        block_of(8, "page-number", of[8]),
    )
    ref = PageRef(SOURCE.doc_id, URI, 0)
    return Page(
        ref,
        WIDTH,
        HEIGHT,
        150,
        tuple(lines),
        blocks,
        orientation_deg=90,
        skew_deg=-0.5,
        language="en",
    )


def last_page() -> Page:
    lines = (
        make_line("THE CARGO", 100, 60, 0, height=24),
        make_line("Lloyd & Sons", 100, 120, 1),
        make_line("1. Quay Street", 100, 150, 1),
    )
    blocks = (block_of(0, "heading", lines[:1]), block_of(1, "text", lines[1:]))
    return Page(PageRef(SOURCE.doc_id, URI, 2), WIDTH, HEIGHT, 150, lines, blocks, language="de")


def whole_document() -> Document:
    """Three pages, the second of which failed."""
    message = "no such -- font"
    failed = Failure(SOURCE.doc_id, URI, 1, "render", "corrupt-source", message)
    return Document(SOURCE, (first_page(), failed, last_page()), STARTED_AT)


def all_words(document: Document) -> list[tuple[int, Word]]:
    """Every word of a document, with the number of its page."""
    return [
        (page.ref.page_index + 1, word)
        for page in document.pages
        if isinstance(page, Page)
        for line in page.lines
        for word in line.words
    ]
