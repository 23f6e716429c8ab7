import json
from dataclasses import asdict

from ocr_core.recipes.lines.settings import FROM_NOTHING, LinesSettings


def test_settings_can_be_kept_with_weights_and_leave_lines_to_learn_from():
    settings = LinesSettings()
    assert json.loads(json.dumps(asdict(settings)))["epochs"]["batch"] == settings.epochs.batch
    assert settings.validation + settings.test < 0.5


def test_from_nothing_takes_longer():
    usual = LinesSettings().epochs
    assert FROM_NOTHING.epochs > usual.epochs
    assert FROM_NOTHING.patience < FROM_NOTHING.epochs


def test_what_is_tuned_goes_on_until_the_rate_has_fallen():
    usual = LinesSettings().epochs
    assert usual.falls
    assert usual.patience >= usual.epochs
