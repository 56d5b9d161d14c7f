"""Excel, OpenDocument and parquet: tables with types, whose cells become text."""

from __future__ import annotations

import contextlib
import math
import warnings
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from themecoder.errors import InputError, Problem
from themecoder.storage.delimited import filled_width
from themecoder.survey.export import RowLeftOut
from themecoder.survey.grid import ExportOptions, Grid
from themecoder.survey.readers.headings import heading_at

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
_LARGEST = 4 << 30  # bytes, unpacked
_Rows = list[tuple[int, tuple[Any, ...]]]


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


def read_excel(
    file: Path, options: ExportOptions, kind: str = "xlsx"
) -> tuple[Grid, dict[str, str]]:
    """The table of a sheet of a workbook (``kind`` xlsx or ods): the one asked for, else the only
    one, else the first with a table.

    Raises InputError for a damaged workbook, a sheet that is not there, and cells that hold an
    error instead of a value.
    """
    opened = _ods_sheets if kind == "ods" else _xlsx_sheets
    try:
        name, rows, errors = opened(file, options.sheet)
    except InputError:
        raise
    except Exception as error:  # a damaged workbook: openpyxl, zlib, calamine each have theirs
        raise InputError(Problem("readers.truncated", {"kind": kind}, file=file)) from error
    grid = _grid(file, rows, errors, options)
    details = {"sheet": name}
    if grid.left_out:
        details["heading"] = str(grid.numbers[0])
    return grid, details


def _xlsx_sheets(file: Path, wished: str | None) -> tuple[str, _Rows, set[tuple[int, int]]]:
    import openpyxl

    # openpyxl warns of what it leaves out: styles, drop-down lists
    with (
        warnings.catch_warnings(),
        file.open("rb") as handle,  # given a path, openpyxl goes by the name
        contextlib.closing(_open_workbook(handle, openpyxl)) as book,
    ):
        warnings.simplefilter("ignore")
        sheets = [name for name in book.sheetnames if hasattr(book[name], "iter_rows")]
        name, rows = _chosen(file, sheets, wished, lambda sheet: _filled_rows(book[sheet]))
        return name, rows, _error_cells(book[name], rows)


def _ods_sheets(file: Path, wished: str | None) -> tuple[str, _Rows, set[tuple[int, int]]]:
    from python_calamine import load_workbook

    book = load_workbook(file)

    def rows_of(sheet: str) -> _Rows:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        return [
            (number, tuple(None if cell == "" else cell for cell in row))
            for number, row in enumerate(rows, start=1)
            if any(cell != "" for cell in row)
        ]

    name, rows = _chosen(file, book.sheet_names, wished, rows_of)
    return name, rows, set()


def _chosen(
    file: Path, sheets: Sequence[str], wished: str | None, rows_of: Callable[[str], _Rows]
) -> tuple[str, _Rows]:
    """The sheet to read and its filled rows: the wished one, else the first with a table, else the
    first with anything."""
    if wished is not None and wished not in sheets:
        params = {"sheet": wished, "known": ", ".join(sheets)}
        raise InputError(Problem("readers.no_sheet", params, file=file))
    filled: dict[str, _Rows] = {}
    for name in [wished] if wished else sheets:
        rows = rows_of(name)
        if rows:
            filled[name] = rows
        if len(rows) > 1 and any(len(_trimmed(row)) > 1 for _, row in rows[:20]):
            return name, rows
    if not filled:
        raise InputError(Problem("readers.empty", file=file))
    return next(iter(filled.items()))


def _open_workbook(handle: IO[bytes], openpyxl: Any) -> Any:
    book = openpyxl.load_workbook(handle, read_only=True, data_only=True)
    for name in book.sheetnames:
        if hasattr(book[name], "reset_dimensions"):
            # some programs write a wrong size into the sheet, and cells beyond it would be lost
            book[name].reset_dimensions()
    return book


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


def _grid(file: Path, rows: _Rows, errors: set[tuple[int, int]], options: ExportOptions) -> Grid:
    texts = [[_cell(cell) for cell in row] for _, row in rows]
    numbers = [number for number, _ in rows]
    start = heading_at(file, texts, numbers, options.heading)
    titles = [
        RowLeftOut(number, "title", next(cell for cell in row if cell and cell.strip())[:40])
        for number, row in zip(numbers[:start], texts, strict=False)
    ]
    texts, numbers = texts[start:], numbers[start:]
    header = [(cell or "").strip() for cell in texts[0]]
    widest = max(_filled_width(row) for row in texts)
    width = max(_filled_width(header), min(len(header), widest))
    header = header[:width]
    problems, table = [], []
    for number, row in zip(numbers[1:], texts[1:], strict=True):
        cells = row[:width]
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
        if _filled_width(row) > width:
            params = {"found": _filled_width(row), "expected": width}
            problems.append(Problem("readers.ragged", params, file=file, row=number))
    if problems:
        shown = problems[:10]
        if len(problems) > 10:
            shown.append(Problem("readers.more", {"n": len(problems) - 10}, file=file))
        raise InputError(shown)
    return Grid(header, table, numbers, titles)


def _filled_width(row: Sequence[str | None]) -> int:
    return filled_width([cell or "" for cell in row])


def _as_double(column: Any) -> Any:
    """Single precision numbers as the double precision ones of the same digits: 0.1 stays 0.1."""
    import pyarrow as pa

    if column.type not in (pa.float16(), pa.float32()):
        return column
    return column.cast(pa.float32()).cast(pa.string()).cast(pa.float64())


def _texts(column: Any) -> list[str | None]:
    """The cells of a column as text; a text or number that comes again and again is kept once."""
    from pyarrow import types

    texts: list[str | None] = []
    for chunk in column.chunks:
        kind = chunk.type
        if any(is_one(kind) for is_one in (types.is_string, types.is_integer, types.is_floating)):
            coded = chunk.dictionary_encode()
            known = [as_text(value) for value in coded.dictionary.to_pylist()]
            places = coded.indices.to_pylist()
            texts += [None if place is None else known[place] for place in places]
        else:
            texts += [as_text(value) for value in chunk.to_pylist()]
    return texts


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
        columns = [_texts(_as_double(column)) for column in table.columns]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(Problem("readers.truncated", {"kind": "parquet"}, file=file)) from error
    rows = [list(row) for row in zip(*columns, strict=True)]
    names = [str(name).strip() for name in table.column_names]
    return Grid(names, rows, list(range(1, len(rows) + 2))), {}
