"""Survey exports as delimited text."""

from __future__ import annotations

from pathlib import Path
from sys import intern

from themecoder.errors import InputError, Problem
from themecoder.storage.delimited import (
    declared_delimiter,
    delimiter_name,
    delimiters_in,
    encoding_of,
    filled_width,
    find_delimiter,
    numbered_rows,
    quote_of,
)
from themecoder.survey.export import RowLeftOut
from themecoder.survey.grid import ExportOptions, Grid
from themecoder.survey.readers.headings import heading_at

_LISTED = 10
_SHORT = 40  # characters


def read_delimited(file: Path, options: ExportOptions) -> tuple[Grid, dict[str, str]]:
    """The table in ``file``, and how it was read: encoding and delimiter.

    Raises InputError for bytes that are not in the encoding, a delimiter that makes no columns, a
    quote that is not closed, a cell over a million characters, and rows of another width than the
    header (the first ten, and how many more).
    """
    encoding = encoding_of(file, options.encoding, options.delimiter)
    quote = quote_of(file, encoding)
    declared = options.delimiter or declared_delimiter(file, encoding)
    delimiter = declared or find_delimiter(file, encoding, quote)
    rows: list[list[str]] = []
    numbers: list[int] = []
    for number, row in numbered_rows(file, encoding, delimiter, quote):
        if any(cell.strip() for cell in row):
            # the same short cell comes again and again: it is kept once
            rows.append([intern(cell) if len(cell) <= _SHORT else cell for cell in row])
            numbers.append(number)
    if not rows:
        raise InputError(Problem("readers.empty", file=file))
    start = heading_at(file, rows, numbers, options.heading)
    titles = [
        RowLeftOut(number, "title", next(cell for cell in row if cell.strip())[:40])
        for number, row in zip(numbers[:start], rows, strict=False)
    ]
    rows, numbers = rows[start:], numbers[start:]
    width = _width(rows)
    if width < 2:
        problem = Problem(
            "readers.one_column",
            {"delimiter": delimiter_name(delimiter), "others": delimiters_in(rows[0][0]) or "-"},
            file=file,
            row=numbers[0],
        )
        raise InputError(problem)
    _check_widths(file, rows, numbers, width)
    table = [[cell or None for cell in row[:width]] for row in rows[1:]]
    details = {"encoding": encoding, "delimiter": delimiter_name(delimiter)}
    if titles:
        details["heading"] = str(numbers[0])
    return Grid([cell.strip() for cell in rows[0][:width]], table, numbers, titles), details


def _width(rows: list[list[str]]) -> int:
    """The number of columns: the header's, less those at its end that are empty in every row.

    A delimiter at the end of every row makes one such column; a spreadsheet whose columns were
    cleared makes several.
    """
    header = rows[0]
    return max(filled_width(header), min(max(map(filled_width, rows)), len(header)))


def _check_widths(file: Path, rows: list[list[str]], numbers: list[int], width: int) -> None:
    ragged = [
        (number, len(row))
        for number, row in zip(numbers, rows, strict=True)
        if len(row) < width or (len(row) > width and filled_width(row) > width)
    ]
    problems = [
        Problem("readers.ragged", {"found": width_found, "expected": width}, file=file, row=number)
        for number, width_found in ragged[:_LISTED]
    ]
    if len(ragged) > _LISTED:
        problems.append(Problem("readers.ragged_more", {"n": len(ragged) - _LISTED}, file=file))
    if problems:
        raise InputError(problems)
