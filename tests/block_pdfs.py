"""PDFs of many small pages that stand-in models can read, made in no time.

Written object by object (ISO 32000-1, 7.5): pages that say the same share what they draw, so a file
of hundreds of pages has a few kilobytes.
"""

from __future__ import annotations

from tests.stand_ins import GREY_OF

WIDTH_PT, HEIGHT_PT = 160, 120
LINE_PT = 20
TOPS_PT = (12, 48, 84)
WORDS = ("abc", "ed", "cab", "bead", "deed")


def make_pdf(pages: int, title: str) -> bytes:
    """A PDF of so many pages of three words each, which differs from those with another title."""
    content = {number: _stream(number) for number in range(3, 3 + len(WORDS))}
    first = 3 + len(WORDS)
    of_page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH_PT} {HEIGHT_PT}]"
    page_objects = {
        first + page: f"{of_page} /Contents {3 + page % len(WORDS)} 0 R >>" for page in range(pages)
    }
    kids = " ".join(f"{number} 0 R" for number in page_objects)
    objects = {
        1: "<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Count {pages} /Kids [{kids}] >>",
        **content,
        **page_objects,
        first + pages: f"<< /Title ({title}) >>",
    }
    return _file(list(objects.values()))


def page_text(page: int) -> str:
    """What a page says, counted from 0."""
    return "\n".join(_words(page % len(WORDS)))


def _words(page: int) -> list[str]:
    return [WORDS[(page + line) % len(WORDS)] for line in range(len(TOPS_PT))]


def _stream(number: int) -> str:
    """Draws each letter as a block whose grey says which it is; see `tests.stand_ins.draw_text`."""
    drawn = []
    letter, gap = round(0.6 * LINE_PT), round(0.25 * LINE_PT)
    for word, top in zip(_words(number - 3), TOPS_PT, strict=True):
        for place, character in enumerate(word):
            left, bottom = 20 + place * (letter + gap), HEIGHT_PT - top - LINE_PT
            drawn.append(
                f"{GREY_OF[character] / 255:.4f} g {left} {bottom} {letter} {LINE_PT} re f"
            )
    text = "\n".join(drawn)
    return f"<< /Length {len(text)} >>\nstream\n{text}\nendstream"


def _file(objects: list[str]) -> bytes:
    """A file of objects that are numbered from 1: first the catalog, last what it is about."""
    parts, offsets, end = ["%PDF-1.4\n"], [], len("%PDF-1.4\n")
    for number, written in enumerate(objects, start=1):
        offsets.append(end)
        parts.append(f"{number} 0 obj\n{written}\nendobj\n")
        end += len(parts[-1])
    entries = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    parts.append(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{entries}")
    about = f"/Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R"
    parts.append(f"trailer\n<< {about} >>\nstartxref\n{end}\n%%EOF\n")
    return "".join(parts).encode("ascii")
