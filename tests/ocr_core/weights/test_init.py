import pytest
import torch
from safetensors.torch import save_file

from ocr_core import weights
from ocr_core.calibration import RAW, Calibration
from ocr_core.errors import WeightsError

CONFIG = {"channels": [1, 2], "charset": "aé€"}
TENSORS = {
    "weight": torch.arange(6.0).reshape(2, 3) / 4,
    "bias": torch.tensor([0.5, -1.0]),
    "steps": torch.tensor([3, 4]),
    "norm.num_batches_tracked": torch.tensor(7),
}


def save(path, network="recogniser"):
    return weights.save(path, network, CONFIG, TENSORS, {"steps": 12, "figures": {"cer": 0.02}})


def test_what_is_saved_is_what_is_loaded(tmp_path):
    path = tmp_path / "new" / "recogniser.safetensors"
    digest = save(path)
    loaded = weights.load_file(path, "recogniser")
    assert loaded.network == "recogniser"
    assert loaded.config == CONFIG
    assert loaded.provenance == {"steps": 12, "figures": {"cer": 0.02}}
    assert loaded.digest == digest
    assert set(loaded.tensors) == {"weight", "bias", "steps"}
    for name, tensor in loaded.tensors.items():
        assert torch.equal(tensor, TENSORS[name])
        assert tensor.dtype == TENSORS[name].dtype


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    save(tmp_path / "recogniser.safetensors")
    (path,) = tmp_path.iterdir()
    assert path.name == "recogniser.safetensors"
    assert path.stat().st_mode & 0o777 == 0o644


def test_the_digest_tells_other_contents_and_nothing_else(tmp_path):
    first = save(tmp_path / "a.safetensors")
    assert save(tmp_path / "b.safetensors") == first
    other = weights.save(tmp_path / "c.safetensors", "recogniser", {}, TENSORS, {})
    assert other != first
    changed = {**TENSORS, "bias": torch.tensor([0.5, -1.5])}
    assert weights.save(tmp_path / "d", "recogniser", CONFIG, changed, {}) != first


def test_a_damaged_byte_anywhere_is_found_out(tmp_path):
    path = tmp_path / "recogniser.safetensors"
    save(path)
    whole = path.read_bytes()
    config = whole.index(b"channels")
    for at in (3, 20, config, len(whole) - 20, len(whole) - 1):
        damaged = bytearray(whole)
        damaged[at] ^= 0x40
        path.write_bytes(damaged)
        with pytest.raises(WeightsError):
            weights.load_file(path, "recogniser")


def test_damaged_provenance_is_found_out(tmp_path):
    path = tmp_path / "recogniser.safetensors"
    save(path)
    path.write_bytes(path.read_bytes().replace(b'12}"', b'12 "'))
    with pytest.raises(WeightsError, match="damaged"):
        weights.load_file(path, "recogniser")


@pytest.mark.parametrize("length", [0, 5, 100, -1])
def test_a_file_that_was_cut_short_is_found_out(tmp_path, length):
    path = tmp_path / "recogniser.safetensors"
    save(path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(WeightsError, match="no readable weights file"):
        weights.load_file(path, "recogniser")


def test_another_network_is_refused(tmp_path):
    path = tmp_path / "detector.safetensors"
    save(path, "detector")
    with pytest.raises(WeightsError, match="holds weights of `detector`, not of `recogniser`"):
        weights.load_file(path, "recogniser")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(WeightsError, match=r"there is no weights file at .*nowhere"):
        weights.load_file(tmp_path / "nowhere.safetensors", "detector")


def test_safetensors_of_others_are_refused(tmp_path):
    path = tmp_path / "theirs.safetensors"
    save_file({"weight": torch.ones(2)}, path, metadata={"format": "pt"})
    with pytest.raises(WeightsError, match="not a beam-ocr weights file"):
        weights.load_file(path, "detector")


def test_the_shipped_files_are_the_default():
    for path, network in zip(weights.find(), ("detector", "recogniser"), strict=True):
        assert path.name == f"{network}.safetensors"
        assert path.parent.name == "weights"


def test_a_folder_takes_the_place_of_both_and_a_file_of_its_own_network(tmp_path):
    shipped = weights.find()
    paths = tuple(tmp_path / f"{name}.safetensors" for name in ("detector", "recogniser"))
    assert weights.find(tmp_path) == paths
    mine = tmp_path / "mine.safetensors"
    save(mine, "detector")
    assert weights.find(mine) == (mine, shipped[1])
    save(mine, "recogniser")
    assert weights.find(mine) == (shipped[0], mine)
    with pytest.raises(WeightsError):
        weights.find(tmp_path / "none.safetensors")


def test_a_larger_recogniser_stands_beside_the_one_that_it_helps(tmp_path):
    assert weights.find_larger().name == weights.LARGER
    assert weights.find_larger(tmp_path) is None
    (tmp_path / weights.LARGER).touch()
    assert weights.find_larger(tmp_path) == tmp_path / weights.LARGER
    mine = tmp_path / "mine.safetensors"
    save(mine, "recogniser")
    assert weights.find_larger(mine) is None
    save(mine, "detector")
    assert weights.find_larger(mine) == weights.find_larger()


def test_recipes_read_with_what_was_trained_here_or_else_with_what_is_shipped(tmp_path):
    trained = tmp_path / "plates.safetensors"
    shipped = weights.of_recipe("plates", trained)
    assert shipped.parent == weights.find()[0].parent
    assert weights.network_of(shipped) == "plates"
    trained.touch()
    assert weights.of_recipe("plates", trained) == trained


def test_every_shipped_file_has_its_ranges():
    for path in (*weights.find(), weights.find_larger(), weights.for_photographs()):
        assert weights.load_file(path, weights.network_of(path)).ranges


def test_a_calibration_is_added_and_changes_the_digest(tmp_path):
    path = tmp_path / "w.safetensors"
    digest = save(path, "recogniser")
    assert weights.load_file(path, "recogniser").calibration == RAW
    calibrated = weights.add_calibration(path, Calibration(1.5, -0.25))
    loaded = weights.load_file(path, "recogniser")
    assert loaded.calibration == Calibration(1.5, -0.25)
    assert loaded.digest == calibrated != digest


def test_ranges_and_calibration_do_not_replace_each_other(tmp_path):
    path = tmp_path / "w.safetensors"
    save(path, "recogniser")
    weights.add_calibration(path, Calibration(1.5, -0.25))
    weights.add_ranges(path, {"a": ([0.0], [2.5])})
    weights.add_calibration(path, Calibration(0.5))
    loaded = weights.load_file(path, "recogniser")
    assert (loaded.calibration, loaded.ranges) == (Calibration(0.5), {"a": ([0.0], [2.5])})


@pytest.mark.parametrize("size", [(3, 2), (2, 2)])  # of another shape, and with another name
def test_tensors_of_another_config_are_refused(tmp_path, size):
    path = tmp_path / "plates.safetensors"
    save(path, "plates")
    network = torch.nn.Linear(*size) if size == (3, 2) else torch.nn.Sequential()
    with pytest.raises(WeightsError, match="the tensors of `plates` do not fit its config"):
        weights.fill(network, weights.load_file(path, "plates"))
