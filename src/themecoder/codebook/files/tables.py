"""Codebooks as tables: a list of numbers and labels, as people keep it in Excel; the tags of
Taguette; and the columns that MAXQDA (Code, Memo; ``>`` for levels) and ATLAS.ti (name,
description, groups; a code below another is called ``Above: Name``) read and write, as .xlsx or
.csv.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from themecoder.codebook.incoming import Incoming, Node, Note, gather
from themecoder.codebook.memo import marker, memo, read_memo
from themecoder.codebook.model import Codebook
from themecoder.codebook.origins import fresh_id
from themecoder.codebook.tree import code_tree
from themecoder.errors import InputError, Problem
from themecoder.output.excel import Sheet, workbook
from themecoder.storage import atomic as files
from themecoder.survey.readers import ExportOptions, read_export

LONGEST = 63
"""MAXQDA cuts the names of codes to this many characters."""
# The names that tools give to each column, separated by commas, the likeliest first.
_COLUMNS = {
    "name": "code, name, naam, code name, codenaam, codes, tag, label, thema, theme, categorie, "
    "category, codelabel, code label, omschrijving",
    "memo": "memo, description, comment, omschrijving, definitie, definition, beschrijving, "
    "code description, code memo, toelichting",
    "group": "groups, group, groepen, groep, code groups, code group, codegroep",
    "parent": "parent code, parent, bovenliggende code",
    "color": "color, colour, kleur",
    "number": "nr, nr., nummer, number, no, codenr, codenummer, code nr, code number",
}
_WIDTHS = (48, 90, 36, 12)  # of the columns of a workbook, in characters
_NUMBERED = re.compile(r"(.*\D)\s*\d+$")
_GROUP_SIGN = re.compile(r"\s*[;\n]\s*")
_LEVEL_SIGN = re.compile(r"\s*[>\\]\s*")
_BELOW = ": "
"""What ATLAS.ti puts between the name of a code and that of one below it."""


def rows_for(book: Codebook, tool: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and rows of ``book`` for ``tool``: maxqda or atlas."""
    rows: list[tuple[str, ...]] = []
    order = {code.id: place for place, code in enumerate(book.codes)}
    mixed = list(book.codes) != [code for _, members in book.by_group for code in members]
    tree, labels = book.tree, {code.id: code.label for code in book.codes}
    for group, members in book.by_group:
        label = _on_one_level(group.label) if group else ""
        # a label with the sign between groups in it would be read as two groups
        one_group = _GROUP_SIGN.sub(", ", group.label).strip() if group else ""
        if group and tool == "maxqda":
            rows.append((label, marker(group=True, id=group.id)))
        for code in members:
            more: dict[str, Any] = {"order": order[code.id]} if mixed else {}
            line = [labels[one] for one in (*tree.above(code.id), code.id)]
            if tool == "maxqda":
                levels = [label, *map(_on_one_level, line)] if label else map(_on_one_level, line)
                rows.append((" > ".join(levels), memo(code, book.language, **more)))
                continue
            if len(line) > 1:
                more["parent"] = code.parent
            text = memo(code, book.language, **more)
            rows.append((_BELOW.join(line), text, one_group, code.color))
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
    _by_number(place, {name: export.frame[name].tolist() for name in names})
    if not place["name"]:
        raise InputError(
            Problem("codebook.no_code_column", {"found": ", ".join(names[:12])}, file=file, row=1)
        )
    used = {column for columns in place.values() for column in columns}
    notes = [Note("column", {"name": column}, 1) for column in names if column not in used]
    rows = []
    for number, entry in zip(export.row_numbers, export.frame.to_dict("records"), strict=True):
        cells = {kind: [str(entry[c] or "").strip() for c in cs] for kind, cs in place.items()}
        name = " ".join(cells["name"][0].split())
        # where a column names what is above, a ">" in a name is part of the name
        above = bool(place["group"] or place["parent"])
        levels = tuple(p for p in ([name] if above else _LEVEL_SIGN.split(name)) if p)
        if not levels:
            notes.append(Note("no_name", {}, number))
            continue
        groups = [group for cell in cells["group"] for group in _GROUP_SIGN.split(cell) if group]
        if len(groups) > 1:
            params = {"label": levels[-1], "groups": ", ".join(groups[1:])}
            notes.append(Note("more_groups", params, number))
        texts = (next(iter(cells[kind]), "") for kind in ("memo", "color", "parent", "number"))
        rows.append(_Row(number, levels, next(iter(groups), ""), *texts))
    nodes = _nodes(rows, by_name=bool(place["group"]))
    if not nodes:
        raise InputError(Problem("codebook.empty", file=file))
    return gather(nodes, Codebook(fresh_id(file.stem, ()), "1.0.0", (), title=file.stem), notes)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table: ``levels`` is the name of the code after those above it, ``parent`` what a
    column of its own names above it."""

    row: int
    levels: tuple[str, ...]
    group: str
    memo: str
    color: str
    parent: str
    number: str

    @property
    def name(self) -> str:
        return self.levels[-1]

    @property
    def marks(self) -> Mapping[str, Any]:
        return read_memo(self.memo)[1]


def _nodes(rows: Sequence[_Row], by_name: bool) -> list[Node]:
    """The codes as a tree. ``by_name``: names may begin with that of the code above, as those of
    ATLAS.ti do."""
    above = [_above(row, rows, by_name) for row in rows]
    tree = code_tree((str(n), str(one[0]) if one else "") for n, one in enumerate(above))
    root = _Branch("")
    for place, row in enumerate(rows):
        first, *others = map(int, (*tree.above(str(place)), str(place)))
        top = rows[first]
        group = top.group or ("" if above[first] else top.parent)
        branch = root.child(group, is_group=True) if group else root
        own_names = (known[1] for n in others if (known := above[n]))
        for level in (*top.levels, *own_names):
            branch = branch.child(level)
        branch.row, branch.memo, branch.color = row.row, row.memo, row.color
        branch.number = row.number
    return [branch.node() for branch in root.children.values()]


def _above(row: _Row, rows: Sequence[_Row], by_name: bool) -> tuple[int, str] | None:
    """The place of the row above this one, and the row's name without what is above; None at the
    top."""
    if row.parent:
        wanted = row.parent.casefold()
        places = [n for n, one in enumerate(rows) if one.name.casefold() == wanted]
        return (places[0], row.name) if places and rows[places[0]] is not row else None
    if not by_name:
        return None
    marks = row.marks
    before = [n for n, one in enumerate(rows) if row.name.startswith(one.name + _BELOW)]
    if marks:
        # of our own export it is known whether a code stands below another
        before = [n for n in before if rows[n].marks.get("id") == marks.get("parent", "")]
    if not before:
        return None
    place = max(before, key=lambda n: len(rows[n].name))
    return place, row.name[len(rows[place].name + _BELOW) :].strip()


class _Branch:
    """A code or group of a table with the codes below it, while the rows are read."""

    def __init__(self, name: str, is_group: bool = False) -> None:
        self.name, self.memo, self.color, self.number = name, "", "", ""
        self.row: int | None = None
        self._is_group = is_group
        self.children: dict[tuple[str, bool], _Branch] = {}

    def child(self, name: str, is_group: bool = False) -> _Branch:
        return self.children.setdefault((name.casefold(), is_group), _Branch(name, is_group))

    def node(self, depth: int = 0) -> Node:
        # a name at the top that others stand below, and of which nothing is said, is a group; the
        # levels in between are codes, as MAXQDA has it
        heading = depth == 0 and bool(self.children) and not self.memo
        color = self.color if re.fullmatch(r"#[0-9a-fA-F]{6}", self.color) else ""
        children = tuple(child.node(depth + 1) for child in self.children.values())
        codable = not (self._is_group or heading)
        return Node(self.name, self.memo, codable, color, self.row, children, self.number)


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


def _by_number(place: dict[str, list[str]], cells: Mapping[str, Sequence[str | None]]) -> None:
    """A column of names that holds numbers alone, beside one with words, is that of the numbers; a
    column that names the codes does not describe them too."""
    first, *others = place["name"] or [""]
    if others and all(cell is None or cell.strip().isdigit() for cell in cells[first]):
        place["number"] = [first, *place["number"]][:1]
        place["name"] = others
    place["name"] = place["name"][:1]
    place["memo"] = [name for name in place["memo"] if name not in place["name"]]


def _on_one_level(label: str) -> str:
    """A label without the signs that would make it two levels."""
    return _LEVEL_SIGN.sub(" › ", label)
