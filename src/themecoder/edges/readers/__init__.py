"""Survey exports of every format, as one: ``read_export``."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from themecoder.edges.readers import conventions
from themecoder.edges.readers.kinds import kind_of
from themecoder.edges.readers.options import ExportOptions, Format, Grid
from themecoder.errors import InputError, Problem
from themecoder.export import Column, Export

__all__ = ["ExportOptions", "read_export"]


def read_export(file: Path, options: ExportOptions | None = None) -> Export:
    """A survey export read whole: CSV, Excel, parquet, SPSS, LimeSurvey or Qualtrics.

    The format is found by what is in the file. Cells are text as typed (NFC only); an empty cell is
    None; numbers are canonical ("5", not "5.0"). Raises InputError with every problem found.
    """
    options = options or ExportOptions()
    columns, grid, format_, details = _table(Path(file), options)
    _check(file, grid)
    if options.decimal == ",":
        grid = _with_points(grid)
    import pandas as pd

    names = [column.name for column in columns]
    frame = pd.DataFrame(
        {
            name: pd.Series([_nfc(row[i]) for row in grid.rows], dtype=object)
            for i, name in enumerate(names)
        }
    )
    return Export(tuple(columns), frame, tuple(grid.numbers), Path(file).name, format_, details)


def _table(
    file: Path, options: ExportOptions
) -> tuple[Sequence[Column], Grid, Format, dict[str, str]]:
    from themecoder.edges.readers import delimited, spss, tables

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
        plain: Format = "xlsx"
    else:
        grid, details = delimited.read_delimited(file, options)
        plain = "csv"
    told = options.format in ("csv", "xlsx")
    if options.format == "qualtrics" or (not told and conventions.is_qualtrics(grid)):
        if not conventions.is_qualtrics(grid):
            raise InputError(Problem("readers.no_qualtrics", file=file, row=3))
        columns, grid = conventions.qualtrics(grid)
        return columns, grid, "qualtrics", details
    if options.format == "limesurvey" or (not told and conventions.is_limesurvey(grid)):
        columns, grid = conventions.limesurvey(grid)
        return columns, grid, "limesurvey", details
    return conventions.plain(grid.header), grid, plain, details


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


def _check(file: Path, grid: Grid) -> None:
    problems = [
        Problem("readers.no_name", {"number": number}, file=file, row=1)
        for number, name in enumerate(grid.header, start=1)
        if not name
    ]
    problems += [
        Problem("readers.name_twice", {"name": name, "n": n}, file=file, row=1)
        for name, n in Counter(grid.header).items()
        if n > 1 and name
    ]
    if not grid.rows:
        problems.append(Problem("readers.no_rows", file=file))
    if problems:
        raise InputError(problems)


def _with_points(grid: Grid) -> Grid:
    """Decimal commas of numbers as points; other text is not touched."""

    def cell(text: str | None) -> str | None:
        if text is not None and text.count(",") == 1:
            whole, part = text.split(",")
            if whole.lstrip("-").isdecimal() and part.isdecimal():
                return f"{whole}.{part}"
        return text

    return Grid(grid.header, [[cell(text) for text in row] for row in grid.rows], grid.numbers)


def _nfc(cell: str | None) -> str | None:
    return unicodedata.normalize("NFC", cell) if cell else None
