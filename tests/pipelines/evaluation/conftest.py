"""Pages of a document, as reports show them."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from pipelines.evaluation.pairing import Pair, Prediction
from pipelines.evaluation.sheets import part
from pipelines.ground_truth import Truth


@pytest.fixture(scope="session")
def sheet_of():
    """`sheet_of(path, truth, read, **changes)`: a page of which only the text is known."""

    def make(path, truth, read, **changes):
        pair = Pair(
            Truth(PurePosixPath(path), truth, (), is_partial=changes.get("is_partial", False)),
            Prediction(PurePosixPath(path), read),
        )
        [sheet] = part(pair)
        return replace(sheet, **changes)

    return make
