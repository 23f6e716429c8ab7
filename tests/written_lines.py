"""Lines of text on a page whose baselines are known, and what a recogniser would say of them."""

from itertools import pairwise

import cv2
import numpy as np

from ocr_core.baselines import ReadLine, find_baselines
from ocr_core.charset import latin
from ocr_core.cropping import crop_quad, crop_to_page
from ocr_core.ctc import Decoded
from ocr_core.recogniser import STRIDE
from ocr_core.synth.fonts import find_faces, open_font
from ocr_core.synth.typeset import LineStyle, set_line
from schemas import Box, Quad

LEFT, FOOT = 60, 120  # where the line begins, and the row below its letters
HEIGHT = 40


def faces():
    found = find_faces(latin(), folders=[])
    return [found[0], found[len(found) // 2], found[-1]]


class Written:
    """A line on a page, and what would be read of it."""

    def __init__(self, text, face=None, size_px=34, underline=False):
        style = LineStyle(face or faces()[0], size_px, kerned=True, underline=underline)
        line = set_line(text, style, np.random.default_rng(0))
        self.text = text
        self.page = np.full((240, 160 + int(line.width)), 255, np.uint8)
        top, left = FOOT + line.ink_top, LEFT + line.ink_left
        self.page[top : top + line.ink.shape[0], left : left + line.ink.shape[1]] -= line.ink
        box = Box(LEFT, FOOT - line.ascent, LEFT + line.width, FOOT + line.descent)
        self.quad = Quad.from_box(box)
        font = open_font(style.face, size_px)
        starts = [font.getlength(text[:at]) for at in range(len(text) + 1)]
        stretch = line.width / starts[-1]
        self.middles = [(LEFT + stretch * (a + b) / 2, FOOT - 5.0) for a, b in pairwise(starts)]

    def turn(self, degrees):
        """Turns the page, and says where its places are now."""
        height, width = self.page.shape
        side = max(height, width)
        turned = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
        turned[:, 2] += (side - width) / 2, (side - height) / 2
        self.page = cv2.warpAffine(self.page, turned, (side, side), borderValue=255)
        self.middles = cv2.transform(np.array([self.middles]), turned)[0].tolist()
        return turned

    def read(self, quad=None):
        quad = quad or self.quad
        crop = crop_quad(self.page, quad, HEIGHT)
        to_crop = cv2.invertAffineTransform(crop_to_page(quad, HEIGHT))
        peaks = cv2.transform(np.array([self.middles]), to_crop)[0, :, 0] / STRIDE
        starts = tuple(int(peak) for peak in peaks)
        ends = tuple(start + 1 for start in starts)
        decoded = Decoded(self.text, (1.0,) * len(starts), starts, ends)
        return ReadLine(crop, decoded, quad)

    def find(self, quad=None):
        [baseline] = find_baselines([self.read(quad)])
        return baseline
