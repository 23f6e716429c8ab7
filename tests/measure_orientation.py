"""How surely pages that lie on a side or upside down are turned, and upright ones are not.

    python tests/measure_orientation.py FOLDER... [--pages N]

Reads up to N pages of the folders of images as they are and turned by 90, 180 and 270 degrees.
"""

import argparse
from collections import Counter
from pathlib import Path

import cv2

import ocr_core
from ocr_core.images import turn_upright
from schemas import Failure, PageImage, PageRef

SUFFIXES = {".png", ".jpg", ".jpeg", ".tif", ".tiff"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--pages", type=int, default=40)
    args = parser.parse_args()
    engine = ocr_core.load()
    found: Counter[tuple[int, bool]] = Counter()
    for path in spread(args.folders, args.pages):
        pixels = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        for degrees in (0, 90, 180, 270):
            turned = turn_upright(pixels, degrees)
            image = PageImage(PageRef("", str(path), 0), turned, dpi=200)
            [page] = engine.read_pages([image])
            if isinstance(page, Failure):
                raise SystemExit(f"{path}, turned by {degrees}: {page.stage}: {page.message}")
            is_right = page.orientation_deg == (360 - degrees) % 360
            found[degrees, is_right] += 1
            if not is_right:
                print(f"{path.parent.name}/{path.name}: {degrees} -> {page.orientation_deg}")
    for degrees in (0, 90, 180, 270):
        print(f"turned by {degrees}: {found[degrees, True]} right, {found[degrees, False]} wrong")


def spread(folders: list[Path], count: int) -> list[Path]:
    """Some images of each folder, in turn."""
    images = [
        sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
        for folder in folders
    ]
    longest = max(map(len, images))
    mixed = [own[number] for number in range(longest) for own in images if number < len(own)]
    return mixed[:count]


if __name__ == "__main__":
    main()
