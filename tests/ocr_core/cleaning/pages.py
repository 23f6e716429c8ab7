"""Small pages to clean."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def page_of_text(
    ground: int = 255, ink: int = 0, size: tuple[int, int] = (700, 500)
) -> NDArray[np.uint8]:
    """Lines of text, (H, W) uint8."""
    page = np.full(size, ground, np.uint8)
    for line in range(50, size[0] - 40, 30):
        words = "so many words a line, no more"
        cv2.putText(page, words, (40, line), cv2.FONT_HERSHEY_SIMPLEX, 0.8, ink, 2, cv2.LINE_AA)
    return page
