import argparse
from pathlib import Path

import pytest

from ocr_core.errors import ConfigError
from ocr_core.training import held_out


def parsed(*words):
    parser = argparse.ArgumentParser()
    held_out.add_arguments(parser, "a weights file")
    return parser.parse_args(words)


def test_weights_fonts_and_texts_can_be_named(tmp_path):
    args = parsed("mine.safetensors", "--fonts", "a", "b", "--corpus", str(tmp_path))
    assert args.weights == Path("mine.safetensors")
    assert args.fonts == [Path("a"), Path("b")]
    assert args.corpus == tmp_path
    assert parsed().weights is None


def test_without_held_out_faces_all_are_taken(tmp_path):
    faces, source = held_out.faces_and_texts(parsed("--fonts", "--corpus", str(tmp_path)))
    assert len(faces) == 5 or all(face.held_out for face in faces)
    assert faces
    assert source.first.language == "en"


def test_a_folder_of_fonts_that_is_not_there_is_refused(tmp_path):
    args = parsed("--fonts", str(tmp_path / "nowhere"), "--corpus", str(tmp_path))
    with pytest.raises(ConfigError, match=r"no folder of fonts .*nowhere"):
        held_out.faces_and_texts(args)
