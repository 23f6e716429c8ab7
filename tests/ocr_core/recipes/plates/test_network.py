from dataclasses import asdict, replace

import numpy as np
import pytest
import torch

from ocr_core import weights
from ocr_core.errors import WeightsError
from ocr_core.recipes.plates import network, settings, training
from ocr_core.recipes.plates.network import PlateReader
from ocr_core.recogniser import Recogniser, RecogniserConfig

SHAPE = {
    "channels": (2, 2, 2, 4, 4), "depths": (1, 1, 1, 1, 1), "row": 4, "hidden": 4,
}  # fmt: skip
CONFIG = network.PlateConfig("01", height=16, width=32, **SHAPE)


def saved(tmp_path):
    path = tmp_path / "plates.safetensors"
    made = Recogniser(CONFIG)
    weights.save(path, network.NAME, asdict(CONFIG), made.state_dict(), {})
    return path, made


def test_a_picture_is_stretched_to_the_size_of_the_network():
    picture = np.zeros((8, 8), np.uint8)
    picture[:, 4:] = 200
    fitted = network.fit_picture(picture, CONFIG)
    assert fitted.shape == (16, 32)
    assert fitted[:, :12].max() < 20
    assert fitted[:, 20:].min() > 180


def test_a_picture_of_the_size_of_the_network_stays_as_it_is():
    picture = np.random.default_rng(1).integers(0, 255, (16, 32), np.uint8)
    assert network.fit_picture(picture, CONFIG) is picture


@pytest.mark.parametrize(("ground", "ink"), [(200, 90), (40, 120), (255, 0)])
def test_whatever_ink_and_ground_are_the_network_is_shown_black_on_white(ground, ink):
    picture = np.full((16, 32), ground, np.uint8)
    picture[4:12, 4:8] = ink
    evened = network.fit_picture(picture, replace(CONFIG, evens=True))
    assert (evened[4:12, 4:8] == 0).all()
    assert (evened[:, 8:] == 255).all()


def test_an_empty_picture_has_no_ink_but_its_noise():
    noise = np.random.default_rng(1).normal(128, 1, (16, 32)).astype(np.uint8)
    assert network.even_out(noise).min() > 100


def test_black_is_ink():
    crops = network.to_crops(np.array([[[0, 255]]], np.uint8))
    assert crops.tolist() == [[[[1.0, 0.0]]]]


def test_weights_that_were_saved_read_as_the_network_did(tmp_path):
    path, made = saved(tmp_path)
    pictures = [np.random.default_rng(i).integers(0, 255, (20, 50), np.uint8) for i in range(3)]
    assert [one.text for one in network.load(path).read(pictures)] == [
        one.text for one in PlateReader(made).read(pictures)
    ]


def test_a_plate_reads_the_same_whatever_its_neighbours(tmp_path):
    reader = network.load(saved(tmp_path)[0])
    pictures = [np.random.default_rng(i).integers(0, 255, (20, 50), np.uint8) for i in range(5)]
    together = reader.read(pictures, batch=5)
    alone = [reader.read([picture])[0] for picture in pictures]
    assert [one.text for one in together] == [one.text for one in alone]
    assert [one.confidence for one in together] == pytest.approx([o.confidence for o in alone])


def test_what_says_nothing_has_no_confidence():
    blank = Recogniser(CONFIG)
    with torch.no_grad():
        blank.head.weight.zero_()
        blank.head.bias.copy_(torch.tensor([9.0, 0.0, 0.0]))
    (reading,) = PlateReader(blank).read([np.zeros((16, 32), np.uint8)])
    assert (reading.text, reading.confidence) == ("", 0.0)


def test_a_reader_needs_to_know_the_width_of_its_pictures():
    with pytest.raises(TypeError, match="PlateConfig"):
        PlateReader(Recogniser(RecogniserConfig("01", **SHAPE)))


def line_weights(tmp_path, charset):
    path = tmp_path / "recogniser.safetensors"
    config = RecogniserConfig(charset, height=16, **SHAPE)
    made = Recogniser(config)
    weights.save(path, "recogniser", asdict(config), made.half().float().state_dict(), {})
    return path, made


def test_a_start_takes_over_convolutions_and_the_labels_that_both_have(tmp_path):
    path, lines = line_weights(tmp_path, "a1b0")
    plates = Recogniser(CONFIG)
    network.start_from(plates, path)
    torch.testing.assert_close(
        plates.features[0].shrink[0].weight, lines.features[0].shrink[0].weight
    )
    torch.testing.assert_close(plates.head.weight, lines.head.weight[[0, 4, 2]])


def test_a_start_must_know_every_character(tmp_path):
    path, _ = line_weights(tmp_path, "a0b")
    with pytest.raises(WeightsError, match="cannot write 1"):
        network.start_from(Recogniser(CONFIG), path)


def test_a_start_must_be_of_the_same_shape(tmp_path):
    path, _ = line_weights(tmp_path, "01")
    with pytest.raises(WeightsError, match="do not fit"):
        network.start_from(Recogniser(replace(CONFIG, hidden=8)), path)


def test_real_plates_may_start_from_the_shipped_recogniser():
    plates = training.new_network(settings.real())
    network.start_from(plates, weights.find()[1])
    shipped = weights.load_file(weights.find()[1], "recogniser")
    torch.testing.assert_close(
        plates.collapse[0].weight.detach(), shipped.tensors["collapse.0.weight"]
    )


def test_a_reader_knows_whether_it_has_letters():
    assert not PlateReader(Recogniser(CONFIG)).has_letters
    assert PlateReader(Recogniser(replace(CONFIG, charset="0A"))).has_letters
