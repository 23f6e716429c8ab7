import argparse

import cv2
import numpy as np
import pymupdf
import pytest

from ocr_core.errors import ConfigError
from ocr_core.synth import command
from ocr_core.synth.corpus import Corpus
from pipelines.ground_truth import read_truths

WORDS = tuple("the of and a to in is was for with that letter account number paper".split())


def write(folder, *flags):
    """Runs the command with a tiny corpus and PyMuPDF's faces; gives the folder."""
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "load_corpora", lambda cache: [Corpus("en", (), WORDS)])
        assert command.main(parser.parse_args([*flags, "--to", str(folder), "--fonts"])) == 0
    return folder


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return write(tmp_path_factory.mktemp("sample"), "--pages=2", "--lines=60", "--seed=7")


def test_it_writes_pages_lines_and_what_they_say(sample):
    assert sorted(path.name for path in sample.iterdir()) == [
        "lines-01.png",
        "lines-02.png",
        "lines.tsv",
        *(
            f"page-{seed:06}{suffix}"
            for seed in (7, 8)
            for suffix in ("-boxes.png", ".boxes.json", ".gt.txt", ".png")
        ),
    ]


def test_evaluation_reads_the_ground_truth(sample):
    truths = read_truths(sample)
    assert [str(truth.path) for truth in truths] == ["page-000007", "page-000008"]
    for truth in truths:
        height, width = cv2.imread(str(sample / f"{truth.path}.png"), 0).shape
        assert truth.text.splitlines() == [text for text, _ in truth.boxes]
        for text, quad in truth.boxes:
            assert text
            assert -9 < quad.box.left < quad.box.right < width + 9
            assert -9 < quad.box.top < quad.box.bottom < height + 9


def test_frames_are_drawn_where_the_lines_are(sample):
    (truth, _) = read_truths(sample)
    drawn = cv2.imread(str(sample / f"{truth.path}-boxes.png"))
    plain = cv2.imread(str(sample / f"{truth.path}.png"))
    changed = (drawn != plain).any(axis=2)
    assert changed.any()
    assert changed.mean() < 0.3
    assert len(np.unique(drawn[changed], axis=0)) <= 3


def test_the_table_numbers_each_line_of_the_contact_sheets(sample):
    header, *rows = (sample / "lines.tsv").read_text().splitlines()
    assert header == "number\ttext"
    assert [int(row.split("\t")[0]) for row in rows] == list(range(1, 61))
    assert all(len(row.split("\t")) == 2 and row.split("\t")[1] for row in rows)
    first, second = (cv2.imread(str(sample / f"lines-0{n}.png"), 0) for n in (1, 2))
    assert (len(first) - 6) // 46 == 50
    assert (len(second) - 6) // 46 == 10


def test_crops_stand_below_each_other_behind_their_numbers():
    crops = [np.full((40, width), level, np.uint8) for width, level in ((30, 0), (90, 60))]
    sheet = command.draw_contact_sheet(crops, first_number=9)
    for row, crop in enumerate(crops):
        top = 6 + 46 * row
        inside = sheet[top : top + 40, 48 : 48 + crop.shape[1]]
        np.testing.assert_array_equal(inside, crop)
        assert sheet[top : top + 40, :48].min() < 60  # the number
        assert (sheet[top : top + 40, 48 + crop.shape[1] :] == 210).all()


def test_the_same_seed_gives_the_same_sample(sample, tmp_path):
    write(tmp_path, "--pages=1", "--lines=50", "--seed=7")
    assert len(list(tmp_path.iterdir())) == 6
    for again in tmp_path.iterdir():
        if again.name != "lines.tsv":
            assert again.read_bytes() == (sample / again.name).read_bytes()


def test_nothing_is_asked_for_and_nothing_is_made(tmp_path):
    write(tmp_path, "--pages=0", "--lines=0")
    assert [path.name for path in tmp_path.iterdir()] == ["lines.tsv"]


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ConfigError, match=r"cannot write to .*taken"):
        write(tmp_path / "taken" / "sample")


def test_samples_of_pdfs_show_their_lines(tmp_path):
    texts = [f"letter number {row} of the account" for row in range(8)]
    (tmp_path / "pdfs").mkdir()
    with pymupdf.open() as document:
        page = document.new_page(width=400, height=300)
        for row, text in enumerate(texts):
            page.insert_text((40, 40 + 20 * row), text)
        document.save(tmp_path / "pdfs" / "letter.pdf")
    flags = "--pages=1", "--lines=9", "--harvest", str(tmp_path / "pdfs")
    folder = write(tmp_path / "sample", *flags)
    (truth,) = read_truths(folder)
    assert set(truth.text.splitlines()) <= set(texts)
    rows = (folder / "lines.tsv").read_text().splitlines()[1:]
    assert len(rows) == 9
    assert {row.split("\t")[1] for row in rows} <= set(texts)


def test_photographs_stand_behind_signs(tmp_path):
    grey = np.random.default_rng(0).integers(90, 160, (300, 400), np.uint8)
    (tmp_path / "photos").mkdir()
    cv2.imwrite(str(tmp_path / "photos" / "wall.png"), grey)
    flags = "--photos", str(tmp_path / "photos"), "--pages=3", "--lines=1"
    folder = write(tmp_path / "sample", *flags)
    pages = [cv2.imread(str(path), 0) for path in folder.glob("page-??????.png")]
    assert len(pages) == 3
    assert all(page.mean() < 200 for page in pages)  # no paper


def test_a_folder_of_fonts_that_is_not_there_is_refused_before_anything_is_written(tmp_path):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    words = ["--to", str(tmp_path / "sample"), "--fonts", str(tmp_path / "nowhere")]
    with pytest.raises(ConfigError, match=r"no folder of fonts .*nowhere"):
        command.main(parser.parse_args(words))
    assert not (tmp_path / "sample").exists()


def test_folders_without_photographs_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="no photographs in"):
        write(tmp_path / "sample", "--photos", str(tmp_path))
