import json
from dataclasses import asdict

from ocr_core.recipes.handwriting.settings import HandwritingSettings


def test_settings_can_be_kept_with_weights_and_leave_most_of_the_lines_to_hands():
    settings = HandwritingSettings()
    assert json.loads(json.dumps(asdict(settings)))["rate"] == settings.rate
    assert settings.print_share + settings.labelled_share < 0.6
    assert settings.texts.running > 0.5
