"""The flags that say which sources are read: limits and passwords."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from ocr_core.errors import ConfigError
from ocr_core.limits import DEFAULT_LIMITS, Limits

_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


def add_source_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of `Limits`, and passwords."""
    parser.add_argument(
        "--max-pages",
        type=int,
        default=DEFAULT_LIMITS.max_pages,
        metavar="N",
        help="documents of more pages are refused (default: %(default)s)",
    )
    parser.add_argument(
        "--max-megapixels",
        type=float,
        default=DEFAULT_LIMITS.max_megapixels,
        metavar="N",
        help="pages of more are refused (default: %(default)g)",
    )
    parser.add_argument(
        "--max-bytes",
        default="2G",
        metavar="N[K|M|G]",
        help="files of more are refused (default: %(default)s)",
    )
    parser.add_argument(
        "--page-timeout",
        type=float,
        default=DEFAULT_LIMITS.page_timeout_s,
        metavar="S",
        help="pages that take more seconds of CPU to draw are given up (default: %(default)g)",
    )
    add_password_arguments(parser)


def add_password_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of passwords."""
    parser.add_argument(
        "--password",
        action="append",
        default=[],
        metavar="WORD",
        help="to try on encrypted PDFs; may be given several times. Who else uses this machine can "
        "see it, unlike what is in a --password-file",
    )
    parser.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help="passwords to try on encrypted PDFs, one a line",
    )


def limits_from(args: argparse.Namespace) -> Limits:
    """The limits that flags give.

    Raises:
        ConfigError: one makes no sense.
    """
    return Limits(
        max_pages=args.max_pages,
        max_megapixels=args.max_megapixels,
        max_bytes=parse_bytes(args.max_bytes),
        page_timeout_s=args.page_timeout,
    )


def passwords_from(args: argparse.Namespace) -> tuple[str, ...]:
    """The passwords that flags give, each once and in order.

    Raises:
        ConfigError: the file cannot be read.
    """
    lines: list[str] = []
    if args.password_file is not None:
        try:
            lines = args.password_file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeError) as error:
            # Not the error's own text, which may quote the file.
            raise ConfigError(f"cannot read the passwords in {args.password_file}") from error
    return tuple(dict.fromkeys(filter(None, [*args.password, *lines])))


def parse_bytes(text: str) -> int:
    """How many bytes a user means by 500M.

    >>> parse_bytes("2k")
    2048

    Raises:
        ConfigError: it is not of this form.
    """
    match = re.fullmatch(r"(\d{1,15}(?:\.\d{1,6})?)\s*([kmgt]?)(?:i?b)?", text.strip().lower())
    if match is None:
        raise ConfigError(f"sizes look like 500M or 2G, not {text!r}")
    number, unit = match.groups()
    return int(float(number) * _UNITS[unit])
