"""SPSS: codes with their labels, wordings, and multiple-response sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from themecoder.errors import InputError, Problem
from themecoder.survey.export import Column
from themecoder.survey.readers.options import Grid
from themecoder.survey.readers.spss_sets import response_sets
from themecoder.survey.readers.tables import as_text


def read_spss(file: Path) -> tuple[list[Column], Grid]:
    """Columns and rows of a .sav or .zsav file.

    Cells are the codes; the labels are the columns' ``values``. A user-missing code is an empty
    cell, as in SPSS' own tables. Rows are counted as SPSS does, from 1.
    """
    import pyreadstat

    try:
        frame, meta = pyreadstat.read_sav(str(file), user_missing=False)
    except Exception as error:  # a damaged file: readstat's errors and those of what it builds on
        raise InputError(Problem("readers.truncated", {"kind": "SPSS"}, file=file)) from error
    groups: dict[str, str] = {}
    for name, members in sorted(response_sets(file, meta.file_encoding or "utf-8").items()):
        for member in members:
            groups.setdefault(member, name)
    labels = meta.column_names_to_labels
    columns = [
        Column(
            name,
            labels.get(name) or "",
            {
                text: str(label)
                for value, label in meta.variable_value_labels.get(name, {}).items()
                if (text := _cell(value)) is not None
            },
            groups.get(name),
        )
        for name in meta.column_names
    ]
    cells = [[_cell(value) for value in frame[name].tolist()] for name in meta.column_names]
    rows = [list(row) for row in zip(*cells, strict=True)]
    return columns, Grid(list(meta.column_names), rows, list(range(len(rows) + 1)))


def _cell(value: Any) -> str | None:
    text = as_text(value)
    # SPSS pads text with spaces to the width of its column
    return text.rstrip(" ") or None if text is not None else None
