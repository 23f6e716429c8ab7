import pytest

from ocr_core.errors import ConfigError
from pipelines.run_folders import check_folder, check_run


def test_a_folder_with_a_run_is_taken(output):
    check_folder(str(output))
    check_run(str(output))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere", r"there is no folder .*nowhere: give what `beam-ocr run --output` wrote"),
        ("file", r"file is a file: give the folder"),
        (
            "empty",
            r"empty holds no committed run: write one by `beam-ocr run INPUT --output .*empty",
        ),
    ],
)
def test_a_folder_without_a_run_is_refused_with_words_on_what_to_do(tmp_path, name, message):
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=message):
        check_run(str(tmp_path / name))


def test_what_a_bucket_holds_is_not_asked_for():
    check_folder("gs://bucket/out")
