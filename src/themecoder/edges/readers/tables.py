"""Excel and parquet: tables with types, whose cells become text."""

from __future__ import annotations

import math
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from themecoder.edges.readers.options import ExportOptions, Grid
from themecoder.errors import InputError, Problem

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})


def as_text(value: Any) -> str | None:
    """A typed cell as text: 5.0 is "5", a date is ISO 8601, true is "1", nothing is None."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (float, Decimal)):
        return _number(value)
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, (date, time)):
        return value.isoformat().replace("T", " ")
    if isinstance(value, (list, tuple)):
        return "; ".join(text for item in value if (text := as_text(item))) or None
    return str(value) or None


def _number(value: float | Decimal) -> str | None:
    if math.isnan(value):
        return None
    whole = math.isfinite(value) and int(value) == value
    return str(int(value)) if whole and abs(int(value)) < 10**15 else str(value)


def read_excel(file: Path, options: ExportOptions) -> tuple[Grid, dict[str, str]]:
    """The table of a sheet: the one asked for, else the only one, else the first with a table.

    Raises InputError for a damaged workbook, a sheet that is not there, and cells that hold an
    error instead of a value.
    """
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        names = list(book.sheetnames)
        if options.sheet is not None and options.sheet not in names:
            raise InputError(
                Problem(
                    "readers.no_sheet",
                    {"sheet": options.sheet, "known": ", ".join(names)},
                    file=file,
                )
            )
        for name in [options.sheet] if options.sheet else names:
            if not hasattr(book[name], "iter_rows"):
                continue
            rows = [list(row) for row in book[name].iter_rows(values_only=True)]
            if any(cell is not None for row in rows for cell in row):
                break
        else:
            raise InputError(Problem("readers.empty", file=file))
        book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise InputError(Problem("readers.truncated", {"kind": "xlsx"}, file=file)) from error
    return _grid(file, rows), {"sheet": str(name)}


def _grid(file: Path, rows: list[list[Any]]) -> Grid:
    numbered = [
        (number, row)
        for number, row in enumerate(rows, start=1)
        if any(cell not in (None, "") for cell in row)
    ]
    header = [(as_text(cell) or "").strip() for cell in numbered[0][1]]
    while header and not header[-1]:
        header.pop()
    width = len(header)
    problems, table = [], []
    for number, row in numbered[1:]:
        cells = [as_text(cell) for cell in row[:width]]
        cells += [None] * (width - len(cells))
        for name, cell in zip(header, cells, strict=True):
            if cell in _ERRORS:
                problems.append(
                    Problem(
                        "readers.cell_error", {"found": cell}, file=file, row=number, column=name
                    )
                )
        if any(cell not in (None, "") for cell in row[width:]):
            problems.append(
                Problem(
                    "readers.ragged",
                    {"found": len(row), "expected": width},
                    file=file,
                    row=number,
                )
            )
        table.append(cells)
    if problems:
        shown = problems[:10]
        if len(problems) > 10:
            shown.append(Problem("readers.more", {"n": len(problems) - 10}, file=file))
        raise InputError(shown)
    return Grid(header, table, [number for number, _ in numbered[1:]])


def read_parquet(file: Path) -> tuple[Grid, dict[str, str]]:
    """The table of a parquet file; its rows are counted from 2, as if a header stood above."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(file)
        columns = [
            [as_text(value) for value in table.column(i).to_pylist()]
            for i in range(table.num_columns)
        ]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(Problem("readers.truncated", {"kind": "parquet"}, file=file)) from error
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Grid(list(table.column_names), rows, list(range(2, len(rows) + 2))), {}
