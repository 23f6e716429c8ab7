from ocr_core import weights
from ocr_core.recipes.restoration.settings import RestorationSettings


def test_crops_are_as_high_as_those_of_the_recogniser_that_guides():
    guide = weights.load_file(weights.find()[1], "recogniser")
    settings = RestorationSettings()
    assert settings.network.height == guide.config["height"]
    assert settings.network.height % 4 == settings.max_width % 4 == 0


def test_a_batch_has_room_for_several_of_the_longest_lines():
    settings = RestorationSettings()
    assert settings.columns >= 4 * settings.max_width
    assert settings.wear[0] < settings.wear[1]
