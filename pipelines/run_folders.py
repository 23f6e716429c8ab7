"""What is wrong with a folder that is to hold what was read, in words that say what to do."""

from __future__ import annotations

from pathlib import Path

from ocr_core.errors import ConfigError
from pipelines import ledger, storage


def check_folder(name: str) -> None:
    """Makes sure that a folder of this machine is there; of others nothing is known.

    Raises:
        ConfigError: it is not.
    """
    if storage.is_remote(name):
        return
    if not Path(name).exists():
        raise ConfigError(f"there is no folder {name}: give what `beam-ocr run --output` wrote")
    if not Path(name).is_dir():
        raise ConfigError(f"{name} is a file: give the folder that `beam-ocr run --output` wrote")


def check_run(output: str) -> None:
    """Makes sure that an output folder holds a committed run.

    Raises:
        ConfigError: it does not.
    """
    check_folder(output)
    if not ledger.list_committed(storage.absolute(output)):
        raise ConfigError(
            f"{output} holds no committed run: write one by `beam-ocr run INPUT --output {output}`"
        )
