"""Delimited text: the delimiter, quoting and line ends found out from the whole file."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from themecoder.edges.readers.encodings import check_encoding, find_encoding
from themecoder.edges.readers.options import ExportOptions, Grid
from themecoder.errors import InputError, Problem

DELIMITERS = (";", ",", "\t", "|")
LARGEST_CELL = 1 << 20
"""Characters: a longer cell is no answer but a file that is broken (a quote that never closes)."""
_LONGEST_LINE = 16 * LARGEST_CELL
_LISTED = 10
_TRIED = 2000  # rows by which the delimiter is chosen


def read_delimited(file: Path, options: ExportOptions) -> tuple[Grid, dict[str, str]]:
    """The table in ``file``, and how it was read: encoding and delimiter.

    Raises InputError for bytes that are not in the encoding, a delimiter that makes no columns, a
    quote that is not closed, a cell over a million characters, and rows of another width than the
    header (the first ten, and how many more).
    """
    encoding = check_encoding(file, options.encoding) if options.encoding else find_encoding(file)
    quote = _quote(file, encoding)
    delimiter = options.delimiter or _delimiter(file, encoding, quote)
    rows: list[list[str]] = []
    numbers: list[int] = []
    for number, row in _rows(file, encoding, delimiter, quote):
        if any(cell.strip() for cell in row):
            rows.append(row)
            numbers.append(number)
    if not rows:
        raise InputError(Problem("readers.empty", file=file))
    header = rows[0]
    if len(header) < 2:
        others = _found(header[0])
        raise InputError(
            Problem(
                "readers.one_column",
                {"delimiter": _name(delimiter), "others": others or "-"},
                file=file,
                row=1,
            )
        )
    width = len(header)
    if not header[-1].strip() and all(len(row) < width or not row[-1] for row in rows):
        # a delimiter behind every row: no column
        width -= 1
    _check_widths(file, rows, numbers, width)
    table = [[cell or None for cell in row[:width]] for row in rows[1:]]
    details = {"encoding": encoding, "delimiter": _name(delimiter)}
    return Grid([cell.strip() for cell in header[:width]], table, numbers[1:]), details


def _check_widths(file: Path, rows: list[list[str]], numbers: list[int], width: int) -> None:
    ragged = [
        (number, len(row))
        for number, row in zip(numbers, rows, strict=True)
        if len(row) < width or any(cell.strip() for cell in row[width:])
    ]
    problems = [
        Problem("readers.ragged", {"found": found, "expected": width}, file=file, row=number)
        for number, found in ragged[:_LISTED]
    ]
    if len(ragged) > _LISTED:
        problems.append(Problem("readers.ragged_more", {"n": len(ragged) - _LISTED}, file=file))
    if problems:
        raise InputError(problems)


def _lines(file: Path, encoding: str) -> Iterator[str]:
    with file.open(encoding=encoding, newline="") as handle:
        number = 1
        while line := handle.readline(_LONGEST_LINE):
            if len(line) >= _LONGEST_LINE:
                raise InputError(
                    Problem("readers.cell_too_large", {"most": LARGEST_CELL}, file=file, row=number)
                )
            if "\x00" in line:
                raise InputError(Problem("readers.zero_byte", file=file, row=number))
            yield line
            number += 1


def _rows(
    file: Path, encoding: str, delimiter: str, quote: str, strict: bool = True
) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells): rows are counted as a spreadsheet does, a quoted line break is none."""
    limit = csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(_lines(file, encoding), delimiter=delimiter, quotechar=quote, strict=strict)
    number = 0
    try:
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            number += 1
            yield number, row
    except csv.Error as error:
        reason = str(error)
        if "field limit" in reason:
            problem = Problem(
                "readers.cell_too_large", {"most": LARGEST_CELL}, file=file, row=number + 1
            )
        elif "unexpected end" in reason:
            problem = Problem("readers.open_quote", {"quote": quote}, file=file, row=number + 1)
        elif "expected after" in reason and strict:
            # text behind a closing quote: read as a spreadsheet does; widths tell if it went wrong
            done = number
            for again, row in _rows(file, encoding, delimiter, quote, strict=False):
                if again > done:
                    yield again, row
            return
        else:
            problem = Problem("readers.not_csv", {"reason": reason}, file=file, row=number + 1)
        raise InputError(problem) from error
    finally:
        csv.field_size_limit(limit)


def _quote(file: Path, encoding: str) -> str:
    """The quote of the file: single where the header is quoted so throughout."""
    first = next(iter(_lines(file, encoding)), "").strip()
    singles = first.startswith("'") and first.endswith("'") and '"' not in first
    return "'" if singles else '"'


def _delimiter(file: Path, encoding: str, quote: str) -> str:
    """The delimiter that makes most rows as wide as the header, the wider the better."""
    best, chosen = (0.0, 0), DELIMITERS[0]
    failure: InputError | None = None
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        header = 0
        try:
            for number, row in _rows(file, encoding, delimiter, quote):
                if number == 1:
                    header = len(row)
                    if header < 2:
                        break
                widths[len(row)] += 1
                if number >= _TRIED:
                    break
        except InputError as error:
            # what is wrong with the quotes is wrong under every delimiter; the best one tells it
            failure = failure or error
        if header < 2:
            continue
        score = (round(widths[header] / max(widths.total(), 1), 2), header)
        if score > best:
            best, chosen = score, delimiter
    if best == (0.0, 0) and failure is not None:
        raise failure
    return chosen


def _found(header: str) -> str:
    return ", ".join(_name(one) for one in DELIMITERS if one in header)


def _name(delimiter: str) -> str:
    return "tab" if delimiter == "\t" else delimiter
