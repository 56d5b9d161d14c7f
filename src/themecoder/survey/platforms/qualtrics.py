"""Qualtrics: two or three heading rows, and rows that are no respondents."""

from __future__ import annotations

import re
from collections.abc import Sequence

from themecoder.survey.export import Column, RowLeftOut
from themecoder.survey.grid import Grid

IDS = ("ResponseId", "ResponseID")
_LEGACY = frozenset(
    ("ResponseID", "ResponseSet", "Name", "ExternalDataReference", "EmailAddress", "IPAddress")
) | {"Status", "StartDate", "EndDate", "Finished"}
_RESPONSE_ID = re.compile(r"R_[A-Za-z0-9]+")
# {"ImportId":"QID1"} today, {'ImportId': 'QID1'} and {"ImportId":"QID1","timeZone":"Z"} before
_IMPORT_ID = re.compile(r"""\s*\{\s*["']?ImportId["']?\s*:.*\}\s*""", re.DOTALL)
_OPTION = re.compile(r"^(.+?)_(\d+)$")
_SELECTED_CHOICE = re.compile(r"\s*-\s*(Selected Choice|Geselecteerde keuze)\s*(?=-|$)", re.I)


def heading_rows(grid: Grid) -> int:
    """How many rows of a Qualtrics export below the names are no responses: 2, 1 or 0.

    A CSV has the wordings and then the import id of every column; a workbook, or a CSV that someone
    cleaned, the wordings alone. A response's id tells those from a response.
    """
    for below, row in enumerate(grid.rows[:2], start=1):
        cells = [cell for cell in row if cell]
        if cells and all(_IMPORT_ID.fullmatch(cell) for cell in cells):
            return below
    if _is_legacy(grid):
        return 1
    for name in IDS:
        if name in grid.header and grid.rows:
            ids = [row[grid.header.index(name)] or "" for row in grid.rows[:2]]
            are_responses = [bool(_RESPONSE_ID.fullmatch(response_id)) for response_id in ids]
            if not are_responses[0] and (len(are_responses) == 1 or are_responses[1]):
                return 1
    return 0


def _is_legacy(grid: Grid) -> bool:
    """Whether the columns of the tool are called V1 to V10 and described in the row below."""
    if not grid.rows or not {"V1", "V2", "V8", "V10"} <= set(grid.header):
        return False
    described = {cell for cell in grid.rows[0] if cell}
    return bool(described & set(IDS)) and "Finished" in described


def read(grid: Grid) -> tuple[list[Column], Grid]:
    """Columns and rows of a Qualtrics export: names, wordings and import ids above the answers."""
    below = heading_rows(grid)
    # without its row of wordings, the row of import ids is the first
    has_wording = not _IMPORT_ID.fullmatch(grid.rows[0][0] or "")
    wording = [" ".join((cell or "").split()) if has_wording else "" for cell in grid.rows[0]]
    headings = [
        RowLeftOut(number, "heading", (row[0] or "")[:40])
        for number, row in zip(grid.row_numbers[:below], grid.rows, strict=False)
    ]
    body = Grid(
        grid.header,
        grid.rows[below:],
        [grid.numbers[0], *grid.numbers[below + 1 :]],
        [*grid.left_out, *headings],
    )
    header = grid.header
    if _is_legacy(grid):
        # the names by which everything else knows these columns stand in the row below
        header = [
            below_it if below_it in _LEGACY and name.startswith("V") else name
            for name, below_it in zip(grid.header, wording, strict=True)
        ]
        body = Grid(header, body.rows, body.numbers, body.left_out)
    return [
        Column(name, _SELECTED_CHOICE.sub("", label) if label != name else "", group=group)
        for name, label, group in zip(header, wording, _questions(header), strict=True)
    ], body


def _questions(names: Sequence[str]) -> list[str | None]:
    """The question that each column is a part of: Q4 of Q4_1, where it has several."""
    stems = [match.group(1) if (match := _OPTION.match(name)) else None for name in names]
    return [stem if stem is not None and stems.count(stem) > 1 else None for stem in stems]
