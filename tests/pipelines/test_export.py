"""One file a document."""

import argparse

import pytest

from ocr_core.errors import ConfigError
from pipelines import export


def run_command(*arguments):
    parser = argparse.ArgumentParser()
    export.add_arguments(parser)
    return export.main(parser.parse_args([str(argument) for argument in arguments]))


def names(uris, folders):
    return {
        uri: str(path) for uri, path in export.name_exports(uris, folders, suffix="txt").items()
    }


def test_every_document_becomes_a_file_in_its_sub_folder(output, tmp_path, capsys):
    assert run_command(output, "--format", "txt", "--to", tmp_path) == 0
    files = {
        str(path.relative_to(tmp_path)): path.read_text()
        for path in tmp_path.rglob("*")
        if path.is_file()
    }
    assert files == {
        "note.txt": "ab cd\n",
        "z copy.txt": "ab cd\n",
        "forms/Form.txt": "a\n\f\fbb\n",
        "forms/a[1].txt": "abc de\n\f\fe d\n",
    }
    assert capsys.readouterr().out == f"wrote 4 files to {tmp_path}\n"


def test_an_output_without_runs_is_a_mistake(tmp_path):
    with pytest.raises(ConfigError, match="holds no committed run"):
        run_command(tmp_path, "--to", tmp_path / "text")


def test_names_that_would_collide_keep_their_suffix():
    uris = ["/in/a.pdf", "/in/a.tif", "/in/b.pdf", "/in/c.pdf", "/in/c.pdf.pdf", "/in/d"]
    assert names(uris, ["/in"]) == {
        "/in/a.pdf": "a.pdf.txt",
        "/in/a.tif": "a.tif.txt",
        "/in/b.pdf": "b.txt",
        "/in/c.pdf": "c.txt",
        "/in/c.pdf.pdf": "c.pdf.pdf.txt",
        "/in/d": "d.txt",
    }


@pytest.mark.parametrize(
    ("uris", "folders", "expected"),
    [
        # The sub-folders of an input are kept, even where all of it is in one.
        (["/in/x/a.pdf"], ["/in"], ["x/a.txt"]),
        (["/in/x/a.pdf"], ["/in/x"], ["a.txt"]),
        # Two inputs are told apart by their names.
        (["/1/a.pdf", "/2/a.pdf"], ["/1", "/2"], ["1/a.txt", "2/a.txt"]),
        (["/in/a.pdf", "/in/x/b.pdf"], ["/in", "/in/x"], ["a.txt", "x/b.txt"]),
        # Those of lists by what their paths share.
        (["/p/1/a.pdf", "/p/2/a.pdf"], [], ["1/a.txt", "2/a.txt"]),
        (["/p/1/a.pdf"], [], ["a.txt"]),
        (["gs://b/in/x/a.pdf"], ["gs://b/in"], ["x/a.txt"]),
        (["gs://b/a.pdf", "/in/a.pdf"], ["gs://b", "/in"], ["gs/b/a.txt", "in/a.txt"]),
        ([], [], []),
    ],
)
def test_sub_folders(uris, folders, expected):
    assert list(names(uris, folders).values()) == expected
