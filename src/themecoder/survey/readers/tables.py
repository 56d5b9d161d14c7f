"""Excel and parquet: tables with types, whose cells become text."""

from __future__ import annotations

import contextlib
import math
import warnings
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from themecoder.errors import InputError, Problem
from themecoder.survey.readers.options import ExportOptions, Grid

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
_LARGEST = 4 << 30  # bytes, unpacked


def as_text(value: Any) -> str | None:  # noqa: PLR0911  a type a line
    """A typed cell as text: 5.0 is "5", a date is ISO 8601, true is "1", nothing is None."""
    if value is None or type(value).__name__ == "NaTType":
        return None
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (float, Decimal)):
        return _number(value)
    if isinstance(value, datetime):
        whole_day = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if whole_day else value.isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace") or None
    if isinstance(value, dict):
        parts = [f"{key}: {text}" for key, item in value.items() if (text := as_text(item))]
        return "; ".join(parts) or None
    if isinstance(value, (list, tuple)):
        return "; ".join(text for item in value if (text := as_text(item))) or None
    return str(value) or None


def _number(value: float | Decimal) -> str | None:
    if math.isnan(value):
        return None
    if not math.isfinite(value):
        return str(value)
    if int(value) == value and abs(int(value)) < 10**21:
        return str(int(value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    # the digits that spreadsheets and SPSS show: 0.1 + 0.2 is 0.3
    return repr(float(f"{value:.15g}"))


def read_excel(file: Path, options: ExportOptions) -> tuple[Grid, dict[str, str]]:
    """The table of a sheet: the one asked for, else the only one, else the first with a table.

    Raises InputError for a damaged workbook, a sheet that is not there, and cells that hold an
    error instead of a value.
    """
    import openpyxl

    try:
        # openpyxl warns of what it leaves out: styles, drop-down lists
        with (
            warnings.catch_warnings(),
            file.open("rb") as handle,  # given a path, openpyxl goes by the name
            contextlib.closing(_open_workbook(handle, openpyxl)) as book,
        ):
            warnings.simplefilter("ignore")
            sheets = [name for name in book.sheetnames if hasattr(book[name], "iter_rows")]
            if options.sheet is not None and options.sheet not in sheets:
                params = {"sheet": options.sheet, "known": ", ".join(sheets)}
                raise InputError(Problem("readers.no_sheet", params, file=file))
            filled = {}
            for name in [options.sheet] if options.sheet else sheets:
                rows = _filled_rows(book[name])
                if rows:
                    filled[name] = rows
                if len(rows) > 1 and len(_trimmed(rows[0][1])) > 1:
                    break
            if not filled:
                raise InputError(Problem("readers.empty", file=file))
            # the first with a table, else the first with anything
            if len(rows) < 2 or len(_trimmed(rows[0][1])) < 2:
                name = next(iter(filled))
            errors = _error_cells(book[name], filled[name])
    except InputError:
        raise
    except (
        Exception
    ) as error:  # a damaged workbook: openpyxl, zlib and the XML parser each have theirs
        raise InputError(Problem("readers.truncated", {"kind": "xlsx"}, file=file)) from error
    return _grid(file, filled[name], errors), {"sheet": str(name)}


def _open_workbook(handle: IO[bytes], openpyxl: Any) -> Any:
    book = openpyxl.load_workbook(handle, read_only=True, data_only=True)
    for name in book.sheetnames:
        if hasattr(book[name], "reset_dimensions"):
            # some programs write a wrong size into the sheet, and cells beyond it would be lost
            book[name].reset_dimensions()
    return book


_Rows = list[tuple[int, tuple[Any, ...]]]


def _filled_rows(sheet: Any) -> _Rows:
    """The rows that hold anything, with their numbers."""
    return [
        (number, row)
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)
        if any(cell is not None and cell != "" for cell in row)
    ]


def _trimmed(row: tuple[Any, ...]) -> tuple[Any, ...]:
    end = len(row)
    while end and (row[end - 1] is None or not str(row[end - 1]).strip()):
        end -= 1
    return row[:end]


def _error_cells(sheet: Any, rows: _Rows) -> set[tuple[int, int]]:
    """(row, column from 0) of the cells that hold an error.

    Text that only looks like an error is none: the cell's type decides.
    """
    if not any(cell in _ERRORS for _, row in rows for cell in row if isinstance(cell, str)):
        return set()
    return {
        (number, index)
        for number, row in enumerate(sheet.iter_rows(), start=1)
        for index, cell in enumerate(row)
        if getattr(cell, "data_type", None) == "e"
    }


def _cell(value: Any) -> str | None:
    from openpyxl.utils.escape import unescape

    text = as_text(value)
    # Excel writes control characters as _x000D_
    return unescape(text) if text is not None and "_x" in text else text


def _grid(file: Path, rows: _Rows, errors: set[tuple[int, int]]) -> Grid:
    header = [(_cell(cell) or "").strip() for cell in rows[0][1]]
    widest = max(len(_trimmed(row)) for _, row in rows)
    width = max(len(_trimmed(tuple(header))), min(len(header), widest))
    header = header[:width]
    problems, table = [], []
    for number, row in rows[1:]:
        cells = [_cell(cell) for cell in row[:width]]
        cells += [None] * (width - len(cells))
        table.append(cells)
        problems += [
            Problem(
                "readers.cell_error",
                {"found": cells[index]},
                file=file,
                row=number,
                column=header[index],
            )
            for index in range(width)
            if (number, index) in errors
        ]
        if len(_trimmed(row)) > width:
            params = {"found": len(_trimmed(row)), "expected": width}
            problems.append(Problem("readers.ragged", params, file=file, row=number))
    if problems:
        shown = problems[:10]
        if len(problems) > 10:
            shown.append(Problem("readers.more", {"n": len(problems) - 10}, file=file))
        raise InputError(shown)
    return Grid(header, table, [number for number, _ in rows])


def _as_double(column: Any) -> Any:
    """Single precision numbers as the double precision ones of the same digits: 0.1 stays 0.1."""
    import pyarrow as pa

    if column.type not in (pa.float16(), pa.float32()):
        return column
    return column.cast(pa.float32()).cast(pa.string()).cast(pa.float64())


def read_parquet(file: Path) -> tuple[Grid, dict[str, str]]:
    """The table of a parquet file; its rows are counted from 2, as if a header stood above."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(file) as parquet:
            size = sum(
                parquet.metadata.row_group(i).total_byte_size
                for i in range(parquet.metadata.num_row_groups)
            )
            if size > _LARGEST:
                gb = f"{size / 1e9:.1f}"
                raise InputError(Problem("readers.too_large", {"gb": gb}, file=file))
            table = parquet.read()
        columns = [
            [as_text(value) for value in _as_double(column).to_pylist()] for column in table.columns
        ]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(Problem("readers.truncated", {"kind": "parquet"}, file=file)) from error
    rows = [list(row) for row in zip(*columns, strict=True)]
    names = [str(name).strip() for name in table.column_names]
    return Grid(names, rows, list(range(1, len(rows) + 2))), {}
