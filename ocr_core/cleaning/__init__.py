"""What takes the traces of scanners, copiers and cameras off a page; pure functions on pixels.

All steps take and give (H, W) uint8, 0 for black and 255 for white, and never change its size:
places on the page stay where they were. The sheet that a camera saw at an angle is another matter,
see `ocr_core.cleaning.perspective`.
"""
