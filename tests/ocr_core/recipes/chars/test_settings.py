from ocr_core.recipes.chars.settings import CLASSES, SGD, CharsSettings


def test_there_are_62_classes_in_the_order_of_chars74k():
    assert len(CLASSES) == len(set(CLASSES)) == 62
    assert (CLASSES[0], CLASSES[10], CLASSES[36], CLASSES[-1]) == ("0", "A", "a", "z")


def test_networks_of_colours_only_learn_by_plain_descent():
    assert SGD.optimiser == "sgd"
    assert CharsSettings().epochs.optimiser == "adam"
