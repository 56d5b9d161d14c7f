"""Survey exports of every format, as one: ``read_export``."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from themecoder.errors import InputError, Problem
from themecoder.storage.delimited import LARGEST_CELL
from themecoder.survey.export import Column, Export
from themecoder.survey.readers import conventions, delimited, spss, tables
from themecoder.survey.readers.kinds import kind_of
from themecoder.survey.readers.options import ExportOptions, Format, Grid

__all__ = ["ExportOptions", "read_export"]

_LINE_BREAKS = re.compile(r"\s*[\r\n\u2028\u2029]+\s*")
# a point is a thousands separator here: 1.234,5
_DECIMAL_COMMA = re.compile(r"\s*-?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?\s*")


def read_export(file: Path, options: ExportOptions | None = None) -> Export:
    """A survey export read whole: CSV, Excel, parquet, SPSS, LimeSurvey or Qualtrics.

    The format is found by what is in the file. Cells are text as typed (NFC only); an empty cell is
    None; numbers are canonical ("5", not "5.0"). Raises InputError with every problem found.
    """
    options = options or ExportOptions()
    columns, grid, format_, details = _read_by_kind(Path(file), options)
    columns = [replace(column, name=_column_name(column.name)) for column in columns]
    _check_table(file, columns, grid)
    if options.decimal == ",":
        grid = _with_decimal_points(grid)
    import pandas as pd

    names = [column.name for column in columns]
    frame = pd.DataFrame(
        {
            name: pd.Series([_nfc(row[i]) for row in grid.rows], dtype=object)
            for i, name in enumerate(names)
        }
    )
    return Export(tuple(columns), frame, tuple(grid.row_numbers), Path(file).name, format_, details)


def _read_by_kind(
    file: Path, options: ExportOptions
) -> tuple[Sequence[Column], Grid, Format, dict[str, str]]:
    kind = kind_of(file)
    _check_format(file, kind, options.format)
    if kind == "sav":
        columns, grid = spss.read_spss(file)
        return columns, grid, "sav", {}
    if kind == "parquet":
        grid, details = tables.read_parquet(file)
        return conventions.plain(grid.header), grid, "parquet", details
    if kind == "xlsx":
        grid, details = tables.read_excel(file, options)
        plain_format: Format = "xlsx"
    else:
        grid, details = delimited.read_delimited(file, options)
        plain_format = "csv"
    is_plain = options.format in ("csv", "xlsx")
    if options.format == "qualtrics" or (not is_plain and conventions.is_qualtrics(grid)):
        if not conventions.is_qualtrics(grid):
            raise InputError(Problem("readers.no_qualtrics", file=file))
        columns, grid = conventions.qualtrics(grid)
        return columns, grid, "qualtrics", details
    if options.format == "limesurvey" or (not is_plain and conventions.is_limesurvey(grid)):
        columns, grid = conventions.limesurvey(grid)
        return columns, grid, "limesurvey", details
    return conventions.plain(grid.header), grid, plain_format, details


def _check_format(file: Path, kind: str, wished: Format | None) -> None:
    fits = {
        None: {"text", "xlsx", "parquet", "sav"},
        "csv": {"text"},
        "limesurvey": {"text", "xlsx"},
        "qualtrics": {"text", "xlsx"},
        "xlsx": {"xlsx"},
        "parquet": {"parquet"},
        "sav": {"sav"},
    }
    if kind not in fits[wished]:
        raise InputError(
            Problem("readers.other_format", {"found": kind, "expected": wished}, file=file)
        )


def _check_table(file: Path, columns: Sequence[Column], grid: Grid) -> None:
    row = grid.numbers[0] or None
    names = [column.name for column in columns]
    problems = [
        Problem("readers.no_name", {"number": number}, file=file, row=row)
        for number, name in enumerate(names, start=1)
        if not name
    ]
    problems += [
        Problem("readers.name_twice", {"name": name, "n": n}, file=file, row=row)
        for name, n in Counter(names).items()
        if n > 1 and name
    ]
    if not grid.rows:
        problems.append(Problem("readers.no_rows", file=file))
    problems += [
        Problem("tables.cell_too_large", {"most": LARGEST_CELL}, file=file, row=number, column=name)
        for number, cells in zip(grid.row_numbers, grid.rows, strict=True)
        for name, cell in zip(names, cells, strict=True)
        if cell is not None and len(cell) > LARGEST_CELL
    ]
    if problems:
        raise InputError(problems)


def _column_name(header: str) -> str:
    """A column's name: NFC as the cells, and on one line, for it stands in study.toml."""
    return _LINE_BREAKS.sub(" ", unicodedata.normalize("NFC", header)).strip()


def _with_decimal_points(grid: Grid) -> Grid:
    """Decimal commas as points, in the columns that hold nothing but numbers."""
    columns = [
        [None if cell is None else _decimal_point(cell) for cell in column]
        if all(cell is None or _DECIMAL_COMMA.fullmatch(cell) for cell in column)
        else column
        for column in zip(*grid.rows, strict=True)
    ]
    return Grid(grid.header, [list(row) for row in zip(*columns, strict=True)], grid.numbers)


def _decimal_point(cell: str) -> str:
    whole, comma, part = cell.strip().partition(",")
    return whole.replace(".", "") + (f".{part}" if comma else "")


def _nfc(cell: str | None) -> str | None:
    return unicodedata.normalize("NFC", cell) if cell else None
