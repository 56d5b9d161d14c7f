"""Tables that people keep by hand, such as quoted figures: read with the numbers of their rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from themecoder.errors import InputError, Problem

_DELIMITERS = (",", ";", "\t")


def read_table(file: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """(row, column -> cell) of a CSV with ``columns``; a spreadsheet's semicolons or tabs will do.

    Empty rows are left out, further columns ignored. Raises InputError where the file is not there,
    is no UTF-8 or no CSV, lacks columns or has rows that are longer than the header.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        wanted = {"columns": ",".join(columns)}
        raise InputError(Problem("checking.no_file", wanted, file)) from None
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        raise InputError(Problem("checking.not_utf8", file=file, row=row)) from None
    except OSError as error:
        params = {"reason": error.strerror or str(error)}
        raise InputError(Problem("study.not_readable", params, file=file)) from None
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        lines = list(reader)
    except csv.Error as error:
        params = {"reason": str(error)}
        raise InputError(Problem("checking.not_csv", params, file, reader.line_num)) from None
    header = [name.strip().casefold() for name in lines[0]] if lines else []
    missing = [name for name in columns if name not in header]
    if missing:
        params = {"missing": ", ".join(missing), "found": ", ".join(header) or "-"}
        raise InputError(Problem("checking.columns", params, file, 1))
    rows, problems = [], []
    # a row is numbered as a spreadsheet does: a cell with line ends is one row still
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            sizes = {"found": len(cells), "expected": len(header)}
            problems.append(Problem("checking.long_row", sizes, file, number))
            continue
        padded = [*cells, *[""] * (len(header) - len(cells))]
        rows.append((number, dict(zip(header, padded, strict=True))))
    if problems:
        raise InputError(problems)
    return rows
