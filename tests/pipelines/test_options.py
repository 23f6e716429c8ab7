"""The flags of a run."""

import argparse
import hashlib
import json
from dataclasses import asdict, replace

import pytest

from ocr_core import profiles, sources
from ocr_core.errors import ConfigError
from pipelines import options as options_module


def parse(*arguments):
    parser = argparse.ArgumentParser()
    options_module.add_run_arguments(parser)
    return options_module.run_options_from(parser.parse_args(arguments))


def test_a_newcomer_needs_an_input_and_an_output():
    options = parse("in", "--output", "out")
    options.check()
    assert (options.inputs, options.output, options.report) == (("in",), "out", "progress")
    assert options.read.correct
    assert options.read.language_model
    assert options.read.profile == profiles.STANDARD
    assert options.read.precision == "auto"
    assert options.read.render.text_layer == "auto"
    assert options.read.cleaning == ("auto",)
    assert options.read.selection.indices(3) == (0, 1, 2)
    assert options.workers >= 1


def test_every_flag_arrives(tmp_path):
    weights = tmp_path / "w.safetensors"
    weights.touch()
    options = parse(
        *("a", "b", "-o", "out", "--pages", "2-3", "--dpi", "300", "--renderer", "poppler"),
        *("--device", "cpu", "--weights", str(weights), "--no-correct", "--batch-pages", "4"),
        *("--no-language-model", "--quality", "fast", "--precision", "int8"),
        *("--text-layer", "use", "--clean", "sharpen,borders"),
        *("--workers", "3", "--accelerator", "type:nvidia-l4", "--log-json"),
    )
    read = options.read
    assert (read.render.dpi, read.render.renderer) == (300, "poppler")
    assert read.render.text_layer == "use"
    assert (read.device, read.weights, read.correct) == ("cpu", weights, False)
    assert not read.language_model
    assert not read.restore
    assert (read.quality, read.precision) == ("fast", "int8")
    assert read.profile == profiles.choose("fast", language_model=False)
    assert read.selection.indices(9) == (1, 2)
    assert (options.batch_pages, options.workers) == (4, 3)
    assert (options.accelerator, options.report) == ("type:nvidia-l4", "json")
    told = json.loads(json.dumps(options.as_json()))
    assert told["weights"] == str(weights)
    assert (told["quality"], told["precision"]) == ("fast", "int8")
    assert told["text_layer"] == "use"
    assert read.cleaning == ("borders", "sharpen")
    assert told["clean"] == "sharpen,borders"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--workers", "0"), "--workers must be at least 1"),
        (("--batch-pages", "-1"), "--batch-pages must be at least 1"),
        (("--pages", "3-1"), "backwards"),
        (("--dpi", "7"), "dpi must be"),
        (("--weights", "gone"), "no such weights: gone"),
        (
            ("--clean", "scrub"),
            "--clean is auto, none, or some of perspective, .*, not 'scrub'",
        ),
        (("--output", "out[1]"), r"must have no \* \? \[ \]: out\[1\]"),
    ],
)
def test_what_cannot_be_followed_is_told_before_the_run(arguments, message):
    with pytest.raises(ConfigError, match=message):
        parse("in", "--output", "out", *arguments).check()


def test_steps_of_cleaning_count_in_the_order_in_which_they_are_taken(options):
    base = options("out", "in")
    first, second = (
        replace(base, read=replace(base.read, clean=clean)).fingerprint("weights")
        for clean in ("borders,sharpen", "sharpen, borders")
    )
    assert first == second


def test_the_fingerprint_tells_what_changes_the_text_from_what_does_not(options):
    base = options("out", "in")
    fingerprint = base.fingerprint("weights")
    same = [
        options("elsewhere", "other"),
        options("out", "in", workers=2),
        options("out", "in", batch_pages=1),
        options("out", "in", read=replace(base.read, device="cuda")),
    ]
    assert {other.fingerprint("weights") for other in same} == {fingerprint}
    changes = [
        {"dpi": 300},
        {"renderer": "poppler"},
        {"pages": "1"},
        {"correct": True},
        {"language_model": False},
        {"quality": "fast"},
        {"quality": "fast", "language_model": False},
        {"precision": "float32"},
        {"precision": "int8"},
        {"text_layer": "use"},
        {"text_layer": "ignore"},
        {"clean": "none"},
        {"clean": "borders"},
    ]
    others = {
        replace(base, read=replace(base.read, **change)).fingerprint("weights")
        for change in changes
    } | {base.fingerprint("other weights")}
    assert len(others | {fingerprint}) == len(changes) + 2


@pytest.mark.parametrize(
    "flags", [("--quality", "best"), ("--precision", "int4"), ("--text-layer", "on")]
)
def test_only_what_there_is_can_be_chosen(flags, capsys):
    with pytest.raises(SystemExit):
        parse("in", "--output", "out", *flags)
    assert f"argument {flags[0]}: invalid choice: '{flags[1]}'" in capsys.readouterr().err


def test_a_quality_that_no_parser_has_seen_is_told_before_the_run(options):
    base = options("out", "in")
    with pytest.raises(ConfigError, match="--quality is fast or standard"):
        replace(base, read=replace(base.read, quality="best")).check()


def test_restoring_needs_weights_and_they_count(tmp_path, monkeypatch):
    path = tmp_path / "restorer.safetensors"
    path.write_bytes(b"one")
    found = [path]
    monkeypatch.setattr("ocr_core.restorer_files.find", lambda given: found[-1])
    plain, restoring = parse("in", "-o", "out"), parse("in", "-o", "out", "--restore")
    restoring.check()
    assert (plain.as_json()["restore"], restoring.as_json()["restore"]) == (False, True)
    before = restoring.fingerprint("w")
    assert before != plain.fingerprint("w")
    found.append(tmp_path / "other.safetensors")
    found[-1].write_bytes(b"other")
    assert restoring.fingerprint("w") not in {before, plain.fingerprint("w")}


def test_runs_without_restoring_keep_the_fingerprint_that_they_had(options):
    told = hashlib.sha256(
        json.dumps(
            {
                "weights": "w",
                "dpi": options("out").read.dpi,
                "renderer": "mupdf",
                "pages": sources.ALL_PAGES.ranges,
                "correct": False,
                "precision": "auto",
                "text_layer": "auto",
                "clean": ["auto"],
                "profile": asdict(profiles.STANDARD),
            },
            sort_keys=True,
        ).encode()
    )
    assert options("out").fingerprint("w") == told.hexdigest()


def test_a_restorer_that_is_not_there_is_told_before_the_run(monkeypatch):
    monkeypatch.setattr("ocr_core.restoration.restorer.find_restorer", lambda _: None)
    with pytest.raises(ConfigError, match=r"restoring needs restorer\.safetensors"):
        parse("in", "--output", "out", "--restore").check()


def test_words_of_ones_own_are_read_before_the_run(tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("Snark\nBoojum\n")
    read = parse("in", "--output", "out", "--lexicon", str(words)).read
    assert read.corrections == ("snark", "boojum")
    assert parse("in", "--output", "out").read.corrections is True
    assert parse("in", "--output", "out", "--no-correct").read.corrections is False
    alone = parse("in", "--output", "out", "--no-correct", "--lexicon", str(words))
    assert alone.read.corrections is False


def test_a_file_of_words_that_is_not_there_is_told_before_the_run(tmp_path):
    options = parse("in", "--output", "out", "--lexicon", str(tmp_path / "none.txt"))
    with pytest.raises(ConfigError, match=r"cannot read the words of .*none\.txt"):
        options.check()


def test_words_of_ones_own_change_the_fingerprint(tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("snark")
    flags = "in", "--output", "out", "--lexicon", str(words)
    before = parse(*flags).fingerprint("w")
    assert before != parse(*flags[:3]).fingerprint("w")
    assert before == parse(*flags).fingerprint("w")
    words.write_text("snark\nboojum")
    assert before != parse(*flags).fingerprint("w")


def test_a_value_may_be_the_least_but_not_less_nor_no_number():
    options_module.check_least("--limit", 2, 2)
    for value, told in ((1.5, "1.5"), (float("nan"), "nan")):
        with pytest.raises(ConfigError, match=f"--limit must be at least 2, not {told}"):
            options_module.check_least("--limit", value, 2)


def test_files_for_machines_are_where_they_were_asked_for_and_change_no_text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plain = parse("in", "-o", "out")
    flags = ("--metrics", "last.json", "--prometheus", "gs://bucket/a.prom")
    told = parse("in", "-o", "out", *flags)
    assert (plain.metrics_file, plain.prometheus_file) == (None, None)
    assert told.metrics_file == str(tmp_path / "last.json")
    assert told.prometheus_file == "gs://bucket/a.prom"
    assert told.fingerprint("w") == plain.fingerprint("w")
    assert told.as_json() == plain.as_json()
