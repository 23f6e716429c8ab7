"""`python -m tests.make_screenshots RUN DIR`: pictures of the viewer for the README, 1280 × 800.

Takes Debian's Chromium, by playwright. The run is best one over `samples`.
"""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from pipelines.viewer.answers import Answers
from pipelines.viewer.books import open_books
from pipelines.viewer.pictures import Pictures
from pipelines.viewer.server import Server

_CHROMIUM = "/usr/bin/chromium"
_SIZE = {"width": 1280, "height": 800}
# Name of a picture -> part of a document's name, keys that are pressed, text that is typed, and
# whether it is in the colours of the night.
_SCENES = {
    "view-blocks": ("letter", "", "", False),
    "view-confidence": ("rechnung", "bc", "", False),
    "view-order": ("minutes", "o", "", False),
    "view-search": ("form", "b", "reading room", False),
    "view-dark": ("receipt", "c", "", True),
}


def main(arguments: list[str]) -> int:
    """Makes the pictures; returns 0."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(prog="python -m tests.make_screenshots")
    parser.add_argument("run", metavar="RUN")
    parser.add_argument("to", type=Path, metavar="DIR")
    args = parser.parse_args(arguments)
    args.to.mkdir(parents=True, exist_ok=True)
    books = open_books(args.run)
    pictures = Pictures(books.catalogue, books.pages)
    with Server(Answers(books, pictures), "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=_CHROMIUM, args=["--no-sandbox", "--font-render-hinting=none"]
            )
            for name, scene in _SCENES.items():
                take(browser, server.address, scene, args.to / f"{name}.png")
            browser.close()
        server.shutdown()
    pictures.close()
    return 0


def take(browser, address: str, scene: tuple[str, str, str, bool], to: Path) -> None:
    """One picture, of a page as it is when it is first opened."""
    document, keys, typed, is_dark = scene
    scheme = "dark" if is_dark else "light"
    with browser.new_context(viewport=_SIZE, color_scheme=scheme) as context:
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.goto(address)
        page.locator("#list .row", has_text=document).first.click()
        page.wait_for_function(
            "name => document.querySelector('h2').textContent.includes(name)", arg=document
        )
        if typed:
            page.keyboard.press("/")
            page.keyboard.type(f'"{typed}"')
            page.locator("#hits .hit").first.click()
        page.wait_for_function("() => document.querySelector('#picture').naturalWidth > 0")
        for key in keys:
            page.keyboard.press(key)
        page.mouse.move(0, 0)
        page.screenshot(path=to)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
