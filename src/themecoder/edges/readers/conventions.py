"""What survey tools put into a table beyond cells: LimeSurvey's and Qualtrics' headers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from themecoder.edges.readers.options import Grid
from themecoder.export import Column

# LimeSurvey's own columns; an export has them unless someone took them out
_LIMESURVEY = frozenset({"submitdate", "lastpage", "startlanguage", "seed", "datestamp"})
_CODE_AND_TEXT = re.compile(r"^([A-Za-z]\w*(?:\[\w+\]){0,2})\s*(?:\.\s+|:\s+)(\S.*)$", re.DOTALL)
_SUB_QUESTION = re.compile(r"^(\w+)\[(\w+)\]$")
_NOT_SHOWN = "N/A"
_OPTION = re.compile(r"^(.+?)_(\d+)$")
_TICKS = frozenset({"0", "1", "Y", "N", "Yes", "No", "Ja", "Nee", "X", "x"})


def is_limesurvey(grid: Grid) -> bool:
    """Two of LimeSurvey's own columns beside ``id``, by code or by "code. text"."""
    names = {_CODE_AND_TEXT.sub(r"\1", name) for name in grid.header}
    return "id" in names and len(names & _LIMESURVEY) >= 2


def is_qualtrics(grid: Grid) -> bool:
    """The third row of a Qualtrics export names the import id of every column, as JSON."""
    return len(grid.rows) >= 2 and any(
        (cell or "").lstrip().startswith('{"ImportId"') for cell in grid.rows[1]
    )


def limesurvey(grid: Grid) -> tuple[list[Column], Grid]:
    """Columns and rows of a LimeSurvey export.

    Headers are codes ("q6[SQ001]") or codes with the wording ("q6[SQ001]. Waarom?"). "N/A" is how
    LimeSurvey writes a question that was not shown: an empty cell.
    """
    names, labels = [], []
    for header in grid.header:
        found = _CODE_AND_TEXT.match(header)
        names.append(found.group(1) if found else header)
        labels.append(found.group(2).strip() if found else "")
    rows = [[None if cell == _NOT_SHOWN else cell for cell in row] for row in grid.rows]
    grid = Grid(names, rows, grid.numbers)
    groups = _groups(grid, {n: m.group(1) for n in names if (m := _SUB_QUESTION.match(n))})
    columns = [
        Column(name, label, group=groups.get(name))
        for name, label in zip(names, labels, strict=True)
    ]
    return columns, grid


def qualtrics(grid: Grid) -> tuple[list[Column], Grid]:
    """Columns and rows of a Qualtrics export: names, wordings and import ids above the answers."""
    wording = [" ".join((cell or "").split()) for cell in grid.rows[0]]
    body = Grid(grid.header, grid.rows[2:], grid.numbers[2:])
    stems = {name: m.group(1) for name in grid.header if (m := _OPTION.match(name))}
    groups = _groups(body, stems)
    columns = [
        Column(name, label if label != name else "", group=groups.get(name))
        for name, label in zip(grid.header, wording, strict=True)
    ]
    return columns, body


def _groups(grid: Grid, stems: dict[str, str]) -> dict[str, str]:
    """The multiple-response set of each column: options of one question that are ticked or not.

    An option's column holds a tick, or one and the same text; parts of a matrix hold several.
    """
    members: dict[str, list[str]] = defaultdict(list)
    for name, stem in stems.items():
        if _ticked(grid, grid.header.index(name)):
            members[stem].append(name)
    return {name: stem for stem, names in members.items() if len(names) > 1 for name in names}


def _ticked(grid: Grid, column: int) -> bool:
    values = {row[column] for row in grid.rows} - {None}
    return len(values) <= 1 or values <= _TICKS


def plain(header: Sequence[str]) -> list[Column]:
    """Columns of a table that says no more than their names."""
    return [Column(name) for name in header]
