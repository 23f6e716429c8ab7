"""What users name, and what is found there."""

import os
from collections import Counter
from pathlib import Path

import pytest

from ocr_core.errors import ConfigError
from pipelines import discovery


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with files of many names, in which the test runs."""
    names = [
        "a[1].pdf",
        "b.TIF",
        "c.docx",
        "sub/d.Jpeg",
        "sub/deep/e.pdf",
        "sub/.hidden.pdf",
        "sub/f.pdf.part",
        ".git/g.pdf",
    ]
    for name in names:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*inputs):
    """What is found, relative to the current folder."""
    return [os.path.relpath(uri) for uri in discovery.find_sources([str(name) for name in inputs])]


def test_a_folder_is_walked_and_its_documents_known_by_suffix(folder):
    assert found("in") == ["in/a[1].pdf", "in/b.TIF", "in/sub/d.Jpeg", "in/sub/deep/e.pdf"]


def test_what_is_passed_over_is_counted_by_suffix(folder):
    (folder / "in" / "sub" / "notes").touch()
    (folder / "in" / "sub" / "f.DOCX").touch()
    (folder / "in" / "elsewhere").symlink_to(folder / "in" / "sub")
    passed_over = Counter()
    sources = list(discovery.find_sources(["in", "in/c.docx"], passed_over))
    assert len(sources) == 5
    assert passed_over[".docx"] == 2
    assert passed_over["no suffix"] == 1
    assert passed_over["linked folders"] == 1
    assert passed_over[".part"] == 1
    assert passed_over.total() == 5  # nothing that is hidden


def test_what_a_glob_passes_over_is_counted(folder):
    passed_over = Counter()
    list(discovery.find_sources(["in/c.*"], passed_over))
    assert passed_over == {".docx": 1}


def test_uris_are_absolute(folder):
    assert list(discovery.find_sources(["in/../in/b.TIF"])) == [str(folder / "in" / "b.TIF")]


def test_a_name_with_brackets_is_taken_literally(folder):
    assert found("in/a[1].pdf") == ["in/a[1].pdf"]


def test_a_file_that_is_named_is_taken_whatever_its_suffix(folder):
    assert found("in/c.docx") == ["in/c.docx"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("in/*", ["in/a[1].pdf", "in/b.TIF", "in/sub/d.Jpeg", "in/sub/deep/e.pdf"]),
        ("in/*.pdf", ["in/a[1].pdf"]),
        ("in/**/*.pdf", ["in/a[1].pdf", "in/sub/deep/e.pdf"]),
        ("in/*.docx", ["in/c.docx"]),
        ("in/?.*", ["in/b.TIF"]),
    ],
)
def test_globs(folder, pattern, expected):
    assert found(pattern) == expected


@pytest.mark.parametrize("name", ["list.txt", "@list.txt", "@names"])
def test_a_list_names_inputs(folder, name):
    lines = ["in/b.TIF", "", "  in/sub  ", "in/a[1].pdf", "in/gone.pdf", "in/*.docx"]
    Path(name.removeprefix("@")).write_text("\n".join(lines), encoding="utf-8-sig")
    assert found(name) == [
        "in/b.TIF",
        "in/sub/d.Jpeg",
        "in/sub/deep/e.pdf",
        "in/a[1].pdf",
        "in/gone.pdf",  # gets its row, and does not stop the others
        "in/c.docx",
    ]


def test_a_list_may_name_what_is_not_utf_8_or_stands_between_spaces(folder):
    odd = [Path(os.fsdecode(b"in/caf\xe9.pdf")), Path(" between .pdf")]
    for path in odd:
        path.touch()
    Path("list.txt").write_bytes(b"in/caf\xe9.pdf\r\n between .pdf\n")
    found = list(discovery.find_sources(["list.txt"]))
    assert [discovery.local_path(uri) for uri in found] == [folder / path for path in odd]


def test_what_is_named_twice_is_found_once(folder):
    assert found("in/b.TIF", "in", "in/b.TIF")[0] == "in/b.TIF"
    assert len(found("in/b.TIF", "in", "in/b.TIF")) == 4


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone.pdf", "no such file or folder: gone.pdf"),
        ("gone/*.pdf", "no file matches gone/\\*.pdf"),
        ("@gone", "cannot read the list gone"),
        ("", "the name of an input is empty"),
    ],
)
def test_an_input_that_names_nothing_is_a_mistake(folder, name, message):
    with pytest.raises(ConfigError, match=message):
        found(name)


def test_a_name_that_is_not_utf_8_has_a_uri_of_text(folder):
    path = Path(os.fsdecode(b"in/caf\xe9.pdf"))
    path.write_bytes(b"x")
    [uri] = [uri for uri in discovery.find_sources(["in"]) if "caf" in uri]
    assert uri.endswith(r"caf\xe9.pdf")
    assert discovery.local_path(uri).read_bytes() == b"x"


def test_a_backslash_in_a_name_is_itself(folder):
    path = folder / r"in\xe9.pdf"
    path.touch()
    assert discovery.local_path(str(path)) == path


def test_remote_folders_files_and_globs(bucket):
    bucket["mem://b/in/a.pdf"] = b"a"
    bucket["mem://b/in/sub/b.TIF"] = b"b"
    bucket["mem://b/in/c.docx"] = b"c"
    expected = ["mem://b/in/a.pdf", "mem://b/in/sub/b.TIF"]
    assert list(discovery.find_sources(["mem://b/in"])) == expected
    assert list(discovery.find_sources(["mem://b/in/"])) == expected
    assert list(discovery.find_sources(["mem://b/in/*"])) == expected[:1]
    assert list(discovery.find_sources(["mem://b/in/c.docx"])) == ["mem://b/in/c.docx"]
    with pytest.raises(ConfigError, match="nothing is at mem://b/out"):
        list(discovery.find_sources(["mem://b/out"]))


def test_a_list_may_name_what_is_remote(bucket, tmp_path):
    bucket["mem://b/in/a.pdf"] = b"a"
    names = tmp_path / "names.txt"
    names.write_text("mem://b/gone.pdf\nmem://b/in\n")
    assert list(discovery.find_sources([str(names)])) == ["mem://b/gone.pdf", "mem://b/in/a.pdf"]


def test_the_folders_of_inputs(folder):
    Path("list.txt").touch()
    inputs = ["in", "in/b.TIF", "in/sub/*.pdf", "list.txt", "gs://b/x", "gs://b/y/a.pdf"]
    inputs.append("gs://b/z/*/a.pdf")
    local = [str(folder / "in"), str(folder / "in" / "sub")]
    assert discovery.input_folders(inputs) == [*local, "gs://b/x", "gs://b/y", "gs://b/z"]


def walk(folder, leave_out=()):
    """What a walk finds, relative to its folder, and what it cannot look into."""
    unseen = []
    found = discovery.walk(str(folder), leave_out, lambda error: unseen.append(error.filename))
    return [os.path.relpath(stamp.uri, folder) for stamp in found], unseen


def test_a_walk_finds_what_a_run_finds(folder):
    assert walk(folder / "in") == (["a[1].pdf", "b.TIF", "sub/d.Jpeg", "sub/deep/e.pdf"], [])


def test_a_walk_counts_what_it_does_not_take(folder):
    (folder / "in" / "round").symlink_to(folder / "in")
    (folder / "in" / "loop").symlink_to(folder / "in" / "loop")
    walked, found = Counter(), Counter()
    list(discovery.walk(str(folder / "in"), (), print, walked))
    list(discovery.find_sources(["in"], found))
    assert walked == found
    assert walked["linked folders"] == 1


def test_a_walk_tells_size_and_time(folder):
    (folder / "in" / "b.TIF").write_bytes(b"abc")
    os.utime(folder / "in" / "b.TIF", ns=(5, 123_456_789_000))
    [stamp] = [one for one in discovery.walk("in", (), print) if one.uri.endswith(".TIF")]
    assert (stamp.size_bytes, stamp.modified_ns) == (3, 123_456_789_000)
    assert not discovery.has_changed(stamp)
    (folder / "in" / "b.TIF").write_bytes(b"abcd")
    assert discovery.has_changed(stamp)
    (folder / "in" / "b.TIF").unlink()
    assert not discovery.has_changed(stamp)
    assert discovery.is_gone(stamp.uri)


def test_a_walk_leaves_folders_out(folder):
    assert walk(folder / "in", {folder / "in" / "sub"})[0] == ["a[1].pdf", "b.TIF"]
    (folder / "link").symlink_to(folder / "in")
    assert walk(folder / "link", {folder / "in" / "sub"})[0] == ["a[1].pdf", "b.TIF"]


def test_a_walk_passes_over_what_is_no_file_and_goes_on_past_what_it_cannot_see(folder):
    os.mkfifo(folder / "in" / "pipe.pdf")
    (folder / "in" / "gone.pdf").symlink_to(folder / "nowhere.pdf")
    (folder / "in" / "round").symlink_to(folder / "in")
    assert walk(folder / "in")[0] == ["a[1].pdf", "b.TIF", "sub/d.Jpeg", "sub/deep/e.pdf"]
    assert walk(folder / "none") == ([], [str(folder / "none")])


def test_a_walk_holds_some_names_at_a_time(folder, monkeypatch):
    monkeypatch.setattr(discovery, "_BATCH_NAMES", 1)
    assert sorted(walk(folder / "in")[0]) == ["a[1].pdf", "b.TIF", "sub/d.Jpeg", "sub/deep/e.pdf"]


def test_a_walk_through_a_bucket(bucket):
    bucket |= {"mem://b/in/a.pdf": b"abc", "mem://b/in/x/b.txt": b"", "mem://b/in/x/c.png": b""}
    passed_over = Counter()
    found = list(discovery.walk("mem://b/in", (), print, passed_over))
    assert passed_over == {".txt": 1}
    assert [(stamp.uri, stamp.size_bytes) for stamp in found] == [
        ("mem://b/in/a.pdf", 3),
        ("mem://b/in/x/c.png", 0),
    ]
    assert not discovery.has_changed(found[0])
    assert not discovery.is_gone(found[0].uri)


def test_an_input_of_a_cluster_means_the_same_in_every_folder(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.png").touch()
    (tmp_path / "list").write_text(str(tmp_path / "in"))
    monkeypatch.chdir(tmp_path)
    assert discovery.settle("in") == f"{tmp_path}/in"
    assert discovery.settle("in/*.png") == f"{tmp_path}/in/*.png"
    assert discovery.settle("@list") == f"@{tmp_path}/list"
    (tmp_path / "empty").mkdir()
    for name in ("empty", "no", "no/*"):
        with pytest.raises(ConfigError):
            discovery.settle(name)
