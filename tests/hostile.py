"""Small PDFs that no writer of PDFs would write."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

A4 = b"[0 0 595 842]"
ONE_FORM = b"/XObject<</F 4 0 R>>"


def write_raw_pdf(path: Path, objects: Sequence[bytes]) -> Path:
    """Objects as they are, numbered from 1; the first is the catalog."""
    content = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count, start = len(objects) + 1, len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n%b" % (count, table)
    content += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, start)
    path.write_bytes(content)
    return path


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(content), content)


def bomb(unit: bytes, times: int, entries: bytes = b"") -> bytes:
    """A stream of `unit` over and over, deflated."""
    deflate = zlib.compressobj(9)
    content = b"".join(deflate.compress(unit) for _ in range(times)) + deflate.flush()
    return stream(content, entries + b"/Filter/FlateDecode")


def write_pages(
    path: Path,
    contents: Sequence[bytes],
    resources: bytes = b"",
    others: Sequence[bytes] = (),
    catalog: bytes = b"",
) -> Path:
    """Pages with these streams; objects from number 4 on are the `others`."""
    first = 4 + len(others)
    kids = b" ".join(b"%d 0 R" % (first + 2 * index) for index in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog,
        b"<</Type/Pages/Count %d/Kids[%b]/MediaBox%b>>" % (len(contents), kids, A4),
        b"<<%b>>" % resources,
        *others,
    ]
    for content in contents:
        number = len(objects) + 2
        page = b"<</Type/Page/Parent 2 0 R/Resources 3 0 R/Contents %d 0 R>>"
        objects += [page % number, content]
    return write_raw_pdf(path, objects)


def write_endless(path: Path, is_endless: Sequence[bool] = (True,)) -> Path:
    """Pages with a black square, some of which draw 20 forms of 20 forms of 20 ... first."""
    form = b"/Type/XObject/Subtype/Form/BBox" + A4
    depth = 9
    forms = [
        stream(b"/F Do " * 20, form + b"/Resources<</XObject<</F %d 0 R>>>>" % (5 + level))
        for level in range(depth)
    ]
    forms.append(stream(b"0 0 100 100 re f", form))
    square = stream(b"0 0 100 100 re f")
    contents = [stream(b"/F Do") if endless else square for endless in is_endless]
    return write_pages(path, contents, ONE_FORM, forms)


def write_greedy(path: Path) -> Path:
    """A page with one path of ten million corners."""
    return write_pages(path, [bomb(b"1 1 m 9 9 l " * (1 << 16), 80)])
