"""Stand-ins for a reader of plates."""

from ocr_core.recipes.plates.network import Reading


class StandInReader:
    """Says one text, the more surely the wider the picture."""

    def __init__(self, text="AB123"):
        self.text = text
        self.widths = []

    def read(self, pictures):
        self.widths += [picture.shape[1] for picture in pictures]
        return [Reading(self.text, min(1.0, p.shape[1] / 100)) for p in pictures]


class ManyVoices:
    """Says one text after the other."""

    def __init__(self, *readings):
        self.readings = list(readings)

    def read(self, pictures):
        return [self.readings.pop(0) for _ in pictures]
