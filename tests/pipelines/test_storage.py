"""Files and folders by name, here and in a bucket."""

import errno

import pytest
from apache_beam.io.filesystem import BeamIOError
from apache_beam.io.filesystems import FileSystems

from ocr_core.errors import ConfigError, OcrError
from pipelines import storage


@pytest.fixture(params=["local", "remote"])
def root(request, tmp_path, bucket):
    """A folder, here or in a bucket; here with a name that Beam would take for a pattern."""
    return str(tmp_path / "a[1]") if request.param == "local" else "mem://b/root"


def names_in(folder):
    return [found.path.removeprefix(folder) for found in storage.list_files(folder)]


def test_what_is_written_can_be_read_and_listed(root):
    storage.write_whole(storage.join(root, "x", "1.json"), b"one")
    storage.write_whole(storage.join(root, "2.json"), b"two")
    assert storage.read(storage.join(root, "x", "1.json")) == b"one"
    assert sorted(names_in(root)) == ["/2.json", "/x/1.json"]
    assert all(found.modified_s > 1e9 for found in storage.list_files(root))


def test_writing_again_replaces_the_file(root):
    path = storage.join(root, "1.json")
    storage.write_whole(path, b"one")
    storage.write_whole(path, b"two")
    assert storage.read(path) == b"two"
    assert names_in(root) == ["/1.json"]


def test_a_folder_that_is_not_there_has_no_files(root):
    assert storage.list_files(root) == []


def test_removing_a_folder_leaves_its_neighbours(root):
    storage.write_whole(storage.join(root, "x", "1"), b"")
    storage.write_whole(storage.join(root, "xy", "2"), b"")
    storage.remove_folder(storage.join(root, "x"))
    storage.remove_folder(storage.join(root, "never was"))
    assert names_in(root) == ["/xy/2"]


def test_a_write_that_fails_leaves_nothing_of_its_own(tmp_path, monkeypatch):
    def fail(_):
        raise OSError("no space left on device")

    path = tmp_path / "runs" / "1.json"
    monkeypatch.setattr(storage.os, "fsync", fail)
    with pytest.raises(OSError, match="no space left"):
        storage.write_whole(str(path), b"one")
    assert list(path.parent.iterdir()) == []


def test_a_scheme_makes_a_name_remote():
    assert storage.is_remote("gs://bucket/a")
    assert not storage.is_remote("C:/a")
    assert not storage.is_remote("./gs/a")


def test_absolute_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert storage.absolute("a/../b") == str(tmp_path / "b")
    assert storage.absolute("gs://bucket/a") == "gs://bucket/a"


@pytest.mark.parametrize(("scheme", "extra"), [("gs", "gcp"), ("s3", "s3")])
@pytest.mark.parametrize("reach", [storage.match, storage.make_folder])
def test_a_store_without_its_package_says_what_to_install(scheme, extra, reach, monkeypatch):
    def fail(_):
        raise BeamIOError("Unable to get the Filesystem", {"x": AssertionError("Missing boto3")})

    monkeypatch.setattr(FileSystems, "get_filesystem", fail)
    with pytest.raises(ConfigError, match=rf"Missing boto3; it may need beam-ocr\[{extra}\]"):
        reach(f"{scheme}://bucket/*")


def test_a_folder_is_made_where_it_can_be(root):
    storage.make_folder(root)
    storage.make_folder(root)


def test_a_folder_that_cannot_be_made_is_a_mistake(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"cannot reach .*/file/out: "):
        storage.make_folder(str(tmp_path / "file" / "out"))


def test_an_unknown_scheme_is_a_mistake():
    with pytest.raises(ConfigError, match="cannot reach gopher://"):
        storage.match("gopher://host/*")


def test_the_size_of_a_file_is_told(root):
    storage.write_whole(storage.join(root, "1"), b"abc")
    assert [found.size_bytes for found in storage.list_files(root)] == [3]


def test_removing_a_file_leaves_its_neighbours(root):
    for name in ("1", "12"):
        storage.write_whole(storage.join(root, name), b"")
    storage.remove_file(storage.join(root, "1"))
    storage.remove_file(storage.join(root, "never was"))
    assert names_in(root) == ["/12"]


def test_every_file_and_folder_is_synced(tmp_path, monkeypatch):
    synced = []
    fsync = storage.os.fsync
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").touch()
    monkeypatch.setattr(storage.os, "fsync", lambda file: (synced.append(file), fsync(file)))
    storage.sync_folder(tmp_path)
    assert len(synced) == 3


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.ENOSPC, "no"), "cannot write to /out: No space left on device; what was"),
        (OSError(errno.EROFS, "no", "/out/_lock"), "cannot write to /out/_lock: Read-only file"),
        (RuntimeError("OSError: [Errno 28] no [while running 'Write']"), "to /out: No space left"),
    ],
)
def test_what_the_system_refuses_is_told_in_words(error, message):
    with pytest.raises(OcrError, match=message), storage.refusals_told("/out"):
        raise error


@pytest.mark.parametrize("error", [FileNotFoundError(errno.ENOENT, "no"), RuntimeError("a bug")])
def test_other_errors_stay_what_they_are(error):
    with pytest.raises(type(error)) as told, storage.refusals_told("/out"):
        raise error
    assert told.value is error
