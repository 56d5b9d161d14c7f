"""SPSS: codes with their labels, wordings, and multiple-response sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from themecoder.edges.readers.options import Grid
from themecoder.edges.readers.tables import as_text
from themecoder.errors import InputError, Problem
from themecoder.export import Column


def read_spss(file: Path) -> tuple[list[Column], Grid]:
    """Columns and rows of a .sav or .zsav file.

    Cells are the codes; the labels are the columns' ``values``. A user-missing code is an empty
    cell, as in SPSS' own tables. Rows are counted as SPSS does, from 1.
    """
    import pyreadstat

    try:
        frame, meta = pyreadstat.read_sav(str(file), user_missing=False)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError, ValueError) as error:
        raise InputError(Problem("readers.truncated", {"kind": "SPSS"}, file=file)) from error
    groups: dict[str, str] = {}
    for name, described in sorted((getattr(meta, "mr_sets", None) or {}).items()):
        for member in described.get("variable_list", ()):
            groups.setdefault(member, name.lstrip("$"))
    labels = meta.column_names_to_labels
    columns = [
        Column(
            name,
            labels.get(name) or "",
            {
                text: str(label)
                for value, label in meta.variable_value_labels.get(name, {}).items()
                if (text := as_text(value)) is not None
            },
            groups.get(name),
        )
        for name in meta.column_names
    ]
    cells = [[_cell(value) for value in frame[name].tolist()] for name in meta.column_names]
    rows = [list(row) for row in zip(*cells, strict=True)]
    return columns, Grid(list(meta.column_names), rows, list(range(1, len(rows) + 1)))


def _cell(value: Any) -> str | None:
    if type(value).__name__ == "NaTType":
        return None
    text = as_text(value)
    # SPSS pads text with spaces to the width of its column
    return text.rstrip(" ") or None if text is not None else None
