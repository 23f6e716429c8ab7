"""Takes text that is not seen out of a PDF: what an earlier reading of its scans has left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import (
    ContentStreamInlineImage,
    ContentStreamInstruction,
    Name,
    Object,
    Operator,
    Page,
    Pdf,
)

from ocr_core.errors import EncryptedSourceError

_SHOWS = frozenset(map(Operator, ("Tj", "TJ", "'", '"')))
_INVISIBLE = 3  # rendering mode: neither filled nor stroked nor a clip
_DEEPEST = 8  # forms in forms


def without_hidden_text(
    path: Path, page_indices: Sequence[int], passwords: Sequence[str] = ()
) -> bytes:
    """The PDF, some of whose pages show no text any more that paints nothing.

    Forms that these pages share with others lose it for them, too. What else the file has stays,
    and so does its encryption.

    Raises:
        EncryptedSourceError: none of the passwords opens it.
    """
    with _open(path, passwords) as pdf:
        for index in page_indices:
            _clear(pdf, pdf.pages[index])
        stream = BytesIO()
        pdf.save(
            stream,
            object_stream_mode=pikepdf.ObjectStreamMode.preserve,
            encryption=pdf.is_encrypted,
            deterministic_id=not pdf.is_encrypted,  # which depends on the ID that it has
        )
    return stream.getvalue()


def _open(path: Path, passwords: Sequence[str]) -> Pdf:
    for password in ("", *passwords):
        with suppress(pikepdf.PasswordError):
            return Pdf.open(path, password=password)
    raise EncryptedSourceError("the PDF is encrypted, and none of the passwords given opens it")


def _clear(pdf: Pdf, page: Page) -> None:
    kept = list(_visible(page.obj))
    page.obj.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
    for form in _forms(page.obj, _DEEPEST):
        form.write(pikepdf.unparse_content_stream(list(_visible(form))))


def _visible(stream: Object) -> Iterator[ContentStreamInstruction | ContentStreamInlineImage]:
    """The instructions of a page or form, but for those that show invisible text."""
    mode, saved = 0, list[int]()
    for instruction in pikepdf.parse_content_stream(stream):
        operator = str(instruction.operator)
        if operator == "q":
            saved.append(mode)
        elif operator == "Q" and saved:
            mode = saved.pop()
        elif operator == "Tr":
            mode = int(instruction.operands[0])
        if mode != _INVISIBLE or instruction.operator not in _SHOWS:
            yield instruction


def _forms(holder: Object, depth: int) -> Iterator[Object]:
    """The form XObjects that a page or form can paint."""
    resources = holder.get(Name.Resources)
    objects = resources.get(Name.XObject) if resources is not None else None
    if objects is None or not depth:
        return
    for form in objects.values():
        if form.get(Name.Subtype) == Name.Form:
            yield form
            yield from _forms(form, depth - 1)
