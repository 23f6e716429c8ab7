"""What came of exports, told to people and programs."""

import json

from pipelines import export_report
from pipelines.export_files import Exported
from pipelines.export_report import ExportFailure, ExportReport

GOOD = Exported("/in/b.pdf", True, 2, 3, {})
BAD = Exported("/in/a.pdf", True, 1, 1, {"pdf": ("missing-source", "it is gone")})
FAILURE = ExportFailure("/in/a.pdf", "pdf", "missing-source", "it is gone")


def test_a_report_is_read_as_it_was_written(tmp_path):
    output = str(tmp_path)
    assert export_report.write_report("1", output, [GOOD, BAD]) == f"{output}/_exports/1.json"
    assert export_report.read_reports(output, ["1"]) == ExportReport(4, (FAILURE,))


def test_reports_of_several_runs_are_one(tmp_path):
    output = str(tmp_path)
    export_report.write_report("1", output, [])
    export_report.write_report("2", output, [BAD])
    export_report.write_report("3", output, iter([GOOD, BAD]))
    assert export_report.read_reports(output, "123") == ExportReport(5, (FAILURE, FAILURE))
    assert export_report.read_reports(output, []) == ExportReport()


def test_names_that_are_no_text_are_written_all_the_same(tmp_path):
    odd = Exported("/in/a.pdf", True, 0, 0, {"pdf": ("corrupt-source", "\udcff")})
    export_report.write_report("1", str(tmp_path), [odd])
    assert len(export_report.read_reports(str(tmp_path), ["1"]).failures) == 1


def test_people_are_told_in_lines(capsys):
    report = ExportReport(4, (FAILURE,))
    export_report.tell_failures(report, "quiet")
    assert capsys.readouterr().err == "beam-ocr: /in/a.pdf: pdf: missing-source: it is gone\n"
    assert export_report.as_text(report, "to") == "wrote 4 files to to; 1 failed"
    assert export_report.as_text(ExportReport(4), "to") == "wrote 4 files to to"


def test_programs_are_told_in_events(capsys):
    export_report.tell_failures(ExportReport(4, (FAILURE,)), "json")
    event = json.loads(capsys.readouterr().err)
    assert (event["event"], event["uri"], event["page"]) == ("failed", "/in/a.pdf", None)
    assert (event["code"], event["message"]) == ("missing-source", "pdf: it is gone")
    assert ExportReport(4, (FAILURE,)).as_values() == {"export_files": 4, "exports_failed": 1}
