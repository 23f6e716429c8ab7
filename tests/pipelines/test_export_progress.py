from pipelines.export_files import Exported
from pipelines.export_progress import ExportHeadway


def test_documents_count_when_they_are_done():
    told = []
    headway = ExportHeadway(3, lambda event, **values: told.append((event, values)))
    assert headway.position == 0
    headway.take(Exported("a.pdf", True, 2, 3, {}))
    headway.take(Exported("b.pdf", True, 1, 1, {"pdf": ("missing-source", "it is gone")}))
    headway.take(Exported("c.pdf", False, 0, 0, {}))
    assert (headway.position, headway.pages, headway.files, headway.unread) == (3, 3, 4, 1)
    assert headway.failed == 1
    assert headway.failures == ["b.pdf: pdf: missing-source: it is gone"]
    assert told == [
        (
            "failed",
            {"uri": "b.pdf", "page": None, "code": "missing-source", "message": "pdf: it is gone"},
        )
    ]
