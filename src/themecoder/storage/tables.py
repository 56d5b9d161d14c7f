"""Small tables that people keep or correct: read from whatever a spreadsheet made of them.

A CSV that was opened and saved comes back with a byte order mark, semicolons, tabs or UTF-16, with
empty columns and rows at its end, decimal commas and WAAR for 1. All of that is the same table.
Everything else is reported at once, with row and column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from themecoder.errors import InputError, Problem
from themecoder.storage.atomic import guarded
from themecoder.storage.delimited import (
    DELIMITERS,
    declared_delimiter,
    encoding_of,
    filled_width,
    numbered_rows,
    quote_of,
)
from themecoder.storage.validation import Fault, faults_of, unfit

Rows = list[tuple[int, dict[str, str]]]
"""(row as a person counts it, column -> cell)."""
T = TypeVar("T")
_WHOLE = re.compile(r"\s*([+-]?[0-9]+)(?:[.,]0+)?\s*")
_YES_NO = {
    **dict.fromkeys(("1", "true", "waar", "yes", "ja"), True),
    **dict.fromkeys(("0", "false", "onwaar", "no", "nee"), False),
}


class TableRow(BaseModel):
    """A row with a cell per field. A table of ours that is written anew has no other columns, for
    they would be lost; where a model says ``extra="ignore"``, others may stand beside them."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _parse_whole(cell: str) -> int:
    match = _WHOLE.fullmatch(cell)
    if match is None:
        raise unfit("1, 2, …")
    return int(match[1])


def _with_decimal_point(cell: str) -> str:
    return cell.strip().replace(",", ".") if "." not in cell else cell


def _parse_yes_no(cell: str) -> bool:
    try:
        return _YES_NO[cell.strip().casefold()]
    except KeyError:
        raise unfit("1, 0") from None


def _parse_whole_or_none(cell: str) -> int | None:
    return _parse_whole(cell) if cell.strip() else None


def one_of(*names: str) -> BeforeValidator:
    """A cell that holds one of ``names``."""

    def known(cell: str) -> str:
        if cell.strip() not in names:
            raise unfit(", ".join(names))
        return cell.strip()

    return BeforeValidator(known, json_schema_input_type=Literal[names])


def _without_guard(cell: str) -> str:
    return cell[1:] if guarded(cell) else cell


Whole = Annotated[int, BeforeValidator(_parse_whole)]
WholeOrNone = Annotated[int | None, BeforeValidator(_parse_whole_or_none)]
Number = Annotated[float, BeforeValidator(_with_decimal_point)]
YesNo = Annotated[bool, BeforeValidator(_parse_yes_no)]
FreeText = Annotated[str, BeforeValidator(_without_guard)]
"""A text of which ``files.no_formula`` was written, so that a spreadsheet runs nothing."""


def read_table(file: Path, columns: Sequence[str], needed: Collection[str] = ()) -> Rows:
    """The rows of a table that has ``columns``, and may have others beside them.

    ``needed``: columns that every row reaches; one that ends before was cut off, while others may
    lack empty cells at their end, which spreadsheets leave out. Raises InputError with all that is
    wrong.
    """
    cells, problems = _read_cells(file, columns, needed, "ignore")
    rows = [(row, {name: _without_guard(cell) for name, cell in c.items()}) for row, c in cells]
    if problems:
        raise InputError(problems)
    return rows


def read_rows(
    file: Path,
    model: type[TableRow],
    make: Callable[..., T],
    area: str,
    unique: Sequence[str] = (),
    added: Collection[str] = (),
) -> list[T]:
    """The rows of a table with the columns of ``model``, each as ``make`` of its cells.

    A cell of a field with a default may be missing at the end of a row. ``unique``: columns that
    are the same in no two rows. ``added``: columns that a table of an earlier version lacks; their
    cells are empty then. Raises InputError with every wrong cell as
    the message ``<area>.damaged`` and every row that is there twice as ``<area>.twice``.
    """
    fields = model.model_fields
    needed = [name for name, field in fields.items() if field.is_required()]
    others = model.model_config.get("extra")
    rows, problems = _read_cells(file, list(fields), needed, others, added)
    records: list[T] = []
    first: dict[tuple[Any, ...], int] = {}
    for number, cells in rows:
        try:
            row = dict(model.model_validate({name: cells.get(name, "") for name in fields}))
        except ValidationError as error:
            problems += [_problem_of(f, file, number, area) for f in faults_of(error, model)]
            continue
        key = tuple(row[name] for name in unique)
        if unique and first.setdefault(key, number) != number:
            params = {**row, "first": first[key]}
            problems.append(Problem(f"{area}.twice", params, file=file, row=number))
        records.append(make(**row))
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.row or 0))
    return records


def _problem_of(fault: Fault, file: Path, row: int, area: str) -> Problem:
    if fault.problem is not None:
        return replace(fault.problem, file=file, row=row)
    column = str(fault.path[-1]) if fault.path else None
    params = {"found": fault.found, "expected": fault.params["expected"]}
    return Problem(f"{area}.damaged", params, file=file, row=row, column=column)


def _read_cells(
    file: Path,
    columns: Sequence[str],
    needed: Collection[str],
    others: Literal["allow", "ignore", "forbid"] | None,
    added: Collection[str] = (),
) -> tuple[Iterator[tuple[int, dict[str, str]]], list[Problem]]:
    """The rows, one at a time since a plan can have millions, and what is wrong with some, which is
    complete when all rows are read. Raises InputError where there is no table at all."""
    lines = _lines(file, columns)
    number, header = next(lines, (1, []))
    # a spreadsheet with cleared columns leaves delimiters behind
    names = [name.strip().casefold() for name in header[: filled_width(header)]]
    missing = [name for name in columns if name not in names and name not in added]
    params = {"found": ", ".join(names) or "-", "columns": ", ".join(columns)}
    if missing:
        params["missing"] = ", ".join(missing)
        raise InputError(Problem("tables.columns", params, file=file, row=number))
    problems = [
        Problem("tables.column_twice", {"name": name}, file=file, row=number)
        for name in columns
        if names.count(name) > 1
    ]
    unknown = [name for name in names if name and name not in columns]
    if unknown and others == "forbid":
        params["unknown"] = ", ".join(unknown)
        problems.append(Problem("tables.unknown_column", params, file=file, row=number))
    shortest = max((names.index(name) + 1 for name in needed), default=0)

    def rows() -> Iterator[tuple[int, dict[str, str]]]:
        for row, cells in lines:
            if len(cells) < shortest or filled_width(cells) > len(names):
                sizes = {"found": len(cells), "expected": len(names)}
                problems.append(Problem("tables.width", sizes, file=file, row=row))
                continue
            padded = [*cells, *[""] * (len(names) - len(cells))]
            yield row, dict(zip(names, padded, strict=False))

    return rows(), problems


def _lines(file: Path, columns: Collection[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, with their numbers."""
    try:
        with file.open("rb") as handle:
            if handle.read(4) == b"PK\x03\x04":
                raise InputError(Problem("tables.workbook", file=file))
    except FileNotFoundError:
        params = {"columns": ", ".join(columns)}
        raise InputError(Problem("tables.no_file", params, file=file)) from None
    except OSError as error:
        params = {"reason": error.strerror or str(error)}
        raise InputError(Problem("tables.unreadable", params, file=file)) from None
    encoding = encoding_of(file)
    quote = quote_of(file, encoding)
    declared = declared_delimiter(file, encoding)
    delimiter = declared or max(
        DELIMITERS,
        key=lambda d: _known_columns(file, encoding, d, quote, columns),
    )
    return (
        (number, row)
        for number, row in numbered_rows(file, encoding, delimiter, quote)
        if filled_width(row)
    )


def _known_columns(
    file: Path, encoding: str, delimiter: str, quote: str, columns: Collection[str]
) -> tuple[int, int]:
    """How many of ``columns`` the header holds if this is the delimiter, and its width."""
    try:
        for _, row in numbered_rows(file, encoding, delimiter, quote):
            if filled_width(row):
                return len({name.strip().casefold() for name in row}.intersection(columns)), len(
                    row
                )
    except InputError:
        pass  # reported where the table is read with the delimiter that is chosen
    return 0, 0
