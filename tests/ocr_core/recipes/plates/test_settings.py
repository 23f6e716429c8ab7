from ocr_core.recipes.plates import settings


def test_five_digits_are_trained_as_the_recipe_says():
    chosen = settings.digits()
    training = chosen.training
    assert (chosen.network.height, chosen.network.width) == (64, 192)
    assert chosen.network.charset == "0123456789"
    assert (chosen.images, chosen.fonts, chosen.sizes_px) == (60_000, 22, (18, 25))
    assert (training.optimiser, training.rate, training.batch) == ("adam", 3e-4, 256)
    assert (training.epochs, training.patience, training.falls) == (55, 5, False)


def test_real_plates_have_digits_and_capital_letters():
    charset = settings.of_kind("real").network.charset
    assert sorted(charset) == sorted("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_a_smaller_training_has_no_more_to_judge_by_than_to_learn_from():
    chosen = settings.smaller(settings.digits(), images=50)
    assert (chosen.images, chosen.validation) == (50, 50)
    assert settings.smaller(settings.digits(), images=5_000).validation == 2_000
