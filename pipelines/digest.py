"""The digest of the weights that a run reads with."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ocr_core import language_model as characters
from ocr_core import weights as weights_files
from ocr_core.errors import WeightsError


def weights_digest(given: Path | None) -> str:
    """SHA-256 of all weights files and the language model; None for those shipped.

    Raises:
        WeightsError: there are no such weights.
    """
    digest = hashlib.sha256()
    larger = weights_files.find_larger(given)
    optional = (larger,) if larger else ()
    for path in (*weights_files.find(given), *optional, characters.find(given)):
        try:
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError as error:
            raise WeightsError(f"cannot read the weights {path}: {error.strerror}") from error
    return digest.hexdigest()
