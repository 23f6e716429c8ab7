from __future__ import annotations

import pytest

from ocr_core.errors import ConfigError
from ocr_core.limits import Limits


@pytest.mark.parametrize(
    "limit", ["max_pages", "max_megapixels", "max_bytes", "page_timeout_s", "max_memory_bytes"]
)
def test_a_limit_that_lets_nothing_through_is_refused(limit):
    with pytest.raises(ConfigError, match=limit):
        Limits(**{limit: 0})


def test_a_limit_that_is_no_number_is_refused():
    with pytest.raises(ConfigError, match="max_megapixels"):
        Limits(max_megapixels=float("nan"))
