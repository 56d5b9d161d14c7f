"""A pandas DataFrame as the export of a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from themecoder.errors import InputError, Problem
from themecoder.settings.paths import StudyPaths
from themecoder.storage.atomic import write_text

if TYPE_CHECKING:
    import pandas

NAME = "export.csv"


def write_data_frame(frame: pandas.DataFrame, root: Path, *, force: bool = False) -> Path:
    """``frame`` as ``data/export.csv`` of the study that is to be made in ``root``; its index is
    left out.

    Raises InputError where another export is there already, and where a study.toml is and ``force``
    is not given.
    """
    config = StudyPaths(root).config
    if config.exists() and not force:
        raise InputError(Problem("cli.init.exists", file=config))
    file = StudyPaths(root).data / NAME
    text = frame.to_csv(index=False, lineterminator="\n")
    if file.exists() and file.read_text(encoding="utf-8") != text:
        raise InputError(Problem("cli.init.other_data", {"export": "DataFrame"}, file=file))
    write_text(file, text)
    return file
