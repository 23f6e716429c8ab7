"""`python -m tests.fuzz_sources --count 2000 --seed 1`: damaged files, opened and drawn.

Takes small files of each format, changes, cuts, repeats and swaps bytes of them by chance, and has
each opened and drawn as a run does, without reading what is on the pages. Ends with 0 when every
file and page came to something that a row can say: pages, or a code that is no bug of ours.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from ocr_core.errors import InputError
from ocr_core.limits import Limits
from ocr_core.sandbox.drawing import Sandbox
from ocr_core.sources import RenderOptions
from schemas import Failure, PageRange
from tests import documents, heic_picture, hostile

OPTIONS = RenderOptions(dpi=100, text_layer="auto", limits=Limits(page_timeout_s=5.0))
KNOWN = {error.code for error in InputError.__subclasses__()} | {"read"}

# What breaks readers: ends of ranges, and words of the formats themselves.
TOKENS = (
    *(b"\0", b"\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"\x80\0\0\0", b"-1", b"0"),
    *(b"99999999999", b"2147483648", b"0.0000001", b"<<", b">>", b"[", b"endobj", b"stream"),
    *(b"/Kids[2 0 R]", b"/Length 1", b"/Filter/FlateDecode", b"/Filter/DCTDecode", b" 0 R"),
    *(b"IDAT", b"IHDR", b"IEND", b"\xff\xd8", b"\xff\xda", b"II*\0", b"MM\0*"),
)


def main(arguments: list[str]) -> int:
    """Tells what became of the files; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz_sources", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="files (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the first (default: %(default)s)")
    parser.add_argument("--keep", type=Path, help="a folder for files that show a bug")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        ends, bugs, slowest_s = fuzz(
            Path(folder), range(args.seed, args.seed + args.count), args.keep
        )
    for end, count in ends.most_common():
        print(f"{count:6} {end}")
    print(f"{args.count} files, {len(bugs)} bugs {bugs}, the slowest took {slowest_s:.1f} s")
    return 1 if bugs else 0


def fuzz(folder: Path, seeds: range, keep: Path | None) -> tuple[Counter[str], list[int], float]:
    """How often files and pages came to which end; the seeds that show a bug; and seconds."""
    whole = make_whole_files(folder)
    sandbox = Sandbox()
    ends: Counter[str] = Counter()
    bugs = []
    slowest_s = 0.0
    for seed in seeds:
        chance = random.Random(seed)
        original = chance.choice(whole)
        path = folder / f"{seed}{original.suffix}"
        path.write_bytes(damage(original.read_bytes(), chance))
        began = time.monotonic()
        found = list(ends_of(sandbox, path))
        slowest_s = max(slowest_s, time.monotonic() - began)
        ends.update(f"{original.suffix} {end}" for end in found)
        if not found or not set(found) <= KNOWN:
            bugs.append(seed)
            if keep is not None:
                path.rename(keep / path.name)
        path.unlink(missing_ok=True)
    sandbox.close()
    return ends, bugs, slowest_s


def make_whole_files(folder: Path) -> list[Path]:
    """Small files of each format, with nothing wrong."""
    texts = ["a b", "c", "d e"]
    files = [
        documents.write_pdf(folder / "whole.pdf", texts),
        documents.write_pdf(folder / "locked.pdf", ["a"], password="secret"),
        hostile.write_pages(
            folder / "drawn.pdf",
            [hostile.stream(b"0 0 100 100 re f BT /F 20 Tf (letter) Tj ET")] * 2,
            b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>",
        ),
        documents.write_png(folder / "whole.png", "a b"),
        documents.write_tiff(folder / "whole.tif", texts),
    ]
    page = Image.fromarray(documents.draw_page("a b"))
    saved: list[tuple[str, str, dict[str, object]]] = [
        ("1", "fax.tif", {"compression": "group4"}),
        ("RGB", "packed.tif", {"compression": "tiff_lzw"}),
        ("RGB", "photo.tif", {"compression": "jpeg"}),
        ("RGBA", "clear.png", {}),
        ("P", "few.png", {}),
        ("RGB", "photo.jpg", {}),
        ("RGB", "photo.webp", {}),
        ("RGB", "photo.jp2", {}),
        ("L", "bare.j2k", {}),
        ("RGB", "photo.avif", {}),
        ("P", "few.gif", {}),
        ("RGB", "plain.bmp", {}),
        ("1", "plain.pbm", {}),
    ]
    for mode, name, how in saved:
        page.convert(mode).save(folder / name, **how)
        files.append(folder / name)
    (folder / "phone.heic").write_bytes(heic_picture.CONTENT)
    return [*files, folder / "phone.heic"]


def damage(content: bytes, chance: random.Random) -> bytes:
    """The same file, with one to twenty things wrong."""
    damaged = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        at = chance.randrange(len(damaged) + 1) if chance.random() < 0.7 else chance.randrange(200)
        chance.choice(WAYS)(damaged, at, chance)
    return bytes(damaged)


def _change_a_bit(content: bytearray, at: int, chance: random.Random) -> None:
    if at < len(content):
        content[at] ^= 1 << chance.randrange(8)


def _overwrite(content: bytearray, at: int, chance: random.Random) -> None:
    token = chance.choice(TOKENS)
    content[at : at + len(token)] = token


def _insert(content: bytearray, at: int, chance: random.Random) -> None:
    content[at:at] = chance.choice(TOKENS)


def _change_a_number(content: bytearray, at: int, chance: random.Random) -> None:
    digits = [
        index
        for index in range(at, min(at + 50, len(content)))
        if content[index : index + 1].isdigit()
    ]
    for index in digits[: chance.randrange(1, 8)]:
        content[index] = chance.choice(b"0123456789-")


def _repeat(content: bytearray, at: int, chance: random.Random) -> None:
    content[at:at] = content[at : at + chance.randrange(1, 2000)] * chance.randrange(1, 4)


def _remove(content: bytearray, at: int, chance: random.Random) -> None:
    del content[at : at + chance.choice([1, 4, 100, 1000])]


def _cut(content: bytearray, at: int, chance: random.Random) -> None:
    if chance.random() < 0.3:  # else few files would have anything left
        del content[at:]


def _scramble(content: bytearray, at: int, chance: random.Random) -> None:
    piece = content[at : at + 64]
    content[at : at + 64] = chance.randbytes(len(piece))


WAYS: tuple[Callable[[bytearray, int, random.Random], None], ...] = (
    *(_change_a_bit, _overwrite, _insert, _change_a_number),
    *(_repeat, _remove, _cut, _scramble),
)


def ends_of(sandbox: Sandbox, path: Path) -> Iterator[str]:
    """What a row would say of the file or of each of its pages: a code, or `read`."""
    try:
        source = sandbox.inspect(path, str(path), OPTIONS)
    except InputError as error:
        yield error.code
        return
    pages = PageRange(source, tuple(range(min(source.page_count, 20))))
    drawn = list(sandbox.render_pages(path, pages, OPTIONS))
    if len(drawn) != len(pages.page_indices):
        yield "page not accounted for"
    for page in drawn:
        yield page.code if isinstance(page, Failure) else "read"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
