"""Sources as local files."""

from contextlib import closing
from pathlib import Path

import pytest

from ocr_core.errors import MissingSourceError
from pipelines.copies import LocalCopies


def test_a_local_source_is_where_it_is(tmp_path):
    path = tmp_path / "a[1].pdf"
    path.touch()
    with closing(LocalCopies()) as copies:
        assert copies.path_of(str(path)) == path


def test_a_remote_source_is_fetched_once(bucket):
    bucket["mem://b/a.pdf"] = b"first"
    with closing(LocalCopies()) as copies:
        path = copies.path_of("mem://b/a.pdf")
        assert (path.read_bytes(), path.suffix) == (b"first", ".pdf")
        bucket["mem://b/a.pdf"] = b"second"
        assert copies.path_of("mem://b/a.pdf") == path
        assert path.read_bytes() == b"first"


def test_a_suffix_of_compression_does_not_change_the_bytes(bucket):
    bucket["mem://b/a.gz"] = b"not gzip"
    with closing(LocalCopies()) as copies:
        assert copies.path_of("mem://b/a.gz").read_bytes() == b"not gzip"


def test_only_the_last_few_are_kept(bucket):
    for name in "abc":
        bucket[f"mem://b/{name}"] = name.encode()
    with closing(LocalCopies(max_copies=2)) as copies:
        a = copies.path_of("mem://b/a")
        b = copies.path_of("mem://b/b")
        copies.path_of("mem://b/a")  # now b is the one that was asked for longest ago
        copies.path_of("mem://b/c")
        assert a.exists()
        assert not b.exists()


def test_closing_removes_them(bucket):
    bucket["mem://b/a"] = b"a"
    copies = LocalCopies()
    folder: Path = copies.path_of("mem://b/a").parent
    copies.close()
    assert not folder.exists()


@pytest.mark.parametrize(
    ("uri", "message"),
    [("mem://b/gone", "cannot fetch mem://b/gone"), ("/no/such/file", "there is no such file")],
)
def test_what_is_not_there_is_the_sources_fault(bucket, uri, message):
    with closing(LocalCopies()) as copies, pytest.raises(MissingSourceError, match=message):
        copies.path_of(uri)
