"""Codebooks as tables: the columns that MAXQDA (Code, Memo; ``>`` for levels) and ATLAS.ti (name,
description, groups) read and write, as .xlsx or .csv.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from themecoder.codebook.incoming import Incoming, Node, Note, gather
from themecoder.codebook.memo import marker, memo
from themecoder.codebook.model import Codebook
from themecoder.codebook.origins import fresh_id
from themecoder.errors import InputError, Problem
from themecoder.output.excel import Sheet, workbook
from themecoder.storage import atomic as files
from themecoder.survey.readers import ExportOptions, read_export

LONGEST = 63
"""MAXQDA cuts the names of codes to this many characters."""
# The names that tools give to each column, separated by commas, the likeliest first.
_COLUMNS = {
    "name": "code, name, naam, code name, codenaam, codes",
    "memo": "memo, description, comment, omschrijving, definitie, definition, beschrijving, "
    "code description, code memo, toelichting",
    "group": "groups, group, groepen, groep, code groups, code group, codegroep, parent code, "
    "bovenliggende code",
    "color": "color, colour, kleur",
}
_WIDTHS = (48, 90, 36, 12)  # of the columns of a workbook, in characters
_NUMBERED = re.compile(r"(.*\D)\s*\d+$")
_GROUP_SIGN = re.compile(r"\s*[;\n]\s*")
_LEVEL_SIGN = re.compile(r"\s*[>\\]\s*")


def rows_for(book: Codebook, tool: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows of ``book`` for ``tool``: maxqda or atlas."""
    rows: list[tuple[str, ...]] = []
    order = {code.id: place for place, code in enumerate(book.codes)}
    mixed = list(book.codes) != [code for _, members in book.by_group for code in members]
    for group, members in book.by_group:
        label = _on_one_level(group.label) if group else ""
        # a label with the sign between groups in it would be read as two groups
        one_group = _GROUP_SIGN.sub(", ", group.label).strip() if group else ""
        if group and tool == "maxqda":
            rows.append((label, marker(group=True, id=group.id)))
        for code in members:
            more = {"order": order[code.id]} if mixed else {}
            text = memo(code, book.language, **more)
            if tool == "maxqda":
                name = _on_one_level(code.label)
                rows.append((f"{label} > {name}" if label else name, text))
            else:
                rows.append((code.label, text, one_group, code.color))
    header = ("Code", "Memo") if tool == "maxqda" else ("Name", "Description", "Groups", "Color")
    return header, rows


def write_table(book: Codebook, file: Path, tool: str) -> None:
    """Write ``book`` to ``file``, .csv or .xlsx, in the columns of ``tool``."""
    header, rows = rows_for(book, tool)
    if file.suffix.lower() == ".csv":
        files.write_csv(file, header, rows)
        return
    with files.atomic(file, "wb") as handle:
        handle.write(workbook([Sheet("Codes", header, rows, _WIDTHS)]))


def read_table(file: Path) -> Incoming:
    """The codebook in a table of either tool. Raises InputError where it has no column of codes."""
    export = read_export(file, ExportOptions())
    names = [column.name for column in export.columns]
    place = {kind: _columns_called(names, known.split(", ")) for kind, known in _COLUMNS.items()}
    if not place["name"]:
        raise InputError(
            Problem("codebook.no_code_column", {"found": ", ".join(names[:12])}, file=file, row=1)
        )
    used = {column for columns in place.values() for column in columns}
    notes = [Note("column", {"name": column}, 1) for column in names if column not in used]
    root = _Branch("")
    for row, entry in zip(export.row_numbers, export.frame.to_dict("records"), strict=True):
        cells = {kind: [str(entry[c] or "").strip() for c in cs] for kind, cs in place.items()}
        # where a column names the groups, a ">" in a name is part of the name
        name = " ".join(cells["name"][0].split())
        levels = [part for part in ([name] if place["group"] else _LEVEL_SIGN.split(name)) if part]
        if not levels:
            notes.append(Note("no_name", {}, row))
            continue
        groups = [group for cell in cells["group"] for group in _GROUP_SIGN.split(cell) if group]
        if len(groups) > 1:
            params = {"label": levels[-1], "groups": ", ".join(groups[1:])}
            notes.append(Note("more_groups", params, row))
        branch = root
        for level in [*groups[:1], *levels]:
            branch = branch.child(level)
        branch.row = row
        branch.named = True
        branch.memo = next(iter(cells["memo"]), "")
        branch.color = next(iter(cells["color"]), "")
    nodes = [branch.node() for branch in root.children.values()]
    if not nodes:
        raise InputError(Problem("codebook.empty", file=file))
    return gather(nodes, Codebook(fresh_id(file.stem, ()), "1.0.0", (), title=file.stem), notes)


class _Branch:
    """A code of a table with those below it, while the rows are read."""

    def __init__(self, name: str) -> None:
        self.name, self.memo, self.color = name, "", ""
        self.row: int | None = None
        self.named = False
        self.children: dict[str, _Branch] = {}

    def child(self, name: str) -> _Branch:
        return self.children.setdefault(name.casefold(), _Branch(name))

    def node(self) -> Node:
        # a name that is only ever a level above others, or has nothing said of it, is a group
        codable = self.named and not (self.children and not self.memo)
        color = self.color if re.fullmatch(r"#[0-9a-fA-F]{6}", self.color) else ""
        children = tuple(child.node() for child in self.children.values())
        return Node(self.name, self.memo, codable, color, self.row, children)


def _columns_called(names: Sequence[str], known: Sequence[str]) -> list[str]:
    """The columns with one of the ``known`` names, in that order; "Code Group 2" is one too."""
    columns = []
    for known_name in known:
        for name in names:
            plain = " ".join(name.casefold().split())
            numbered = _NUMBERED.fullmatch(plain)
            if (
                plain == known_name or (numbered and numbered[1].strip() == known_name)
            ) and name not in columns:
                columns.append(name)
    return columns


def _on_one_level(label: str) -> str:
    """A label without the signs that would make it two levels."""
    return _LEVEL_SIGN.sub(" › ", label)
