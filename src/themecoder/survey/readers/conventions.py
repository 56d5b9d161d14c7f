"""What survey tools put into a table beyond cells: LimeSurvey's and Qualtrics' headers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from themecoder.survey.export import Column
from themecoder.survey.readers.options import Grid

# LimeSurvey's own columns; an export has them unless someone took them out
_LIMESURVEY = frozenset({"submitdate", "lastpage", "startlanguage", "seed", "datestamp"})
_CODE_AND_TEXT = re.compile(r"^([A-Za-z]\w*(?:\[\w+\]){0,2})\s*(?:\.\s+|:\s+)(\S.*)$", re.DOTALL)
_SUB_QUESTION = re.compile(r"^(\w+)\[(\w+)\]$")
_NOT_SHOWN = frozenset({"N/A", "N.v.t.", "n.v.t."})
# a respondent's "=…", which LimeSurvey writes so that a spreadsheet takes it for no formula
_MASKED_EQUATION = "'="
_RESPONSE_ID = re.compile(r"R_[A-Za-z0-9]+")
_IMPORT_ID = re.compile(r'\s*\{"ImportId":.*\}\s*', re.DOTALL)
_OPTION = re.compile(r"^(.+?)_(\d+)$")
_TICKS = frozenset({"0", "1", "Y", "N", "Yes", "No", "Ja", "Nee", "X", "x"})


def is_limesurvey(grid: Grid) -> bool:
    """Two of LimeSurvey's own columns beside ``id``, by code or by "code. text"."""
    names = {_CODE_AND_TEXT.sub(r"\1", name) for name in grid.header}
    return "id" in names and len(names & _LIMESURVEY) >= 2


def is_qualtrics(grid: Grid) -> bool:
    """Whether a Qualtrics export's own header rows stand below the names."""
    return _header_rows(grid) > 0


def _header_rows(grid: Grid) -> int:
    """How many rows of a Qualtrics export below the names are no responses: 2, 1 or 0.

    A CSV has the wordings and then, as JSON, the import id of every column; a workbook, or a CSV
    that someone cleaned, the wordings alone. A response's id tells those from a response.
    """
    for below, row in enumerate(grid.rows[:2], start=1):
        cells = [cell for cell in row if cell]
        if cells and all(_IMPORT_ID.fullmatch(cell) for cell in cells):
            return below
    if "ResponseId" in grid.header and grid.rows:
        ids = [row[grid.header.index("ResponseId")] or "" for row in grid.rows[:2]]
        are_responses = [bool(_RESPONSE_ID.fullmatch(response_id)) for response_id in ids]
        if not are_responses[0] and (len(are_responses) == 1 or are_responses[1]):
            return 1
    return 0


def limesurvey(grid: Grid) -> tuple[list[Column], Grid]:
    """Columns and rows of a LimeSurvey export.

    Headers are codes ("q6[SQ001]") or codes with the wording ("q6[SQ001]. Waarom?"). With full
    answers, LimeSurvey writes "N/A" for an option or a yes/no question that was not shown: here an
    empty cell. What a respondent typed is not touched.
    """
    names, labels = [], []
    for header in grid.header:
        match = _CODE_AND_TEXT.match(header)
        names.append(match.group(1) if match else header)
        labels.append(match.group(2).strip() if match else "")
    closed = [_writes_not_shown(column) for column in zip(*grid.rows, strict=True)]
    rows = [
        [_limesurvey_cell(cell, is_closed) for cell, is_closed in zip(row, closed, strict=True)]
        for row in grid.rows
    ]
    grid = Grid(names, rows, grid.numbers)
    groups = _response_sets(grid, {n: m.group(1) for n in names if (m := _SUB_QUESTION.match(n))})
    columns = [
        Column(name, label, group=groups.get(name))
        for name, label in zip(names, labels, strict=True)
    ]
    return columns, grid


def _writes_not_shown(column: Sequence[str | None]) -> bool:
    """Whether a column is of a question with two answers, in which LimeSurvey leaves no cell empty.

    It writes "N/A" there alone; in an open question's column someone typed it.
    """
    values = set(column)
    return None not in values and len(values - _NOT_SHOWN) <= 2


def _limesurvey_cell(cell: str | None, closed: bool) -> str | None:
    if cell is None or (closed and cell in _NOT_SHOWN):
        return None
    return cell[1:] if cell.startswith(_MASKED_EQUATION) else cell


def qualtrics(grid: Grid) -> tuple[list[Column], Grid]:
    """Columns and rows of a Qualtrics export: names, wordings and import ids above the answers."""
    below = _header_rows(grid)
    # without its row of wordings, the row of import ids is the first
    has_wording = not (grid.rows[0][0] or "").lstrip().startswith('{"ImportId"')
    wording = [" ".join((cell or "").split()) if has_wording else "" for cell in grid.rows[0]]
    body = Grid(grid.header, grid.rows[below:], [grid.numbers[0], *grid.numbers[below + 1 :]])
    stems = {name: m.group(1) for name in grid.header if (m := _OPTION.match(name))}
    groups = _response_sets(body, stems)
    columns = [
        Column(name, label if label != name else "", group=groups.get(name))
        for name, label in zip(grid.header, wording, strict=True)
    ]
    return columns, body


def _response_sets(grid: Grid, stems: dict[str, str]) -> dict[str, str]:
    """The multiple-response set of each column: options of one question that are ticked or not.

    An option's column holds a tick, or one and the same text; parts of a matrix hold several.
    """
    members: dict[str, list[str]] = defaultdict(list)
    for name, stem in stems.items():
        # the column of "Other:" holds what was typed, not a tick
        if not name.endswith("[other]") and _holds_ticks(grid, grid.header.index(name)):
            members[stem].append(name)
    return {
        name: stem
        for stem, names in members.items()
        if len(names) > 1 and any(_has_cells(grid, name) for name in names)
        for name in names
    }


def _has_cells(grid: Grid, name: str) -> bool:
    column = grid.header.index(name)
    return any(row[column] is not None for row in grid.rows)


def _holds_ticks(grid: Grid, column: int) -> bool:
    values = {row[column] for row in grid.rows} - {None}
    return len(values) <= 1 or values <= _TICKS


def plain(header: Sequence[str]) -> list[Column]:
    """Columns of a table that says no more than their names."""
    return [Column(name) for name in header]
