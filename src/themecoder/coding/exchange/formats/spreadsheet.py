"""Coding in a spreadsheet or another table, in whatever shape people keep it: ``read_spreadsheet``.

docs/coding-import.md lists the shapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from themecoder.coding.exchange.cells import folded
from themecoder.coding.exchange.code_lists import code_list
from themecoder.coding.exchange.columns import Taken, check_stated, doubts, taken_for
from themecoder.coding.exchange.formats.spreadsheet_tables import SheetTable, sheets_in
from themecoder.coding.exchange.headings import HeadingReader, plain
from themecoder.coding.exchange.model import (
    ForeignCode,
    ForeignFile,
    ForeignNote,
    Place,
    problem_at,
)
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions
from themecoder.coding.exchange.sheet_codings import Found, Sheet, codings_of, each_once
from themecoder.errors import InputError, Problem

KIND = "spreadsheet"
_UNNAMED = ("blad", "sheet", "tabelle", "feuil", "table", "tabel", "data", "export")


def read_spreadsheet(file: Path, options: ReadingOptions, known: KnownNames) -> ForeignFile:
    """All coding in the sheets of ``file``, with notes on what each column was taken for.

    A row that can't be read is a fault. Raises InputError with every problem of the whole: columns
    that can't be told apart, no coding at all.
    """
    tables = sheets_in(file, options)
    lists = {
        table.name: listed
        for table in tables
        if len(tables) > 1 and (listed := code_list(table.name, table.columns, known))
    }
    codes = [code for its_codes in lists.values() for code in its_codes]
    names = [name for code in codes for name in (code.name, code.label) if name]
    taken = {
        table.name: taken_for(table.columns, known, options, names)
        for table in tables
        if table.name not in lists
    }
    problems = check_stated((c.name for table in tables for c in table.columns), options)
    coding = [table for table in tables if table.name in taken and taken[table.name].is_coding]
    if not coding:
        raise InputError([_at(file, one) for one in [*problems, *_no_coding(tables, taken)]])
    notes = [_list_note(name, its_codes) for name, its_codes in lists.items()]
    found = Found()
    all_names = frozenset(map(folded, (*known.codes, *names)))
    for table in tables:
        if table.name in lists:
            continue
        if table not in coding:
            notes.append(ForeignNote("sheet_unused", Place(table.name), {"sheet": table.name}))
            continue
        its = taken[table.name]
        problems += doubts(its, table.columns, table.name, options.question)
        problems += _merged(table)
        sheet, said = _named(table, its, known, len(coding))
        problems += said[1]
        notes += [*_column_notes(table, its), *said[0], *_row_notes(table)]
        read = codings_of(sheet, known, options, all_names)
        codes += _codes_of_columns(table, its)
        found.codings += read.codings
        notes += read.notes
        found.faults += read.faults
        problems += read.problems
    if problems:
        faults = (problem_at(one.key, one.params, one.place, file) for one in found.faults)
        told = [*(_at(file, one) for one in problems), *faults]
        raise InputError(each_once(told))
    first_of_name = {code.name: code for code in reversed(codes)}
    listed_codes = tuple(reversed(first_of_name.values()))
    unread = tuple(found.faults)
    return ForeignFile(KIND, tuple(found.codings), listed_codes, tuple(notes), unread)


def _at(file: Path, problem: Problem) -> Problem:
    sheet = problem.params.get("sheet")
    return replace(problem, file=f"{file} [{sheet}]" if sheet else file)


def _no_coding(tables: Sequence[SheetTable], taken: dict[str, Taken]) -> Iterable[Problem]:
    """That a sheet has no codes, or nothing that says of which answer; of each that is open."""
    for table in tables:
        if table.name not in taken:
            continue
        roles = {meaning.role for meaning in taken[table.name].meanings.values()}
        headings = ", ".join(f"‘{column.name}’" for column in table.columns[:12])
        key = "no_codes" if not roles & {"codes", "tick"} else "no_answers"
        params = {"sheet": table.name, "columns": headings}
        yield Problem(f"exchange.{key}", params, row=table.heading or None)


def _merged(table: SheetTable) -> list[Problem]:
    return [
        Problem("exchange.merged", {"range": where, "sheet": table.name}) for where in table.merged
    ]


def _named(
    table: SheetTable, taken: Taken, known: KnownNames, sheets: int
) -> tuple[Sheet, tuple[list[ForeignNote], list[Problem]]]:
    """The sheet with the coder or the question that its name says."""
    sheet = Sheet(table.name, table.columns, table.rows, taken)
    place = Place(table.name)
    meaning = HeadingReader(known).read(table.name)
    coders = {m.coder for m in taken.meanings.values() if m.coder or m.role == "coder"}
    if meaning is not None and meaning.question:
        note = ForeignNote("sheet_question", place, {"question": meaning.question})
        made = replace(sheet, question=meaning.question, coder="" if coders else meaning.coder)
        return made, ([note], [])
    if meaning is not None and meaning.coder and not coders:
        note = ForeignNote("sheet_coder", place, {"coder": meaning.coder})
        return replace(sheet, coder=meaning.coder), ([note], [])
    if sheets == 1 or coders:
        return sheet, ([], [])
    if plain(table.name).rstrip("0123456789 ") in _UNNAMED:
        return sheet, ([], [Problem("exchange.sheet_of_whom", {"sheet": table.name})])
    name = HeadingReader(known).coder_in(table.name) or table.name
    note = ForeignNote("sheet_coder", place, {"coder": name})
    return replace(sheet, coder=name), ([note], [])


def _list_note(sheet: str, codes: Sequence[ForeignCode]) -> ForeignNote:
    return ForeignNote("code_list", Place(sheet), {"n": len(codes)})


def _column_notes(table: SheetTable, taken: Taken) -> list[ForeignNote]:
    """What each column was taken for, and which were left out."""
    notes = []
    for place, column in enumerate(table.columns):
        at = Place(table.name, table.heading or None, column.name)
        meaning = taken.meanings.get(place)
        if meaning is not None:
            params = {
                "role": meaning.role,
                "coder": meaning.coder,
                "question": meaning.question,
                "code": meaning.code,
                "by": taken.by[place],
            }
            notes.append(ForeignNote("column", at, params))
        elif place in taken.labels.values():
            notes.append(ForeignNote("column_of_labels", at))
        elif column.filled:
            notes.append(ForeignNote("column_unused", at))
    return notes


def _row_notes(table: SheetTable) -> list[ForeignNote]:
    """The rows that were taken for no answer."""
    return [
        ForeignNote(f"row_{one.reason}", Place(table.name, one.number), {"text": one.text})
        for one in table.left_out
    ]


def _codes_of_columns(table: SheetTable, taken: Taken) -> list[ForeignCode]:
    """The codes that the columns tell: values with labels, a column of labels beside numbers, the
    columns of a matrix."""
    codes = []
    for place, meaning in taken.meanings.items():
        column = table.columns[place]
        if meaning.role == "codes":
            codes += [ForeignCode(value, label, value) for value, label in column.values.items()]
        elif meaning.role == "tick":
            label = column.label if column.label != meaning.code else ""
            codes.append(ForeignCode(meaning.code, label))
    for numbers, labels in taken.labels.items():
        cells = zip(table.columns[numbers].cells, table.columns[labels].cells, strict=True)
        pairs = {number: label for number, label in cells if number and label}
        codes += [ForeignCode(number, label, number) for number, label in pairs.items()]
    return codes
