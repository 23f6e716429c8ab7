from pathlib import PurePosixPath

import pytest

from pipelines.export_files import ExportOptions
from pipelines.export_names import is_named, name_exports, refuse_sources


def names(uris, folders):
    return {uri: str(path) for uri, path in name_exports(uris, folders).items()}


def test_names_that_would_collide_keep_their_suffix():
    uris = ["/in/a.pdf", "/in/a.tif", "/in/b.pdf", "/in/c.pdf", "/in/c.pdf.pdf", "/in/d"]
    assert names(uris, ["/in"]) == {
        "/in/a.pdf": "a.pdf",
        "/in/a.tif": "a.tif",
        "/in/b.pdf": "b",
        "/in/c.pdf": "c",
        "/in/c.pdf.pdf": "c.pdf.pdf",
        "/in/d": "d",
    }


def test_no_export_is_named_as_one_of_another_format_of_another_source():
    assert names(["/in/a.png", "/in/a.pdfa.png", "/in/b.v2.png"], ["/in"]) == {
        "/in/a.png": "a",
        "/in/a.pdfa.png": "a.pdfa.png",
        "/in/b.v2.png": "b.v2",
    }


def test_links_in_a_circle_are_sources_like_others(tmp_path):
    (tmp_path / "me.png").symlink_to("me.png")
    options = ExportOptions(("txt",), str(tmp_path / "to"))
    refuse_sources({f"{tmp_path}/me.png": PurePosixPath("me")}, options)


@pytest.mark.parametrize(
    ("uris", "folders", "expected"),
    [
        # The sub-folders of an input are kept, even where all of it is in one.
        (["/in/x/a.pdf"], ["/in"], ["x/a"]),
        (["/in/x/a.pdf"], ["/in/x"], ["a"]),
        # Two inputs are told apart by their names.
        (["/1/a.pdf", "/2/a.pdf"], ["/1", "/2"], ["1/a", "2/a"]),
        (["/in/a.pdf", "/in/x/b.pdf"], ["/in", "/in/x"], ["a", "x/b"]),
        # Those of lists by what their paths share.
        (["/p/1/a.pdf", "/p/2/a.pdf"], [], ["1/a", "2/a"]),
        (["/p/1/a.pdf"], [], ["a"]),
        (["gs://b/in/x/a.pdf"], ["gs://b/in"], ["x/a"]),
        (["gs://b/a.pdf", "/in/a.pdf"], ["gs://b", "/in"], ["gs/b/a", "in/a"]),
        ([], [], []),
    ],
)
def test_sub_folders(uris, folders, expected):
    assert list(names(uris, folders).values()) == expected


@pytest.mark.parametrize(
    ("glob", "is_meant"),
    [("*.pdf", True), ("a.*", True), ("forms/*", True), ("/in/*", True), ("in/a.pdf", False)],
)
def test_globs_match_whole_uris_and_their_ends(glob, is_meant):
    assert is_named("/in/forms/a.pdf", glob) == is_meant
