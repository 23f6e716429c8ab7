import shutil
from dataclasses import asdict

import numpy as np
import pytest

import ocr_core
from ocr_core import weights
from ocr_core.detector import Detector, DetectorConfig
from ocr_core.engine import Engine, EngineOptions
from ocr_core.errors import ConfigError, InputError, WeightsError
from ocr_core.profiles import PROFILES, Profile
from ocr_core.reading import LineReader
from ocr_core.recogniser import Recogniser, RecogniserConfig
from tests.stand_ins import GreyRecogniser, InkDetector, PoisonedDetector, blank_page, draw_text
from tests.stand_ins import poison as poisoned


@pytest.fixture
def engine():
    return Engine(InkDetector(), LineReader(GreyRecogniser()), None)


@pytest.fixture
def folder(tmp_path):
    """Both networks, untrained and tiny."""
    detector = Detector(DetectorConfig((4, 4, 4, 4, 4), (1, 1, 1, 1, 1), 4))
    config = RecogniserConfig("ab ", 16, (4, 4, 4, 4, 4), row=4, hidden=4)
    for name, network in (("detector", detector), ("recogniser", Recogniser(config))):
        path = tmp_path / f"{name}.safetensors"
        weights.save(path, name, asdict(network.config), network.state_dict(), {})
    return tmp_path


def test_a_page_in_grey_or_colour_reads_the_same(engine):
    page = blank_page()
    draw_text(page, "abc de", left=60, top=80)
    assert ocr_core.ocr_page(page, engine).text == "abc de"
    assert ocr_core.ocr_page(np.stack([page] * 3, axis=2), engine).text == "abc de"


def test_an_empty_page_is_no_error(engine):
    page = ocr_core.ocr_page(blank_page(300, 200), engine, dpi=150)
    assert page.status == "empty"
    assert (page.width_px, page.height_px, page.dpi) == (200, 300, 150)


def test_a_page_that_cannot_be_read_raises_with_its_code():
    engine = Engine(PoisonedDetector(), LineReader(GreyRecogniser()), None)
    with pytest.raises(InputError, match="a poisoned tile") as error:
        ocr_core.ocr_page(poisoned(blank_page()), engine)
    assert error.value.code == "internal-error"


def test_an_engine_is_loaded_from_a_folder_of_weights(folder):
    page = blank_page(200, 200)
    draw_text(page, "abc", left=40, top=80)
    engine = ocr_core.load(folder, device="cpu", correct=False)
    assert ocr_core.ocr_page(page, engine).height_px == 200


def test_an_engine_follows_its_quality(folder, monkeypatch):
    made, models = [], []
    monkeypatch.setattr("ocr_core.engine.Engine", lambda *args: made.append(args))
    monkeypatch.setattr("ocr_core.rescoring.decoder", lambda model, _: models.append(model))
    shutil.copy(folder / "recogniser.safetensors", folder / weights.LARGER)
    own = Profile(long_side=640, turns_pages=False, language_model=False, rereads=False)
    for quality in ("standard", "fast", own):
        ocr_core.load(folder, device="cpu", correct=False, quality=quality)
    readers, options = ([args[place] for args in made] for place in (1, 3))
    assert options[0] == EngineOptions()
    assert options[1].long_side == PROFILES["fast"].long_side
    assert (options[2].long_side, options[2].turns_pages) == (640, False)
    assert [reader.rereads for reader in readers] == [True, False, False]
    assert [model is not None for model in models] == [True, True, False]


def test_lines_are_restored_only_if_that_is_asked_for(folder, monkeypatch):
    made, opened = [], []
    monkeypatch.setattr("ocr_core.engine.Engine", lambda *args: made.append(args[4]))
    monkeypatch.setattr(
        "ocr_core.restorer_files.open_for", lambda *args: opened.append(args) or "restorer"
    )
    ocr_core.load(folder, device="cpu", correct=False)
    assert (made, opened) == ([None], [])
    ocr_core.load(folder, device="cpu", correct=False, restore=True)
    assert made == [None, "restorer"]
    [(reader, model, given, device)] = opened
    assert (reader.height, given, device.type) == (16, folder, "cpu")
    assert model.order > 1


def test_batches_are_as_large_as_the_device_lets_them_be(folder, monkeypatch):
    made = []
    monkeypatch.setattr("ocr_core.engine.Engine", lambda *args: made.append(args[3]))
    monkeypatch.setattr("ocr_core.devices.batch_pixels", lambda device, on_cpu: 3 * on_cpu)
    ocr_core.load(folder, device="cpu", correct=False)
    [options] = made
    usual = EngineOptions()
    assert options.max_tile_pixels == 3 * usual.max_tile_pixels
    assert options.max_crop_pixels == 3 * usual.max_crop_pixels


def test_a_recogniser_of_ones_own_reads_alone(folder):
    engine = ocr_core.load(folder / "recogniser.safetensors", device="cpu")
    assert not engine.reader.rereads


def test_what_cannot_be_loaded_says_why(tmp_path):
    with pytest.raises(ConfigError, match="'abacus'"):
        ocr_core.load(device="abacus")
    with pytest.raises(ConfigError, match="--quality is fast or standard, not 'best'"):
        ocr_core.load(device="cpu", quality="best")
    with pytest.raises(ConfigError, match="--precision is auto"):
        ocr_core.load(device="cpu", precision="int4")
    with pytest.raises(WeightsError, match="no weights file"):
        ocr_core.load(tmp_path, device="cpu")


def test_light_print_on_dark_is_made_dark_on_light(engine):
    page = blank_page()
    for line in range(9):
        draw_text(page, "abc de", left=60, top=40 + 60 * line)
    texts = [line.text for line in ocr_core.ocr_page(255 - page, engine).lines]
    assert texts == 9 * ["abc de"]
