from ocr_core.repeated_heads import mark_repeated_heads
from schemas import Block, Box, Document, Failure, Page, PageRef, Quad, Source


def page(index: int, *texts: tuple[float, str]) -> Page:
    """A page of 1000 by 1000 pixels with texts at some heights, and running text."""
    placed = sorted([*texts, (500.0, "The text of the page. " * 20)])
    blocks = [
        Block(number, "text", Quad.from_box(Box(100, y - 10, 900, y + 10)), text)
        for number, (y, text) in enumerate(placed)
    ]
    return Page(PageRef("d", "memory://d", index), 1000, 1000, 100, (), tuple(blocks))


def kinds(*pages: Page | Failure) -> list[list[str]]:
    document = Document(Source("d", "memory://d", 1, "application/pdf", len(pages)), pages)
    marked = mark_repeated_heads(document)
    return [[b.kind for b in one.blocks] for one in marked.pages if isinstance(one, Page)]


def test_what_comes_again_at_an_edge_is_a_head_or_a_foot():
    heads = (
        (60, "The Origin of Specics"),
        (60, "The Origin of Species"),
        (62, "The Origin of Species"),
    )
    pages = [page(n, head, (950, f"Draft of May {n + 3}")) for n, head in enumerate(heads)]
    assert kinds(*pages) == [["header", "text", "footer"]] * 3


def test_heads_of_left_and_right_pages_come_on_every_other_page():
    pages = [page(n, (60, "The Author" if n % 2 else "A Chapter")) for n in range(6)]
    assert kinds(*pages) == [["header", "text"]] * 6


def test_numbers_that_count_the_pages_are_page_numbers():
    assert kinds(*(page(n, (950, str(n + 7))) for n in range(3))) == [["text", "page-number"]] * 3
    assert kinds(*(page(n, (950, str(50 - 9 * n))) for n in range(3))) == [["text", "text"]] * 3


def test_two_pages_other_heights_and_other_texts_tell_nothing():
    assert kinds(*(page(n, (60, "A title")) for n in range(2))) == [["text", "text"]] * 2
    assert kinds(*(page(n, (60 + 50 * n, "A title")) for n in range(3))) == [["text", "text"]] * 3
    titles = ("Birds of Paradise", "On Cooking", "What the Butler Saw")
    assert kinds(*(page(n, (60, t)) for n, t in enumerate(titles))) == [["text", "text"]] * 3


def test_pages_that_failed_are_left_as_they_are():
    failure = Failure("d", "memory://d", 1, "render", "corrupt-source", "no page")
    pages = [page(n, (60, "A Chapter")) for n in (0, 2, 3)]
    assert kinds(pages[0], failure, *pages[1:]) == [["header", "text"]] * 3
