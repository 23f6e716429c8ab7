import pytest

from ocr_core.list_items import are_items, has_bullet, has_mark


@pytest.mark.parametrize(
    "text",
    ["• one", "- one", "– one", "1. one", "12) one", "(3) one", "a) one", "(b) one", "iv. one"],
)
def test_marks_of_items(text):
    assert has_mark(text)


@pytest.mark.parametrize("text", ["one", "1.5 litres", "-5 degrees", "2019 was", "e.g. this", "•"])
def test_what_only_looks_like_a_mark(text):
    assert not has_mark(text)


def test_a_bullet_is_a_sign_and_no_number():
    assert has_bullet("• one")
    assert not has_bullet("1. one")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["• one"], True),
        (["- one"], False),
        (["- one", "- two"], True),
        (["1. one"], False),
        (["3. three", "4. four"], True),
        (["(a) one", "(b) two", "(c) three"], True),
        (["i. one", "ii. two"], True),
        (["h) eight", "i) nine"], True),
        (["Q. Who?", "A. Me.", "Q. When?"], False),
        (["1. one", "2. two", "8. misread", "4. four", "5. five"], True),
    ],
)
def test_numbers_and_letters_of_a_list_follow_each_other(texts, expected):
    assert are_items(texts) is expected
