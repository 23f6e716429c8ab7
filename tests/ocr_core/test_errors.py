from ocr_core import errors


def test_a_failure_that_was_told_before_keeps_its_code():
    assert errors.InputError("no", "timeout").code == "timeout"
    assert errors.InputError("no").code == errors.InputError.code


def test_of_many_lines_the_first_that_says_something_is_told():
    assert errors.first_line(ValueError("\n\nno room\n  at a.java"), "ValueError") == "no room"
    assert errors.first_line("", "ValueError") == "ValueError"
