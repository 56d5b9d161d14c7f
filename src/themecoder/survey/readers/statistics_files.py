"""SPSS and Stata: codes with their labels, wordings, and multiple-response sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from themecoder.errors import InputError, Problem
from themecoder.survey.export import Column, ResponseSet
from themecoder.survey.grid import Grid
from themecoder.survey.readers.spss_sets import response_sets
from themecoder.survey.readers.tables import as_text

_NAMES = {"sav": "SPSS", "dta": "Stata"}


def read(
    file: Path, kind: Literal["sav", "dta"]
) -> tuple[list[Column], Grid, tuple[ResponseSet, ...]]:
    """Columns, rows and multiple-response sets of a .sav, .zsav or .dta file.

    Cells are the codes; the labels are the columns' ``values``. A user-missing code is an empty
    cell, as in SPSS' own tables. Rows are counted as SPSS does, from 1.
    """
    import pyreadstat

    reader = pyreadstat.read_sav if kind == "sav" else pyreadstat.read_dta
    try:
        frame, meta = reader(str(file), user_missing=False)
    except Exception as error:  # a damaged file: readstat's errors and those of what it builds on
        raise InputError(Problem("readers.truncated", {"kind": _NAMES[kind]}, file=file)) from error
    sets = response_sets(file, meta.file_encoding or "utf-8") if kind == "sav" else ()
    groups = {name: one.name for one in sets for name in one.columns}
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
    return columns, Grid(list(meta.column_names), rows, list(range(len(rows) + 1))), sets


def _cell(value: Any) -> str | None:
    text = as_text(value)
    # SPSS pads text with spaces to the width of its column
    return text.rstrip(" ") or None if text is not None else None
