"""The sheets of a file that hold tables, of every format that exports come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from themecoder.coding.exchange.columns import SheetColumn
from themecoder.coding.exchange.reading import ReadingOptions
from themecoder.errors import InputError, Problem
from themecoder.survey.export import RowLeftOut
from themecoder.survey.readers import ExportOptions, read_export
from themecoder.survey.readers.kinds import kind_of

_HEADINGS = 5
"""Rows at the beginning in which merged cells are titles over columns."""
_NOTHING = frozenset(("readers.empty", "readers.no_rows"))


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet of a workbook, or the only table of another file (``name`` is then empty).

    ``rows`` (n,) are their numbers as a person sees them, ``heading`` that of the names of the
    columns; ``left_out`` rows are no part of the table. ``merged``: the ranges of merged cells
    within the table, as ``A3:A5``.
    """

    name: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[int, ...]
    heading: int
    left_out: tuple[RowLeftOut, ...] = ()
    merged: tuple[str, ...] = ()


def sheets_in(file: Path, options: ReadingOptions) -> list[SheetTable]:
    """Every sheet with a table. Raises InputError with all that can't be read."""
    if kind_of(file) not in ("xlsx", "ods"):
        return [_table(file, "", options)]
    sheets = _filled_sheets(file)
    absent = [name for name in options.sheets if name not in sheets]
    if absent:
        known = ", ".join(sheets)
        raise InputError(
            [Problem("readers.no_sheet", {"sheet": s, "known": known}, file=file) for s in absent]
        )
    tables, problems = [], []
    for name, merged in sheets.items():
        if options.sheets and name not in options.sheets:
            continue
        try:
            table = _table(file, name, options)
        except InputError as error:
            above = [_range(*one) for one in merged if one[0][0] < _HEADINGS]
            if above and {one.key for one in error.problems} == {"readers.ragged"}:
                params = {"range": ", ".join(above), "sheet": name}
                problems.append(Problem("exchange.two_headings", params, file=f"{file} [{name}]"))
            elif len(sheets) == 1 or not {one.key for one in error.problems} <= _NOTHING:
                problems += error.problems
            continue
        ranges = tuple(_range(*one) for one in merged if one[1][0] + 1 > table.heading)
        tables.append(
            SheetTable(name, table.columns, table.rows, table.heading, table.left_out, ranges)
        )
    if problems:
        raise InputError(problems)
    if not tables:
        raise InputError(Problem("readers.empty", file=file))
    return tables


_Corner = tuple[int, int]


def _filled_sheets(file: Path) -> dict[str, list[tuple[_Corner, _Corner]]]:
    """The sheets that hold anything -> their merged cells, as (row, column) from 0."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    try:
        with CalamineWorkbook.from_path(str(file)) as book:
            sheets = {
                meta.name: book.get_sheet_by_name(meta.name)
                for meta in book.sheets_metadata
                if meta.typ == SheetTypeEnum.WorkSheet
            }
            return {
                name: list(sheet.merged_cell_ranges or ())
                for name, sheet in sheets.items()
                if sheet.total_height
            }
    except Exception as error:  # a damaged workbook: calamine has an error of its own for each part
        kind = "xlsx/ods"
        raise InputError(Problem("readers.truncated", {"kind": kind}, file=file)) from error


def _table(file: Path, sheet: str, options: ReadingOptions) -> SheetTable:
    export = read_export(
        file, ExportOptions(sheet=sheet or None, heading=options.heading, all_as_typed=True)
    )
    columns = tuple(
        SheetColumn(
            column.name,
            tuple(cell.strip() if cell else "" for cell in export.frame[column.name].tolist()),
            column.label if column.label != column.name else "",
            column.values,
        )
        for column in export.columns
    )
    columns = _without_counts(columns)
    first = export.row_numbers[0] if export.row_numbers else 1
    heading = int(export.details.get("heading", max(first - 1, 0)))
    return SheetTable(sheet, columns, export.row_numbers, heading, export.left_out)


def _without_counts(columns: tuple[SheetColumn, ...]) -> tuple[SheetColumn, ...]:
    """Without the letters and numbers that NVivo puts before the names in a matrix, as in
    ``A : Privacy`` and ``1 : R01``."""
    if len(columns) < 2 or not all(
        column.name.startswith(f"{_letters(n)} : ") for n, column in enumerate(columns[1:])
    ):
        return columns
    rows = columns[0].cells
    if all(cell.startswith(f"{n} : ") for n, cell in enumerate(rows, start=1)):
        rows = tuple(cell.partition(" : ")[2] for cell in rows)
    named = (replace(one, name=one.name.partition(" : ")[2]) for one in columns[1:])
    return (replace(columns[0], cells=rows), *named)


def _range(start: _Corner, end: _Corner) -> str:
    return f"{_letters(start[1])}{start[0] + 1}:{_letters(end[1])}{end[0] + 1}"


def _letters(column: int) -> str:
    """The letters of a column, counted from 0: A, B … Z, AA."""
    letters: Sequence[str] = []
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = [chr(ord("A") + rest), *letters]
    return "".join(letters)
