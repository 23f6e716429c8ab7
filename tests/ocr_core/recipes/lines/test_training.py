import json
from dataclasses import replace

import pytest

from ocr_core import weights
from ocr_core.errors import ConfigError
from ocr_core.recipes.epochs import EpochSettings
from ocr_core.recipes.lines.labelled import find_lines
from ocr_core.recipes.lines.settings import LinesSettings
from ocr_core.recipes.lines.training import make_network, taught_lines, teach

SETTINGS = LinesSettings(
    wear=0.1,
    is_still=False,  # normalised by nothing, a network that knows nothing does not begin to learn
    epochs=EpochSettings(epochs=70, batch=8, rate=1e-2, optimiser="adamw", patience=70),
)


def test_a_small_network_learns_lines_with_a_letter_that_it_did_not_know(lines, start, tmp_path):
    calibrated = replace(start, calibration=replace(start.calibration, scale=1.5))
    taught = teach(find_lines(lines), tmp_path / "out", calibrated, SETTINGS)
    assert taught.new_characters == "c"
    assert taught.before["cer"] > 0.5
    assert taught.after["cer"] < 0.5 * taught.before["cer"]
    written = weights.load_file(taught.path, "recogniser")
    assert written.config["charset"] == "ab c"
    assert written.config["height"] == 16
    assert written.provenance["held_out"] == taught.after
    assert written.provenance["started_from"] == start.digest
    assert written.calibration == calibrated.calibration
    assert written.ranges
    assert len((tmp_path / "out" / "log.jsonl").read_text().splitlines()) == 70
    words = "\n".join(taught_lines(taught))
    assert "did not know: c" in words
    assert f"--weights {taught.path}" in words


def test_a_training_goes_on_where_it_was(lines, start, tmp_path):
    few = replace(SETTINGS, epochs=replace(SETTINGS.epochs, epochs=2))
    teach(find_lines(lines), tmp_path / "out", start, few)
    more = replace(few, epochs=replace(few.epochs, epochs=3))
    assert len(teach(find_lines(lines), tmp_path / "out", start, more).outcome.epochs) == 3


@pytest.mark.parametrize(
    ("changed", "begun"), [({"wear": 0.2}, "--wear 0.1"), ({"data": "raw"}, "--data processed")]
)
def test_a_training_does_not_go_on_with_lines_that_look_otherwise(
    lines, start, tmp_path, changed, begun
):
    few = replace(SETTINGS, epochs=replace(SETTINGS.epochs, epochs=1))
    teach(find_lines(lines), tmp_path / "out", start, few)
    with pytest.raises(ConfigError, match=f"is of a training with {begun}: "):
        teach(find_lines(lines), tmp_path / "out", start, replace(few, **changed))


def test_what_spoils_reading_is_not_kept(lines, start, tmp_path):
    wild = replace(SETTINGS.epochs, epochs=1, rate=3.0)
    taught = teach(
        find_lines(lines), tmp_path / "out", start, replace(SETTINGS, is_still=True, epochs=wild)
    )
    written = weights.load_file(taught.path, "recogniser")
    assert written.provenance["share"] == taught.share == 0
    assert "0% of what was learnt is kept" in "\n".join(taught_lines(taught))
    assert taught.after["loss"] < 1.5 * taught.before["loss"] < taught.outcome.best_loss


def test_from_nothing_a_network_knows_what_the_lines_hold():
    network = make_network(["ba", "Ω b"], None, 40)
    assert network.config.charset == " abΩ"
    assert network.config.height == 40
    assert network.head.bias[0].item() == -1.0


def test_lines_none_of_which_can_be_read_are_told(lines, start, tmp_path, capsys):
    for path in lines.glob("*.png"):
        path.write_text("no picture")
    with pytest.raises(ConfigError, match="hardly any of the lines can be read"):
        teach(find_lines(lines), tmp_path / "out", start, SETTINGS)
    assert capsys.readouterr().err.count("left out (corrupt-source)") == 60


def test_the_provenance_is_json(lines, start, tmp_path):
    one = replace(SETTINGS, test=0.0, epochs=replace(SETTINGS.epochs, epochs=1))
    taught = teach(find_lines(lines), tmp_path / "out", start, one)
    assert json.dumps(weights.load_file(taught.path, "recogniser").provenance)
    assert taught.after
