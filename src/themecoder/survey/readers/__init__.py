"""Survey exports of every format, as one: ``read_export``."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from themecoder.errors import InputError, Problem
from themecoder.plugins import is_plugin
from themecoder.storage.delimited import LARGEST_CELL
from themecoder.survey.export import Column, Export, ResponseSet, RowLeftOut
from themecoder.survey.grid import ExportOptions, Format, Grid, PluginName
from themecoder.survey.meaning.markup import without_markup
from themecoder.survey.meaning.missing import is_missing
from themecoder.survey.meaning.numbers import Decimal, canonical_number, number_style
from themecoder.survey.platforms import limesurvey, qualtrics
from themecoder.survey.platforms.detect import tool_of
from themecoder.survey.readers import delimited, statistics_files, tables
from themecoder.survey.readers.headings import (
    has_second_heading,
    joined_headings,
    totals_at_end,
)
from themecoder.survey.readers.kinds import kind_of
from themecoder.survey.readers.of_plugin import read_by_plugin

__all__ = ["ExportOptions", "read_export"]

_LINE_BREAKS = re.compile(r"\s*[\r\n\u2028\u2029]+\s*")
_SHORT = 40  # characters up to which a cell is likely to come again
_DIGIT = re.compile(r"\d")


@dataclass(slots=True)
class _Table:
    """What a reader found: columns and their cells, and how the file was read."""

    columns: list[Column]
    grid: Grid
    format: Format | PluginName
    details: dict[str, str]
    sets: tuple[ResponseSet, ...] = ()
    typed: bool = False  # the file knows its numbers, so none is written in two ways


def read_export(file: Path, options: ExportOptions | None = None) -> Export:
    """A survey export read whole, of every format that docs/exports.md names.

    The format is found by what is in the file. Cells are text as typed (NFC only); an empty cell is
    None; numbers are canonical ("5", not "5.0"; "3.5", not "3,5"). Columns whose heading another
    one has too, or that have none, are named with their place. Raises InputError with every problem
    found.
    """
    options = options or ExportOptions()
    table = _read_by_kind(Path(file), options)
    _check_cells(file, table)
    columns = _named_columns(table.columns)
    import pandas as pd

    cells = _columns_of(table.grid)
    unclear: dict[str, tuple[str, ...]] = {}
    if not (table.typed or options.all_as_typed):
        cells, unclear, decimal = _with_decimal_points(columns, cells, options, table.details)
        if decimal:
            table.details["decimal"] = decimal
    frame = pd.DataFrame(
        {
            column.name: pd.Series(own, dtype=object)
            for column, own in zip(columns, cells, strict=True)
        }
    )
    renamed = {old.name: new.name for old, new in zip(table.columns, columns, strict=True)}
    return Export(
        tuple(columns),
        frame,
        tuple(table.grid.row_numbers),
        Path(file).name,
        table.format,
        table.details,
        tuple(
            replace(one, columns=tuple(renamed.get(name, name) for name in one.columns))
            for one in table.sets
        ),
        tuple(table.grid.left_out),
        unclear,
    )


def _read_by_kind(file: Path, options: ExportOptions) -> _Table:
    if options.format and is_plugin(options.format):
        grid, about = read_by_plugin(file, options.format)
        return _Table(_plain(grid.header), grid, options.format, dict(about), typed=True)
    kind = kind_of(file)
    _check_format(file, kind, options.format)
    if kind in ("sav", "dta"):
        columns, grid, sets = statistics_files.read(file, kind)
        return _Table(columns, grid, kind, {}, sets, typed=True)
    if kind == "parquet":
        grid, details = tables.read_parquet(file)
        return _Table(_plain(grid.header), grid, "parquet", details, typed=True)
    plain_format: Format
    if kind in ("xlsx", "ods"):
        grid, details = tables.read_excel(file, options, kind)
        plain_format = kind
    else:
        grid, details = delimited.read_delimited(file, options)
        plain_format = "csv"
    return _by_tool(file, grid, plain_format, details, options)


def _by_tool(
    file: Path, grid: Grid, plain_format: Format, details: dict[str, str], options: ExportOptions
) -> _Table:
    """The table as the survey tool that wrote it means it."""
    is_plain = options.format in ("csv", "xlsx", "ods")
    if options.format == "qualtrics" or (not is_plain and qualtrics.heading_rows(grid)):
        if not qualtrics.heading_rows(grid):
            raise InputError(Problem("readers.no_qualtrics", file=file))
        return _without_totals(_Table(*qualtrics.read(grid), "qualtrics", details))
    if not is_plain and limesurvey.is_vv(grid):
        details["variant"] = "VV"
        return _Table(*limesurvey.read_vv(grid), "limesurvey", details)
    if options.format == "limesurvey" or (not is_plain and limesurvey.is_limesurvey(grid)):
        return _Table(*limesurvey.read(grid), "limesurvey", details)
    columns = _plain(grid.header)
    if grid.rows and has_second_heading(grid.header, grid.rows[0], grid.rows[1:]):
        columns, grid = _with_second_heading(grid)
    tool = None if is_plain else tool_of(Grid([c.name for c in columns], grid.rows, grid.numbers))
    format_: Format | PluginName = plain_format
    if options.format in ("surveymonkey", "kobo", "redcap"):
        format_ = options.format
    elif tool in ("surveymonkey", "kobo", "redcap"):
        format_ = tool
    elif tool:
        details["tool"] = tool
    return _without_totals(_Table(columns, grid, format_, details))


def _with_second_heading(grid: Grid) -> tuple[list[Column], Grid]:
    names, labels, questions = joined_headings(grid.header, grid.rows[0])
    first = next((cell for cell in grid.rows[0] if cell), "")
    second = RowLeftOut(grid.numbers[1], "heading", first[:40])
    body = Grid(
        names, grid.rows[1:], [grid.numbers[0], *grid.numbers[2:]], [*grid.left_out, second]
    )
    return [
        Column(name, label if label != name else "", group=question or None)
        for name, label, question in zip(names, labels, questions, strict=True)
    ], body


def _without_totals(table: _Table) -> _Table:
    """The table without rows of totals at its end, which are told."""
    grid = table.grid
    n = totals_at_end(grid.rows) if len(grid.rows) > 2 else 0
    if not n:
        return table
    left_out = [
        RowLeftOut(number, "totals", next(cell for cell in row if cell)[:40])
        for number, row in zip(grid.numbers[-n:], grid.rows[-n:], strict=True)
    ]
    body = Grid(grid.header, grid.rows[:-n], grid.numbers[:-n], [*grid.left_out, *left_out])
    return replace(table, grid=body)


def _check_format(file: Path, kind: str, wished: Format | PluginName | None) -> None:
    tables_ = {"text", "xlsx", "ods"}
    fits: dict[Format | PluginName | None, set[str]] = {
        None: {"text", "xlsx", "ods", "parquet", "sav", "dta"},
        "csv": {"text"},
        "xlsx": {"xlsx"},
        "ods": {"ods"},
        "parquet": {"parquet"},
        "sav": {"sav"},
        "dta": {"dta"},
    }
    if kind not in fits.get(wished, tables_):
        raise InputError(
            Problem("readers.other_format", {"found": kind, "expected": wished}, file=file)
        )


def _check_cells(file: Path, table: _Table) -> None:
    grid = table.grid
    problems = []
    if not grid.rows:
        problems.append(Problem("readers.no_rows", file=file))
    problems += [
        Problem(
            "tables.cell_too_large",
            {"most": LARGEST_CELL},
            file=file,
            row=number,
            column=column.name,
        )
        for number, cells in zip(grid.row_numbers, grid.rows, strict=True)
        for column, cell in zip(table.columns, cells, strict=True)
        if cell is not None and len(cell) > LARGEST_CELL
    ]
    if problems:
        raise InputError(problems)


def _named_columns(columns: Sequence[Column]) -> list[Column]:
    """The columns with a name of their own each.

    A heading that several have, or none, gets the column's place behind it, counted from 1; the
    heading is then the wording.
    """
    headings = [_column_name(column.name) for column in columns]
    counts = Counter(headings)
    taken = {name for name in headings if name and counts[name] == 1}
    named = []
    for place, (column, heading) in enumerate(zip(columns, headings, strict=True), start=1):
        name = heading
        if not heading or counts[heading] > 1:
            name = f"{heading} [{place}]".strip()
            while name in taken:
                name += "'"
            taken.add(name)
        label = column.label or (heading if name != heading and heading else "")
        values = {value: without_markup(words) for value, words in column.values.items()}
        named.append(replace(column, name=name, label=_wording(label), values=values))
    return named


def _wording(label: str) -> str:
    """A wording as people saw it: on one line, without what a web page adds."""
    return " ".join(without_markup(label).split())


def _column_name(header: str) -> str:
    """A column's name: NFC as the cells, and on one line, for it stands in study.toml."""
    return _LINE_BREAKS.sub(" ", unicodedata.normalize("NFC", header)).strip()


def _columns_of(grid: Grid) -> list[list[str | None]]:
    """The cells, a list for each column; the same short text is kept once."""
    return [[_kept(row[index]) for row in grid.rows] for index in range(len(grid.header))]


def _kept(cell: str | None) -> str | None:
    if not cell:
        return None
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)
    return sys.intern(cell) if len(cell) <= _SHORT else cell


def _with_decimal_points(
    columns: Sequence[Column],
    cells: list[list[str | None]],
    options: ExportOptions,
    details: dict[str, str],
) -> tuple[list[list[str | None]], dict[str, tuple[str, ...]], str]:
    """The cells with decimal points in columns of numbers; the columns that leave it open, with
    the cells that do; the decimal mark that was found, where it is a comma.

    A cell such as 1.250 is read as the rest of its column is written, else as the other columns of
    the file are, else as people do who part their columns by semicolons: with a decimal comma.
    """
    hint: Decimal | None = options.decimal
    numeric = {
        place: distinct
        for place, (column, own) in enumerate(zip(columns, cells, strict=True))
        if column.name not in options.as_typed and (distinct := _numbers_in(own))
    }
    if hint is None:
        votes = {
            style.decimal
            for distinct in numeric.values()
            if (style := number_style(sorted(distinct))) is not None and style.decimal
        }
        if len(votes) == 1:
            hint = votes.pop()
        elif not votes and details.get("delimiter") == ";":
            hint = ","
    made = list(cells)
    unclear: dict[str, tuple[str, ...]] = {}
    found = ""
    for place, distinct in numeric.items():
        style = number_style(sorted(distinct), hint)
        if style is None:
            continue
        if style.unclear:
            unclear[columns[place].name] = style.unclear
            continue
        read = {cell: canonical_number(cell, style.decimal) or cell for cell in distinct}
        if any(cell != text for cell, text in read.items()):
            made[place] = [None if cell is None else read.get(cell, cell) for cell in cells[place]]
            found = style.decimal or found
    return made, unclear, "," if found == "," else ""


def _numbers_in(cells: Sequence[str | None]) -> set[str]:
    """The distinct cells of a column in which numbers are written with a mark; else none.

    A column of numbers is one in which nothing else stands, but for what says 'no answer' and a
    few cells in which somebody wrote words.
    """
    distinct = Counter(cell for cell in cells if cell is not None)
    if not any(("," in cell or "." in cell) and _DIGIT.search(cell) for cell in distinct):
        return set()
    answers = {cell: n for cell, n in distinct.items() if not is_missing(cell)}
    numbers = {
        cell
        for cell in answers
        if canonical_number(cell, ",") is not None or canonical_number(cell, ".") is not None
    }
    share = sum(answers[cell] for cell in numbers)
    return numbers if share >= 0.8 * sum(answers.values()) > 0 else set()


def _plain(header: Sequence[str]) -> list[Column]:
    """Columns of a table that says no more than their names."""
    return [Column(name) for name in header]
