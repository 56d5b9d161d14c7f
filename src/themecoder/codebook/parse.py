"""From the plain data of a codebook file to a Codebook, with every problem of form."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from themecoder.codebook.changes import (
    KINDS,
    Add,
    Change,
    Merge,
    Move,
    Redefine,
    Rename,
    Retire,
    Split,
    concerned,
)
from themecoder.codebook.findings import CodebookFinding, Path
from themecoder.codebook.model import Code, Codebook, Example, Group, Value
from themecoder.output.did_you_mean import did_you_mean

TOP = ("id", "version", "language", "title", "memo", "released", "groups", "codes", "changes")
GROUP = ("id", "label")
CODE = (
    "id",
    "label",
    "group",
    "parent",
    "definition",
    "include",
    "exclude",
    "examples",
    "questions",
    "exclusive",
    "color",
    "hotkey",
    "number",
    "memo",
    "scale",
    "values",
    "retired",
)
VALUE = ("id", "label")
EXAMPLE = ("typical", "borderline")
CHANGE = {
    "add": ("code",),
    "rename": ("code", "from", "to"),
    "redefine": ("code", "recode"),
    "merge": ("from", "into"),
    "split": ("from", "into"),
    "retire": ("code",),
    "move": ("code", "from", "to", "from_parent", "to_parent"),
}
NOT_NEEDED_OF_A_CHANGE = ("recode", "from_parent", "to_parent")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
"""Half of a character, such as an escape in a double-quoted text can leave."""


def parse(data: Any) -> tuple[Codebook, list[CodebookFinding]]:
    """The codebook in ``data`` as far as it can be read, and what could not be."""
    reader = _Reader()
    top = reader.table((), data, TOP, ("id", "version", "title", "codes"))
    codebook = Codebook(
        id=reader.text(top, (), "id"),
        version=reader.text(top, (), "version"),
        title=reader.text(top, (), "title"),
        language=reader.text(top, (), "language") or "nl",
        released=reader.date(top, (), "released"),
        groups=tuple(
            Group(reader.text(group, path, "id"), reader.text(group, path, "label"))
            for path, group in reader.tables(top, "groups", GROUP, GROUP)
        ),
        codes=tuple(
            reader.code(path, code)
            for path, code in reader.tables(top, "codes", CODE, ("id", "label"))
        ),
        changes=tuple(reader.changes(top)),
        memo=reader.text(top, (), "memo"),
    )
    return _with_groups_of_tops(codebook), reader.findings


def _with_groups_of_tops(book: Codebook) -> Codebook:
    """The book in which each code below another has the group of the top, which need not be
    written down."""
    tree = book.tree
    if tree.is_flat:
        return book
    groups = {code.id: code.group for code in book.codes}
    codes = (
        replace(code, group=groups[tree.root(code.id)]) if code.parent and not code.group else code
        for code in book.codes
    )
    return replace(book, codes=tuple(codes))


class _Reader:
    """Takes values of the expected kind out of plain data, and notes what is of another."""

    def __init__(self) -> None:
        self.findings: list[CodebookFinding] = []

    def note(self, path: Path, key: str, **params: Any) -> None:
        self.findings.append(CodebookFinding(path, key, params))

    def table(
        self, path: Path, value: Any, known: Sequence[str], needed: Sequence[str]
    ) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            self.note(path, "not_a_table", found=_shown_value(value), keys=", ".join(known))
            return {}
        for key in value:
            if key not in known:
                self.note((*path, key), "unknown_key", name=key, near=did_you_mean(str(key), known))
        for key in needed:
            if key not in value:
                self.note(path, "missing_key", name=key)
        return value

    def entries(self, table: Mapping[str, Any], path: Path, key: str) -> list[tuple[Path, Any]]:
        value = table.get(key)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self.note((*path, key), "not_a_list", name=key, found=_shown_value(value))
            return []
        return [((*path, key, index), entry) for index, entry in enumerate(value)]

    def tables(
        self, top: Mapping[str, Any], key: str, known: Sequence[str], needed: Sequence[str]
    ) -> list[tuple[Path, Mapping[str, Any]]]:
        return [
            (path, self.table(path, entry, known, needed))
            for path, entry in self.entries(top, (), key)
        ]

    def text(self, table: Mapping[str, Any], path: Path, key: str) -> str:
        value = table.get(key)
        return "" if value is None else self.string((*path, key), key, value)

    def number(self, table: Mapping[str, Any], path: Path, key: str) -> str:
        """A number as people write it, with or without quotation marks around it."""
        value = table.get(key)
        whole = isinstance(value, int) and not isinstance(value, bool)
        return str(value) if whole else self.text(table, path, key)

    def string(self, path: Path, name: str, value: Any) -> str:
        if not isinstance(value, str):
            self.note(path, "not_a_text", name=name, found=str(value))
            return ""
        half = _HALF_CHARACTER.search(value)
        if half:
            self.note(path, "half_character", name=name, found=f"{ord(half[0]):04X}")
            return ""
        return value.strip()

    def texts(self, table: Mapping[str, Any], path: Path, key: str) -> tuple[str, ...]:
        strings = [self.string(at, key, text) for at, text in self.entries(table, path, key)]
        return tuple(filter(None, strings))

    def flag(self, table: Mapping[str, Any], path: Path, key: str, default: bool = False) -> bool:
        value = table.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.note((*path, key), "not_a_flag", name=key, found=str(value))
            return default
        return value

    def date(self, table: Mapping[str, Any], path: Path, key: str) -> str:
        value = table.get(key)
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value.isoformat()
        try:
            return datetime.date.fromisoformat(str(value)).isoformat() if value is not None else ""
        except ValueError:
            self.note((*path, key), "not_a_date", name=key, found=str(value))
            return ""

    def code(self, path: Path, table: Mapping[str, Any]) -> Code:
        return Code(
            **{
                key: self.text(table, path, key)
                for key in CODE
                if key not in ("examples", "questions", "exclusive", "number", "values", "retired")
            },
            number=self.number(table, path, "number"),
            examples=tuple(
                example
                for place, entry in self.entries(table, path, "examples")
                if (example := self.example(place, entry))
            ),
            questions=self.texts(table, path, "questions"),
            exclusive=self.flag(table, path, "exclusive"),
            retired=self.flag(table, path, "retired"),
            values=tuple(
                Value(self.number(value, place, "id"), self.number(value, place, "label"))
                for place, entry in self.entries(table, path, "values")
                for value in [self.table(place, entry, VALUE, VALUE)]
            ),
        )

    def example(self, path: Path, value: Any) -> Example | None:
        before = len(self.findings)
        text, kind = "", ""
        if isinstance(value, str):
            text = self.string(path, "examples", value)
        elif isinstance(value, Mapping) and len(value) == 1:
            (kind,) = value
            text = self.text(value, path, kind) if kind in EXAMPLE else ""
        if not text and len(self.findings) == before:
            self.note(path, "not_an_example")
        return Example(text, borderline=kind == "borderline") if text else None

    def changes(self, top: Mapping[str, Any]) -> list[Change]:
        readable = []
        for path, given in self.entries(top, (), "changes"):
            entry = _with_type(given)
            kind = entry.get("type") if isinstance(entry, Mapping) else None
            if kind not in KINDS:
                self.note(path, "unknown_change", found=_shown_value(kind), kinds=", ".join(KINDS))
                continue
            keys = CHANGE[kind]
            needed = [key for key in keys if key not in NOT_NEEDED_OF_A_CHANGE]
            before = len(self.findings)
            table = self.table(path, entry, ("type", *keys, "why"), needed)
            change = self.change(path, kind, table)
            if not change.why:
                codes = ", ".join(filter(None, concerned(change))) or "-"
                self.note(path, "no_why", kind=kind, codes=codes)
            elif len(self.findings) > before:
                continue
            readable.append(change)
        return readable

    def change(self, path: Path, kind: str, table: Mapping[str, Any]) -> Change:
        def text(key: str) -> str:
            return self.text(table, path, key)

        why = text("why")
        if kind == "merge":
            return Merge(self.texts(table, path, "from"), text("into"), why)
        if kind == "split":
            return Split(text("from"), self.texts(table, path, "into"), why)
        if kind == "redefine":
            return Redefine(text("code"), why, self.flag(table, path, "recode", default=True))
        if kind == "rename":
            return Rename(text("code"), text("from"), text("to"), why)
        if kind == "move":
            places = text("from_parent"), text("to_parent")
            return Move(text("code"), text("from"), text("to"), why, *places)
        return (Add if kind == "add" else Retire)(text("code"), why)


def _with_type(entry: Any) -> Any:
    """``{merge: {from, into}, why}`` and ``{add: code, why}`` as entries with a ``type``."""
    if not isinstance(entry, Mapping) or "type" in entry:
        return entry
    kinds = [kind for kind in KINDS if kind in entry]
    if len(kinds) != 1:
        return entry
    value = entry[kinds[0]]
    rest = {key: field for key, field in entry.items() if key != kinds[0]}
    return {"type": kinds[0], **(value if isinstance(value, Mapping) else {"code": value}), **rest}


def _shown_value(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, Mapping):
        return "{…}"
    return "[…]" if isinstance(value, list | tuple) else str(value)
