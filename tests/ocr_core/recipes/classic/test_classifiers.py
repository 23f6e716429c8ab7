import numpy as np

from ocr_core.recipes.classic.classifiers import NearestNeighbour, learn_svm


def clusters(seed):
    """Three of them, around corners of a triangle."""
    rng = np.random.default_rng(seed)
    labels = np.arange(60) % 3
    corners = np.array([[0, 0], [6, 0], [0, 6]])
    return (corners[labels] + rng.normal(size=(60, 2))).astype(np.float32), labels


def test_planes_part_classes_that_can_be_parted():
    features, labels = clusters(0)
    svm = learn_svm(features, labels, 3)
    assert svm.planes.shape == (3, 3)
    assert (svm.classify(features) == labels).all()
    others, truth = clusters(1)
    assert (svm.classify(others) == truth).mean() > 0.95


def test_a_plane_lies_in_the_middle_between_two_samples():
    svm = learn_svm(np.array([[0.0], [10.0]], np.float32), np.array([0, 1]), 2)
    assert svm.classify(np.array([[4.9], [5.1]], np.float32)).tolist() == [0, 1]


def test_the_nearest_neighbour_gives_its_label():
    known = np.array([[0, 0], [4, 4], [0, 9]], np.float32)
    nearest = NearestNeighbour(known, np.array([5, 6, 7]))
    asked = np.array([[0, 8], [1, 0], [3, 3]], np.float32)
    assert nearest.classify(asked).tolist() == [7, 5, 6]
