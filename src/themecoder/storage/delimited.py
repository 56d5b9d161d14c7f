"""Delimited text: the delimiter, quoting and line ends found out from the file."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from themecoder.errors import InputError, Problem
from themecoder.storage.encodings import check_encoding, find_encoding

LARGEST_CELL = 1 << 20
"""Characters: a longer cell is no answer but a file that is broken (a quote that never closes)."""
DELIMITERS = (";", ",", "\t", "|")
_LONGEST_LINE = 16 * LARGEST_CELL
_MOST_TITLES = 15  # rows that may stand above the names of the columns
_MOST_TRIED = 2000  # rows by which the delimiter is chosen
_SEP_LINE = re.compile(r"^\ufeff?\"?sep=(.)\"?[\r\n]*$", re.IGNORECASE)
# bytes that are no text in the encoding, as ``errors="surrogateescape"`` shows them
_STRAY_BYTES = re.compile("[\udc80-\udcff]")


def encoding_of(file: Path, encoding: str | None = None, delimiter: str | None = None) -> str:
    """The encoding of ``file``; ``encoding`` and ``delimiter`` where they are given.

    Raises InputError for bytes that are not in the encoding, at the row and column that a
    spreadsheet would show.
    """
    try:
        return check_encoding(file, encoding) if encoding else find_encoding(file)
    except InputError as error:
        raise InputError([_located(p, file, delimiter) for p in error.problems]) from error


def filled_width(row: list[str]) -> int:
    """The number of cells up to the last one that holds anything."""
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return end


def _lines(file: Path, encoding: str, errors: str = "strict") -> Iterator[str]:
    with file.open(encoding=encoding, newline="", errors=errors) as handle:
        number = 1
        while line := handle.readline(_LONGEST_LINE):
            if len(line) >= _LONGEST_LINE:
                raise InputError(
                    Problem("tables.cell_too_large", {"most": LARGEST_CELL}, file=file, row=number)
                )
            if "\x00" in line:
                raise InputError(Problem("tables.zero_byte", file=file, row=number))
            if number > 1 or not _SEP_LINE.match(line):
                yield line
            number += 1


class _RememberingLines:
    """An iterator over lines that knows the ones it gave since it was last asked to forget."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.given: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.given.append(line)
        return line


def numbered_rows(
    file: Path, encoding: str, delimiter: str, quote: str, errors: str = "strict"
) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells): rows are counted as a spreadsheet does, a quoted line break is none.

    Quotes within an answer should be doubled. Where they are not, a quote ends a cell only before
    a delimiter or the line's end; in a row of several lines it can't be told what was meant.
    """
    lines = _RememberingLines(_lines(file, encoding, errors))
    number = 1 if declared_delimiter(file, encoding) else 0
    reader = csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=True)
    # the limit is the module's own: set only while a row is read, for others use it too
    while True:
        lines.given.clear()
        number += 1
        before = csv.field_size_limit(LARGEST_CELL)
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "expected after" not in str(error) or len(lines.given) > 1:
                raise InputError(_quote_problem(str(error), file, number, quote)) from error
            row = _cells_with_stray_quotes(lines.given[0], delimiter, quote)
            reader = csv.reader(lines, delimiter=delimiter, quotechar=quote, strict=True)
        finally:
            csv.field_size_limit(before)
        yield number, row


def _quote_problem(reason: str, file: Path, row: int, quote: str) -> Problem:
    if "field limit" in reason:
        return Problem("tables.cell_too_large", {"most": LARGEST_CELL}, file=file, row=row)
    if "unexpected end" in reason:
        return Problem("tables.open_quote", {"quote": quote}, file=file, row=row)
    if "expected after" in reason:
        return Problem("tables.quote_inside", {"quote": quote}, file=file, row=row)
    return Problem("tables.not_csv", {"reason": reason}, file=file, row=row)


def _cells_with_stray_quotes(line: str, delimiter: str, quote: str) -> list[str]:
    """The cells of a line with quotes inside cells that are not doubled."""
    text = line.rstrip("\r\n")
    mark, stop = re.escape(quote), re.escape(delimiter)
    end = f"(?={stop}|$)"
    inside = f"{mark}{mark}(?!{stop}|$)|{mark}(?!{mark}|{stop}|$)|{mark}(?={mark}{end})|[^{mark}]"
    cell = re.compile(f"{mark}((?:{inside})*+){mark}{end}|([^{stop}]*)")
    cells, start = [], 0
    while True:
        match = cell.match(text, start)
        assert match is not None  # the second branch takes anything
        quoted, bare = match.groups()
        cells.append(bare if quoted is None else quoted.replace(quote * 2, quote))
        if match.end() >= len(text):
            return cells
        start = match.end() + 1


def _located(problem: Problem, file: Path, delimiter: str | None) -> Problem:
    """A problem of the encoding with the row and column that a spreadsheet would show.

    The encoding's own check counts line ends, of which a quoted answer may hold several.
    """
    if problem.row is None or problem.key not in ("tables.broken_utf8", "readers.wrong_encoding"):
        return problem
    try:
        quote = quote_of(file, "utf-8", "surrogateescape")
        delimiter = delimiter or find_delimiter(file, "utf-8", quote, "surrogateescape")
        header: list[str] = []
        for number, row in numbered_rows(file, "utf-8", delimiter, quote, "surrogateescape"):
            header = header or row
            for index, cell in enumerate(row):
                if _STRAY_BYTES.search(cell):
                    column = header[index] if row is not header and index < len(header) else None
                    return Problem(
                        problem.key, problem.params, file=file, row=number, column=column
                    )
    except (InputError, UnicodeError):
        pass
    return problem


def declared_delimiter(file: Path, encoding: str) -> str | None:
    """The delimiter that a first line such as ``sep=;``, written for Excel, declares."""
    with file.open(encoding=encoding, newline="", errors="replace") as handle:
        match = _SEP_LINE.match(handle.readline(16))
    return match.group(1) if match else None


def quote_of(file: Path, encoding: str, errors: str = "strict") -> str:
    """The quote of the file: single where the header is quoted so throughout."""
    first = next(iter(_lines(file, encoding, errors)), "").strip()
    singles = first.startswith("'") and first.endswith("'") and '"' not in first
    return "'" if singles else '"'


def find_delimiter(file: Path, encoding: str, quote: str, errors: str = "strict") -> str:
    """The delimiter that makes most rows as wide as the header, the wider the better."""
    best, chosen = 0.0, DELIMITERS[0]
    failure: InputError | None = None
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        header = titles = 0
        try:
            for _, row in numbered_rows(file, encoding, delimiter, quote, errors):
                if not any(cell.strip() for cell in row):
                    continue
                # titles may stand above the names of the columns
                titles += header < 2
                header = len(row) if header < 2 else header
                if header < 2 and titles > _MOST_TITLES:
                    break
                widths[len(row)] += header >= 2
                if widths.total() >= _MOST_TRIED:
                    break
        except InputError as error:
            # what is wrong with the quotes is wrong under every delimiter; the best one reports it
            failure = failure or error
            if not header and widths.total() == 0:
                continue
        if header < 2:
            continue
        # a shorter row may be one of ours with its end lost, a longer one is none
        short = sum(n for width, n in widths.items() if 1 < width < header)
        fitting = (widths[header] + short / 2) / max(widths.total(), 1)
        score = fitting * (1 - 1 / header)
        if titles > 1:
            # a first row without the delimiter is a title, if the delimiter is not another one
            score /= 4
        if score > best:
            best, chosen = score, delimiter
    if not best and failure is not None:
        raise failure
    return chosen


def delimiters_in(header: str) -> str:
    return ", ".join(delimiter_name(delimiter) for delimiter in DELIMITERS if delimiter in header)


def delimiter_name(delimiter: str) -> str:
    return "tab" if delimiter == "\t" else delimiter
