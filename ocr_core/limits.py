"""What a source may be and cost before it is set aside."""

from __future__ import annotations

from dataclasses import dataclass, fields

from ocr_core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Limits:
    """What a source may be and cost.

    Attributes:
        max_pages: a source of more is refused.
        max_megapixels: a page of more is refused before it takes memory.
        max_bytes: a larger file is not opened. 2 GiB is a book of 1,000 pages in
            colour, hardly compressed.
        page_timeout_s: what drawing a page may take, and opening a file, in seconds of CPU: so
            what is refused does not depend on what else the machine does. A page of a scan takes a
            tenth of a second, of a map that is drawn in lines some seconds.
        max_memory_bytes: of addresses, that the process which draws may take: a colour page of
            `max_megapixels` takes some 4 bytes a pixel, its grey copies one each, and the
            programs that draw 0.5 GB.

    Raises:
        ConfigError: a limit lets nothing through.
    """

    max_pages: int = 10_000
    max_megapixels: float = 100.0
    max_bytes: int = 2 << 30
    page_timeout_s: float = 10.0
    max_memory_bytes: int = 2_000_000_000

    def __post_init__(self) -> None:
        for limit in fields(self):
            value = getattr(self, limit.name)
            if not value > 0:
                raise ConfigError(f"{limit.name} must be more than 0, not {value:g}")


DEFAULT_LIMITS = Limits()
