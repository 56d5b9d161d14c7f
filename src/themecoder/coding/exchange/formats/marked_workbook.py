"""Workbooks of ours that come back: a hidden sheet says what they are, and what each column is.

People sort them, put columns elsewhere and have LibreOffice save them; the heading of a column is
what it goes by, and the hidden sheet knows the headings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from themecoder.errors import InputError, Problem
from themecoder.output.excel import Sheet
from themecoder.survey.readers.tables import as_text

MARK = "themecoder"
"""The title of the hidden sheet, and its first cell."""
LOCAL = "@"
"""In what a column is: it need not be on every sheet."""
_KIND, _COLUMN = "kind", "column"


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """A row of a sheet as people see it; ``cells``: what the column is -> its text."""

    sheet: str
    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MarkedWorkbook:
    """What the hidden sheet says, and the rows of the others. ``facts``: name and values."""

    kind: str
    facts: tuple[tuple[str, ...], ...]
    headings: Mapping[str, str]
    rows: tuple[MarkedRow, ...]

    def all(self, name: str) -> Iterator[tuple[str, ...]]:
        """The values of every fact of this name, in order."""
        return (values for known, *rest in self.facts if known == name for values in [tuple(rest)])

    def one(self, name: str) -> str:
        """The first value of the fact of this name, empty where there is none."""
        return next((values[0] for values in self.all(name) if values), "")


def mark_sheet(kind: str, facts: Sequence[Sequence[str]], headings: Mapping[str, str]) -> Sheet:
    """The hidden sheet. ``headings``: what a column is -> its heading, different ones."""
    rows = [(_KIND, kind), *facts, *((_COLUMN, role, text) for role, text in headings.items())]
    return Sheet(MARK, (MARK,), rows, hidden=True)


def different_headings(headings: Mapping[str, str]) -> dict[str, str]:
    """The headings, with a number behind one that is there already."""
    found: dict[str, str] = {}
    for role, text in headings.items():
        number, unlike = 1, text
        while unlike in found.values():
            number += 1
            unlike = f"{text} {number}"
        found[role] = unlike
    return found


def marked_kind(file: Path) -> str:
    """Which of our workbooks, .xlsx or .ods, a file is; empty where it is none."""
    try:
        with file.open("rb") as handle:
            zipped = handle.read(2) == b"PK"
        return _kind(_marks(_open(file))) if zipped else ""
    except OSError:
        return ""
    except Exception:  # no workbook, or a damaged one: zip, XML and calamine each have theirs
        return ""


def read_marked(file: Path) -> MarkedWorkbook:
    """A workbook of which ``marked_kind`` knows what it is.

    Raises InputError where a column is gone that the workbook had, or a sheet can't be read.
    """
    try:
        book = _open(file)
        lines = _marks(book)
        others = {name: _rows(book, name) for name in book.sheet_names}
    except Exception as error:  # as above
        raise InputError(Problem("readers.truncated", {"kind": "xlsx"}, file=file)) from error
    facts = tuple(line for line in lines[1:] if line and line[0] not in (_KIND, _COLUMN))
    headings = {line[1]: line[2] for line in lines if line[:1] == (_COLUMN,) and len(line) > 2}
    rows: list[MarkedRow] = []
    problems: list[Problem] = []
    for name, cells in others.items():
        header = [" ".join(text.split()) for text in (_texts(cells[0]) if cells else ())]
        plain = {role: " ".join(text.split()) for role, text in headings.items()}
        places = {role: header.index(text) for role, text in plain.items() if text in header}
        if not places or header == [MARK]:
            continue  # a sheet to look things up in, one of the person's own, or the hidden one
        problems += [
            Problem("outgoing.column_gone", {"name": text, "sheet": name}, file=file, row=1)
            for role, text in headings.items()
            if role not in places and LOCAL not in role
        ]
        for number, row in enumerate(cells[1:], start=2):
            texts = _texts(row)
            found = {
                role: texts[place] if place < len(texts) else "" for role, place in places.items()
            }
            if any(found.values()):
                rows.append(MarkedRow(name, number, found))
    if problems:
        raise InputError(problems)
    return MarkedWorkbook(_kind(lines), facts, headings, tuple(rows))


def _open(file: Path) -> Any:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(file)


def _marks(book: Any) -> list[tuple[str, ...]]:
    """The rows of the hidden sheet; none where there is no such sheet."""
    for name in book.sheet_names:
        # a question may be called as this sheet is, which then has a number behind its title
        lines = [_texts(row) for row in _rows(book, name)] if name.startswith(MARK) else []
        if lines[:1] == [(MARK,)]:
            return lines
    return []


def _kind(lines: Sequence[tuple[str, ...]]) -> str:
    return next((line[1] for line in lines if line[:1] == (_KIND,) and len(line) > 1), "")


def _rows(book: Any, name: str) -> list[list[Any]]:
    rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return rows


def _texts(row: Sequence[Any]) -> tuple[str, ...]:
    texts = [as_text(cell) or "" for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)
