"""`beam-ocr view`: a web page to look at what was read."""

from __future__ import annotations

import argparse
import sys
import time
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from ocr_core import sources
from ocr_core.errors import ConfigError
from pipelines import run_folders, source_options
from pipelines.viewer.answers import Answers
from pipelines.viewer.books import Books, open_books
from pipelines.viewer.folder import Choice, Folder, Tally
from pipelines.viewer.pictures import Pictures
from pipelines.viewer.server import Server

_MAX_PORT = 65535
# Between two words on how far a folder has got.
_PROGRESS_S = 5.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments of `beam-ocr view`."""
    parser.add_argument("run", metavar="RUN", help="the output folder of runs")
    parser.add_argument(
        "--port", type=int, default=0, metavar="N", help="(default: 0, any that is free)"
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="NAME",
        help="the address to serve at; another than this machine's own (default: %(default)s) lets "
        "others on the network see all pages",
    )
    parser.add_argument("--open", action="store_true", help="also open it in the browser")
    parser.add_argument(
        "--static", type=Path, metavar="DIR", help="write a folder that opens without a server"
    )
    parser.add_argument(
        "--documents", metavar="GLOB", help="with --static: only documents of such a name"
    )
    parser.add_argument(
        "--pages", metavar="N-M,...", help="with --static: only these pages of each, from 1"
    )
    parser.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help="passwords to try on encrypted PDFs, one a line",
    )


def main(args: Namespace) -> int:
    """Serves until it is interrupted, or writes a folder; returns the exit code.

    Raises:
        ConfigError: there is nothing to look at, or no way to show it.
    """
    if args.static is None and (args.documents or args.pages):
        raise ConfigError("--documents and --pages choose what --static writes")
    if not 0 <= args.port <= _MAX_PORT:
        raise ConfigError(f"--port is from 0 to {_MAX_PORT}, not {args.port}")
    passwords = source_options.passwords_from(
        Namespace(password=[], password_file=args.password_file)
    )
    run_folders.check_run(args.run)
    books = open_books(args.run)
    pictures = Pictures(books.catalogue, books.pages, passwords)
    try:
        if args.static is not None:
            return write_folder(books, pictures, args)
        server = Server(Answers(books, pictures), args.host, args.port)
        pictures.prepare()
        return serve(server, args.open)
    finally:
        pictures.close()


def serve(server: Server, opens: bool) -> int:
    """Serves until it is interrupted; returns the exit code."""
    if not server.is_private:
        print(f"whoever can reach {server.host} can see all pages", file=sys.stderr)
    with server, suppress(KeyboardInterrupt):
        print(f"{server.address}  (Ctrl-C ends it)", flush=True)
        if opens:
            import webbrowser

            webbrowser.open(server.address)
        server.serve_forever()
    return 0


def write_folder(books: Books, pictures: Pictures, args: Namespace) -> int:
    """Writes a folder to look at; returns the exit code.

    Raises:
        ConfigError: there is nothing to write, or something there.
    """
    pages = sources.parse_page_numbers(args.pages) if args.pages else sources.ALL_PAGES
    choice = Choice(args.documents or "*", pages)
    tally, told_s = Tally(), time.monotonic()
    for tally in Folder(books, pictures, args.static, choice).write():
        if time.monotonic() - told_s >= _PROGRESS_S:
            print(f"{tally.documents} documents, {tally.pages} pages ...", file=sys.stderr)
            told_s = time.monotonic()
    blank = f"; {tally.blank} without a picture" * (tally.blank > 0)
    print(f"wrote {tally.documents} documents, {tally.pages} pages to {args.static}{blank}")
    return 0
