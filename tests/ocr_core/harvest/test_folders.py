import gzip
import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from ocr_core.errors import ConfigError
from ocr_core.harvest import folders
from ocr_core.harvest.folders import Harvest, read_document, read_harvest
from ocr_core.harvest.pages import Use


def read_nothing_right(crops):
    return ["?" * 30 for _ in crops]


def test_all_pages_of_all_folders_are_read(folder, charset, tmp_path):
    harvest = read_harvest([folder], tmp_path / "kept", charset)
    assert [page.path.rsplit("/", 1)[1] for page in harvest.pages] == [
        "first.pdf", "second.PDF", "second.PDF",
    ]  # fmt: skip
    assert [page.page_index for page in harvest.pages] == [0, 0, 1]
    assert harvest.documents == 2
    assert harvest.summary == "PDFs: 2, pages: 3, lines to read: 28"


def test_what_was_found_is_kept(folder, charset, tmp_path, monkeypatch):
    first = read_harvest([folder], tmp_path / "kept", charset)
    monkeypatch.setattr(folders, "read_document", None)  # whoever calls it fails
    second = read_harvest([folder], tmp_path / "kept", charset)
    assert second.summary == first.summary
    for one, other in zip(first.pages, second.pages, strict=True):
        assert one.texts == other.texts
        assert one.fonts == other.fonts
        assert one.uses.tolist() == other.uses.tolist()
        np.testing.assert_allclose(one.corners, other.corners, atol=0.006)
        np.testing.assert_allclose(one.ems, other.ems, atol=0.006)


def test_what_was_kept_by_halves_or_unread_is_read_anew(folder, charset, tmp_path):
    cache = tmp_path / "kept"
    before = read_harvest([folder], cache, charset)
    for number, kept in enumerate(sorted(cache.iterdir())):
        state = json.loads(gzip.decompress(kept.read_bytes()))
        assert state["checked"] is False
        kept.write_bytes(kept.read_bytes()[:40] if number else b"")
    assert read_harvest([folder], cache, charset).summary == before.summary
    with pytest.raises(ConfigError, match="3 text that differs from its ink"):
        read_harvest([folder], cache, charset, read_nothing_right)


def test_a_text_layer_that_says_something_else_is_refused(pdf, charset, tmp_path):
    pdf.paragraph()
    path = pdf.save(tmp_path / "honest.pdf")
    truth, _ = read_document(path, charset)

    def read_truth(crops):
        assert all(crop.shape[0] == 40 for crop in crops)
        return list(truth[0].texts[: len(crops)])

    assert read_document(path, charset, read_truth)[1].total() == 0
    pdf.mistake_letters()
    wrong = pdf.save(tmp_path / "wrong.pdf")
    mistaken, refused = read_document(wrong, charset)
    assert mistaken[0].texts != truth[0].texts
    assert refused.total() == 0  # its ink alone does not tell
    pages, refused = read_document(wrong, charset, read_truth)
    assert pages == []
    assert refused == Counter(["text that differs from its ink"])


def test_long_documents_are_read_here_and_there(pdf, charset, tmp_path):
    for number in range(30):
        pdf.write(f"page number {number} of a long account letter", 40, 60)
        pdf.new_page()
    pages, refused = read_document(pdf.save(tmp_path / "long.pdf"), charset)
    indices = [page.page_index for page in pages]
    assert len(indices) + refused.total() == 8 + 31 // 12
    assert indices[0] == 0
    assert indices[-1] > 20
    assert refused == Counter(["too little text"])  # the last page is empty


def test_copies_of_pages_are_left_out(folder, charset, tmp_path, pdf):
    pdf.paragraph()
    pdf.write("one more line here", 40, 200)
    pdf.save(folder / "third.pdf")
    harvest = read_harvest([folder], tmp_path / "kept", charset)
    assert harvest.refused == Counter(["copy of another page"])
    assert harvest.documents == 2


def test_damaged_files_are_counted(folder, charset, tmp_path):
    (folder / "damaged.pdf").write_bytes(b"%PDF-1.4 and nothing else")
    harvest = read_harvest([folder], tmp_path / "kept", charset)
    assert harvest.summary.endswith("; pages refused: 1 (1 unreadable PDF)")


def test_without_folder_pdf_or_page_there_is_no_harvest(charset, tmp_path, pdf):
    with pytest.raises(ConfigError, match=r"no folder .*missing"):
        read_harvest([tmp_path / "missing"], tmp_path / "kept", charset)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=r"no PDFs in .*empty"):
        read_harvest([tmp_path / "empty"], tmp_path / "kept", charset)
    pdf.save(tmp_path / "empty" / "blank.pdf")
    with pytest.raises(ConfigError, match=r"no page to learn from .*1 too little text"):
        read_harvest([tmp_path / "empty"], tmp_path / "kept", charset)


def test_long_documents_and_common_faces_do_not_crowd_out_others(folder, charset, tmp_path):
    harvest = read_harvest([folder], tmp_path / "kept", charset)
    chances = harvest.chances()
    assert chances.sum() == pytest.approx(1)
    assert chances[1] == chances[2]
    assert chances[1] + chances[2] == pytest.approx(chances[0] * 2**0.5)
    first = harvest.pages[0]
    crowd = [replace(first, path=f"{number}.pdf") for number in range(9)]
    both = Harvest((harvest.pages[1], *crowd), Counter(), 10).chances()
    assert both[0] == pytest.approx(3 * both[1])


def test_only_lines_to_be_read_are_counted(folder, charset, tmp_path):
    harvest = read_harvest([folder], tmp_path / "kept", charset)
    uses = np.full(8, Use.FOUND, np.uint8)
    found = replace(harvest.pages[0], uses=uses)
    assert "lines to read: 0" in Harvest((found,), Counter(), 1).summary
