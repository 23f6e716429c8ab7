"""Sheets photographed at an angle: the four edges of the paper, and the page as if seen from above.

Only a sheet that stands out from what it lies on is found, and only one whose opposite edges differ
in length is straightened: plain slant is no matter, since every line is cut out along its own
direction. What was read on the straight page is put back to where it is on the page as drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr_core.cleaning.bending import Bent
from ocr_core.images import quantile, shrink
from schemas import Box, Line, Page, PageImage, Quad
from schemas.document import Drawn
from schemas.geometry import Polyline

Pixels = NDArray[np.uint8]
Corners = NDArray[np.float32]
Homography = NDArray[np.float64]

# The sheet is looked for in a picture with a longer side of this many pixels.
SMALL_PX = 600
# Its share of the picture: less is a label on something, more leaves no ground around it.
LEAST, MOST = 0.25, 0.98
# How much lighter it is than the ground beside it, in grey levels, and how wide a strip of ground
# is looked at, in small pixels.
LIGHTER, STRIP_PX = 25, 9
# Below this difference between opposite edges, as a share of the longer one, straightening gains
# nothing (see README.md beside this file); and what tapers more than that is no sheet.
TAPER, MOST_TAPER = 0.1, 0.5
# A corner nearer to the edge of the picture than this may be anywhere beyond it.
INSIDE_PX = 2
# The outline is a quad if it is so nearly one, as a share of its area.
LIKE_A_QUAD = 0.95


def find_sheet(pixels: Pixels) -> Corners | None:
    """The corners of a sheet that needs straightening, or None.

    Shapes:
        pixels:  (H, W) uint8
        returns: (4, 2) float32 x and y in pixels, clockwise from the top left
    """
    if min(pixels.shape) < SMALL_PX // 4:
        return None
    around = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    if quantile(pixels[::8, ::8], 0.75) - quantile(around, 0.5) < LIGHTER:  # as of most pages
        return None
    small = shrink(pixels, SMALL_PX)
    smooth = np.asarray(cv2.medianBlur(small, 9), np.uint8)
    corners = _lightest_quad(smooth)
    if corners is None or not _is_inside(corners, small.shape) or not _is_tapered(corners):
        return None
    if not _stands_out(smooth, corners):
        return None
    scale = np.array(pixels.shape[::-1]) / np.array(small.shape[::-1])
    return np.asarray(corners * scale, np.float32)


def straighten(pixels: Pixels, corners: Corners) -> tuple[Pixels, Homography]:
    """The sheet as if seen from above, and where its pixels are on the picture.

    Shapes:
        corners: (4, 2) as `find_sheet` gives them
        returns: (H', W') uint8; (3, 3) float64, from the straight page to the picture
    """
    lengths = _lengths(corners)
    width, height = (max(1, round(max(lengths[side::2]))) for side in (0, 1))
    sheet = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    back = np.asarray(cv2.getPerspectiveTransform(sheet, corners), np.float64)
    straight = cv2.warpPerspective(
        pixels,
        back,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(straight, np.uint8), back


def straighten_page(page: PageImage) -> PageImage:
    """The page with the sheet that it shows as if seen from above, if that is needed.

    What has a text layer was not photographed by itself, and stays as it is.
    """
    corners = None if page.layer else find_sheet(page.pixels)
    if corners is None:
        return page
    straight, back = straighten(page.pixels, corners)
    height, width = page.pixels.shape
    return replace(page, pixels=straight, drawn=Drawn(height, width, back))


def turned(page: PageImage, degrees: int) -> Drawn | None:
    """What the page was drawn from, once both are turned clockwise by 0, 90, 180 or 270 degrees."""
    if page.drawn is None:
        return None
    height, width = page.drawn.height_px, page.drawn.width_px
    before = np.linalg.inv(_turn(degrees, *page.pixels.shape))
    back = np.asarray(_turn(degrees, height, width) @ page.drawn.back @ before, np.float64)
    sides = (height, width) if degrees % 180 == 0 else (width, height)
    drawn = Drawn(*sides, back)
    if isinstance(page.drawn, Bent):
        return page.drawn.turned(drawn, degrees, page.pixels.shape)
    return drawn


def put_back(page: Page) -> Page:
    """A page read from a straightened picture, with all that is on it where it was drawn."""
    if page.drawn is None:
        return page
    drawn = page.drawn
    return replace(
        page,
        drawn=None,
        width_px=drawn.width_px,
        height_px=drawn.height_px,
        lines=tuple(_line_back(line, drawn) for line in page.lines),
        blocks=tuple(
            replace(
                block,
                quad=_quad_back(block.quad, drawn),
                cells=tuple(replace(c, box=_box_back(c.box, drawn)) for c in block.cells),
            )
            for block in page.blocks
        ),
        rulings=(),
        figures=(),
    )


def _line_back(line: Line, drawn: Drawn) -> Line:
    words = tuple(replace(word, box=_box_back(word.box, drawn)) for word in line.words)
    baseline = line.baseline and _polyline_back(line.baseline, drawn)
    return replace(line, quad=_quad_back(line.quad, drawn), words=words, baseline=baseline)


def _polyline_back(points: Polyline, drawn: Drawn) -> Polyline:
    if isinstance(drawn, Bent):
        return drawn.polyline_back(points)
    placed = cv2.perspectiveTransform(np.array([points], np.float64), drawn.back)[0]
    return tuple((x, y) for x, y in placed.tolist())


def _quad_back(quad: Quad, drawn: Drawn) -> Quad:
    if isinstance(drawn, Bent):
        return drawn.quad_back(quad)
    corners = quad.corners.astype(np.float64)[None]
    return Quad.from_corners(cv2.perspectiveTransform(corners, drawn.back)[0])


def _box_back(box: Box, drawn: Drawn) -> Box:
    return _quad_back(Quad.from_box(box), drawn).box


def _turn(degrees: int, height: int, width: int) -> Homography:
    """Where the points of a picture come to lie when it is turned clockwise."""
    return {
        0: np.eye(3),
        90: np.array([[0.0, -1, height], [1, 0, 0], [0, 0, 1]]),
        180: np.array([[-1.0, 0, width], [0, -1, height], [0, 0, 1]]),
        270: np.array([[0.0, 1, 0], [-1, 0, width], [0, 0, 1]]),
    }[degrees]


def _lightest_quad(pixels: Pixels) -> Corners | None:
    """The outline of the largest light part, if it is a quad."""
    _, light = cv2.threshold(pixels, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    outlines, _ = cv2.findContours(light, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea))
    area = cv2.contourArea(hull)
    if not LEAST <= area / pixels.size <= MOST:
        return None
    quad = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, True), True)
    if len(quad) != 4 or not LIKE_A_QUAD <= cv2.contourArea(quad) / area <= 1 / LIKE_A_QUAD:
        return None
    return _clockwise(quad.reshape(4, 2).astype(np.float32))


def _clockwise(points: Corners) -> Corners:
    """Four corners clockwise from the top left."""
    middle = points.mean(axis=0)
    angles = np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0])
    ordered = points[np.argsort(angles)]
    return np.asarray(np.roll(ordered, -int(ordered.sum(axis=1).argmin()), axis=0), np.float32)


def _is_inside(corners: Corners, shape: tuple[int, ...]) -> bool:
    far = np.array(shape[::-1]) - 1 - INSIDE_PX
    return bool((corners >= INSIDE_PX).all() and (corners <= far).all())


def _is_tapered(corners: Corners) -> bool:
    top, right, bottom, left = _lengths(corners)
    tapers = [1 - min(pair) / max(pair) for pair in ((top, bottom), (left, right))]
    return TAPER <= max(tapers) <= MOST_TAPER


def _lengths(corners: Corners) -> list[float]:
    """Of the upper, right, lower and left edge."""
    return [float(np.linalg.norm(end - start)) for start, end in _edges(corners)]


def _edges(corners: Corners) -> Iterator[tuple[Corners, Corners]]:
    return pairwise([*corners, corners[0]])


def _stands_out(pixels: Pixels, corners: Corners) -> bool:
    """Whether there is ground around, and the sheet is lighter than it on at least three sides."""
    inside = np.zeros(pixels.shape, np.uint8)
    cv2.fillConvexPoly(inside, corners.astype(np.int32), 1)
    kernel = np.ones((2 * STRIP_PX + 1, 2 * STRIP_PX + 1), np.uint8)
    ring = (cv2.dilate(inside, kernel) > 0) & (inside == 0)
    paper = float(np.median(pixels[inside > 0]))
    lighter = 0
    for start, end in _edges(corners):
        side = np.zeros(pixels.shape, np.uint8)
        ends = (start.astype(int).tolist(), end.astype(int).tolist())
        cv2.line(side, *ends, color=1, thickness=2 * STRIP_PX)
        ground = pixels[ring & (side > 0)]
        if ground.size >= 50 and paper - float(np.median(ground)) >= LIGHTER:
            lighter += 1
    return lighter >= 3
