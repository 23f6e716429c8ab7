"""`python -m tests.arrivals`: documents that keep arriving, and whether each is read once.

Between ingests documents come into an inbox, are copied, renamed and changed, and some are still
being written. In the end every content that was ever there when an ingest ran must have been read,
and none twice. Models are stand-ins.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests import documents, stand_in_ingest
from tests.kill_ingest import rows_of

_SETTLE_S = 3600


def main(arguments: list[str]) -> int:
    """Lets documents arrive; returns 0 if each content was read exactly once."""
    parser = argparse.ArgumentParser(prog="python -m tests.arrivals", description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--batches", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="where; a temporary folder by default")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="arrivals-") as temporary:
        root = args.folder or Path(temporary)
        return run(root, args.documents, args.batches, random.Random(args.seed))


def run(root: Path, count: int, batches: int, choices: random.Random) -> int:
    """Lets so many documents arrive in batches; returns 0 if each content was read once."""
    inbox, output = root / "inbox", root / "output"
    texts = ("".join(letters) for letters in itertools.product("abcde", repeat=6))
    wanted: set[str] = set()
    unfinished: dict[Path, bytes] = {}
    for batch in range(batches):
        for path, content in unfinished.items():
            write(path, content)
        unfinished.clear()
        for number in range(count // batches):
            path = inbox / f"day {batch}" / f"{number}.png"
            arrive(path, next(texts), unfinished, choices)
        settled = {path for path in inbox.rglob("*.png") if path not in unfinished}
        wanted |= {digest(path) for path in settled}
        code = stand_in_ingest.wait(stand_in_ingest.fork(inbox, output, "--settle", str(_SETTLE_S)))
        print(f"batch {batch + 1}: {len(settled)} files, exit code {code}", flush=True)
    for path, content in unfinished.items():
        write(path, content)
    wanted |= {digest(path) for path in inbox.rglob("*.png")}
    stand_in_ingest.wait(stand_in_ingest.fork(inbox, output, "--settle", str(_SETTLE_S)))
    return compare(output, wanted)


def arrive(path: Path, text: str, unfinished: dict[Path, bytes], choices: random.Random) -> None:
    """One document comes, and something may happen to it or to one that came before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = documents.write_png(path, text).read_bytes()
    write(path, content)
    what = choices.choice(["new", "new", "copy", "rename", "change", "half"])
    earlier = sorted(set(path.parents[1].rglob("*.png")) - unfinished.keys() - {path})
    if what == "half":
        path.write_bytes(content[: len(content) // 2])  # just now
        unfinished[path] = content
    elif what != "new" and earlier:
        other = choices.choice(earlier)
        if what == "copy":
            write(other.with_name(f"copy of {text} {other.name}"), other.read_bytes())
        elif what == "rename":
            other.rename(other.with_name(f"renamed {text}.png"))
        else:
            write(other, documents.write_png(other, text[::-1] + "a").read_bytes())


def write(path: Path, content: bytes) -> None:
    """Writes a file that has been left alone for long, at a time that no other file has."""
    path.write_bytes(content)
    moment_ns = time.time_ns() - 2 * _SETTLE_S * 10**9
    os.utime(path, ns=(moment_ns, moment_ns))


def digest(path: Path) -> str:
    """What a content is known by."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def compare(output: Path, wanted: set[str]) -> int:
    """Tells what was not read, or more than once; returns 0 if nothing."""
    rows = rows_of(output, "documents")
    read = Counter(str(row["doc_id"]) for row in rows if row["status"] == "read")
    statuses = Counter(str(row["status"]) for row in rows)
    pages = Counter(str(row["doc_id"]) for row in rows_of(output, "pages"))
    wrong = sum(count != 1 for count in (read | pages).values())
    missing, extra = wanted - read.keys(), read.keys() - wanted
    print(f"rows of documents: {dict(statuses)}")
    print(f"{len(wanted)} contents: {len(missing)} not read, {wrong} read more than once,")
    print(f"{len(extra)} that should not have been")
    return 1 if missing or extra or wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
