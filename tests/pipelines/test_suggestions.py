"""What somebody may have meant."""

from pipelines.suggestions import suggest


def test_the_closest_known_name_is_suggested():
    assert suggest("--dip=300", ["--dpi", "--device"]) == "; did you mean --dpi?"


def test_nothing_is_suggested_for_what_is_like_nothing():
    assert suggest("--colour", ["--dpi", "--pages"]) == ""
