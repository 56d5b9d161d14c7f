"""LimeSurvey: codes and wordings in the heading, its own words for cells, and its VV files."""

from __future__ import annotations

import re
from collections.abc import Sequence

from themecoder.survey.export import Column, RowLeftOut
from themecoder.survey.grid import Grid

# LimeSurvey's own columns; an export has them unless someone took them out
_OWN = frozenset({"submitdate", "lastpage", "startlanguage", "seed", "datestamp", "startdate"})
_CODE_AND_TEXT = re.compile(r"^([A-Za-z]\w*(?:\[\w+\]){0,2})\s*(?:\.\s+|:\s+)(\S.*)$", re.DOTALL)
_SUB_QUESTION = re.compile(r"^(\w+)\[(\w+)\]$")
_NOT_SHOWN = frozenset({"N/A", "N.v.t.", "n.v.t."})
# a respondent's "=…", which LimeSurvey writes so that a spreadsheet takes it for no formula
_MASKED_EQUATION = "'="
# how a VV file writes what would break its lines (LimeSurvey's vvexport)
_VV_NOT_SHOWN = "{question_not_shown}"
_VV_SIGNS = (
    ("{newline}", "\n"),
    ("{cr}", "\r"),
    ("{tab}", "\t"),
    ("{quote}", '"'),
    ("{lbrace}", "{"),
)


def is_limesurvey(grid: Grid) -> bool:
    """Two of LimeSurvey's own columns beside ``id``, by code or by "code. text"."""
    names = {_CODE_AND_TEXT.sub(r"\1", name) for name in grid.header}
    return "id" in names and len(names & _OWN) >= 2


def is_vv(grid: Grid) -> bool:
    """Whether the row below the wordings holds LimeSurvey's codes: a file made for VV import."""
    if not grid.rows or is_limesurvey(grid):
        return False
    below = {cell for cell in grid.rows[0] if cell}
    return "id" in below and len(below & _OWN) >= 2


def read_vv(grid: Grid) -> tuple[list[Column], Grid]:
    """Columns and rows of a VV file: wordings, codes, and then the answers with their signs."""
    names = [cell or "" for cell in grid.rows[0]]
    rows = [[_vv_cell(cell) for cell in row] for row in grid.rows[1:]]
    labels = [" ".join(label.split()) for label in grid.header]
    body = Grid(
        names,
        rows,
        grid.numbers[1:],
        [*grid.left_out, RowLeftOut(grid.numbers[0], "heading", labels[0][:40])],
    )
    groups = _vv_questions(names)
    return [
        Column(name, label if label != name else "", group=group)
        for name, label, group in zip(names, labels, groups, strict=True)
    ], body


def _vv_cell(cell: str | None) -> str | None:
    if cell is None or cell == _VV_NOT_SHOWN:
        return None
    if "{" in cell:
        for sign, text in _VV_SIGNS:
            cell = cell.replace(sign, text)
    return cell or None


def _vv_questions(names: Sequence[str]) -> list[str | None]:
    """The question of each column: a VV file writes q4_SQ001 for q4[SQ001]."""
    stems = [name.rpartition("_")[0] or None for name in names]
    return [stem if stem and stems.count(stem) > 1 else None for stem in stems]


def read(grid: Grid) -> tuple[list[Column], Grid]:
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
        [_cell(cell, is_closed) for cell, is_closed in zip(row, closed, strict=True)]
        for row in grid.rows
    ]
    groups = [match.group(1) if (match := _SUB_QUESTION.match(name)) else None for name in names]
    return [
        Column(name, label, group=group)
        for name, label, group in zip(names, labels, groups, strict=True)
    ], Grid(names, rows, grid.numbers, grid.left_out)


def _writes_not_shown(column: Sequence[str | None]) -> bool:
    """Whether a column is of a question with two answers, in which LimeSurvey leaves no cell empty.

    It writes "N/A" there alone; in an open question's column someone typed it.
    """
    values = set(column)
    return None not in values and len(values - _NOT_SHOWN) <= 2


def _cell(cell: str | None, closed: bool) -> str | None:
    if cell is None or (closed and cell in _NOT_SHOWN):
        return None
    return cell[1:] if cell.startswith(_MASKED_EQUATION) else cell
