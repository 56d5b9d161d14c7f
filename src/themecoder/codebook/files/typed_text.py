"""The text of a codebook file: written new, or changed so that all else stays as it was typed.

A change writes only the lines of the keys and entries that it is about; every other line, comments
and blank lines too, keeps its bytes. Version control then shows the change and nothing else.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from themecoder.codebook.changes import Change, record
from themecoder.codebook.model import Code, Codebook, Example, Group
from themecoder.codebook.parse import CODE, TOP

_WIDTH = 100
T = TypeVar("T", bound=Code | Group | Change)


def loaded(text: str) -> Any:
    """The data of a YAML text with the lines of everything in it. Raises ruamel's YAMLError."""
    return _yaml().load(text)


def new_text(book: Codebook) -> str:
    """A codebook as the text of a new file, every key of every code in the contract's order."""
    data = CommentedMap()
    for key in ("id", "version", "language", "title", "released"):
        data[key] = _top(book, key)
    for key in ("groups", "codes", "changes"):
        data[key] = CommentedSeq([_new(one) for one in getattr(book, key)])
    return _dumped(data)


def changed_text(text: str, data: CommentedMap, before: Codebook, after: Codebook) -> str:
    """``text``, which holds ``before`` and whose data are ``data``, changed to hold ``after``.

    Raises NotLineByLineError or ruamel's YAMLError where its lines can't be changed one by one.
    """
    typed = _Typed(text, data)
    for key in ("version", "title", "language", "released"):
        if getattr(before, key) != getattr(after, key):
            typed.set(key, _top(after, key))
    typed.entries("groups", before.groups, after.groups, lambda group: group.id)
    typed.entries("codes", before.codes, after.codes, lambda code: code.id)
    typed.entries("changes", before.changes, after.changes, record)
    return typed.text()


class NotLineByLineError(Exception):
    """A file in which an entry shares its lines with others."""


class _Typed:
    """The lines of a file, and what is to be put in their place."""

    def __init__(self, text: str, data: CommentedMap) -> None:
        self._lines = text.split("\n")
        ends = (n for n, line in enumerate(self._lines) if line.startswith("..."))
        self._last = next(ends, len(self._lines))
        self._data = data
        self._new: list[tuple[int, int, list[str]]] = []

    def text(self) -> str:
        # from the end, so that the places of the others hold; at one place the first given is above
        lines = list(self._lines)
        ordered = sorted((start, end, n, new) for n, (start, end, new) in enumerate(self._new))
        for start, end, _, new in reversed(ordered):
            lines[start:end] = new
        return "\n".join(lines)

    def set(self, key: str, value: Any) -> None:
        """Give a key at the top another value; a comment behind it stays."""
        if key not in self._data:
            self._insert_key(key, _lines({key: value}))
            return
        start, end = self._block(key)
        block = loaded("\n".join(self._lines[start:end]))
        block[key] = value
        self._new.append((start, end, _lines(block)))

    def entries(
        self, key: str, before: Sequence[T], after: Sequence[T], name: Callable[[T], Any]
    ) -> None:
        """Change a list at the top, entry by entry; entries are the same by their ``name``."""
        if before == after:
            return
        seq = self._data.get(key)
        if not isinstance(seq, CommentedSeq) or not seq or seq.fa.flow_style():
            self._whole(key, after)
            return
        kept, added = _match(before, after, name)
        start, stop = self._block(key)
        rows = [seq.lc.item(place)[0] for place in range(len(seq))]
        if any(not self._lines[row].lstrip().startswith("- ") for row in rows):
            raise NotLineByLineError
        offset = _indent(self._lines[rows[0]])
        ends = [
            self._end(row, below, offset + 2)
            for row, below in zip(rows, [*rows[1:], stop], strict=True)
        ]
        if not any(kept) and not after:
            self._new.append((start, start + 1, [self._lines[start].replace(":", ": []", 1)]))
        for place, (old, new) in enumerate(zip(before, kept, strict=True)):
            if new is None:
                self._new.append((rows[place], ends[place], []))
            elif new != old:
                block = [f"{key}:", *self._lines[rows[place] : ends[place]]]
                lines = _rewritten(block, key, old, new, offset)
                self._new.append((rows[place], ends[place], lines))
        apart = any(end < row for end, row in zip(ends, rows[1:], strict=False))
        for place, entries in added.items():
            lines = _lines({key: CommentedSeq([_new(one) for one in entries])}, offset)[1:]
            where = ends[place] if place >= 0 else rows[0]
            self._new.append((where, where, ["", *lines] if apart and place >= 0 else lines))

    def _whole(self, key: str, after: Sequence[Any]) -> None:
        """Write a list anew that has no entries on lines of their own."""
        known = [one for one in self._data.values() if isinstance(one, CommentedSeq) and one]
        block = [one for one in known if not one.fa.flow_style()]
        offset = _indent(self._lines[block[0].lc.item(0)[0]]) if block else 0
        lines = _lines({key: CommentedSeq([_new(one) for one in after])}, offset)
        if key in self._data:
            self._new.append((*self._block(key), lines))
        else:
            self._insert_key(key, lines)

    def _insert_key(self, key: str, lines: list[str]) -> None:
        before = [one for one in TOP[: TOP.index(key)] if one in self._data]
        where = self._block(before[-1])[1] if before else 0
        self._new.append((where, where, lines))

    def _block(self, key: str) -> tuple[int, int]:
        """The lines of a key at the top: from its own to that after its last."""
        rows = {one: self._data.lc.key(one)[0] for one in self._data}
        stop = min((row for row in rows.values() if row > rows[key]), default=self._last)
        return rows[key], self._end(rows[key], stop, 0)

    def _end(self, row: int, stop: int, most: int) -> int:
        """The line after the last of what begins at ``row``, where ``stop`` begins the next.

        Blank lines and comments before the next, indented ``most``, belong to that.
        """
        while stop > row + 1:
            line = self._lines[stop - 1]
            comment = line.lstrip().startswith("#") and _indent(line) <= most
            if line.strip() and not comment:
                break
            stop -= 1
        return stop


def _match(
    before: Sequence[T], after: Sequence[T], name: Callable[[T], Any]
) -> tuple[list[T | None], dict[int, list[T]]]:
    """What each of ``before`` becomes, and what comes in after which place (-1: at the start)."""
    wanted = [name(one) for one in after]
    kept: list[T | None] = []
    added: dict[int, list[T]] = {}
    place = 0
    for number, old in enumerate(before):
        if name(old) not in wanted[place:]:
            kept.append(None)
            continue
        found = wanted.index(name(old), place)
        if found > place:
            added[number - 1] = list(after[place:found])
        kept.append(after[found])
        place = found + 1
    if after[place:]:
        added[len(before) - 1] = list(after[place:])
    return kept, added


def _rewritten(block: Sequence[str], key: str, old: Any, new: Any, offset: int) -> list[str]:
    """The lines of an entry of the list ``key`` with what differs between old and new set."""
    data = loaded("\n".join(block))
    entry = data[key][0]
    for name, value in _fields(new).items():
        if getattr(old, name) != getattr(new, name):
            _set(entry, name, value, CODE)
    return _lines(data, offset)[1:]


def _new(one: Code | Group | Change) -> CommentedMap:
    if isinstance(one, Group):
        return CommentedMap(id=one.id, label=one.label)
    if isinstance(one, Code):
        # the keyboard is a coder's matter; most codebooks have no keys
        return CommentedMap(
            {k: value for k, value in _fields(one).items() if k != "hotkey" or value}
        )
    return CommentedMap(
        {k: _flow(value) if isinstance(value, list) else value for k, value in record(one).items()}
    )


def _fields(one: Code | Group) -> dict[str, Any]:
    if isinstance(one, Group):
        return {"label": one.label}
    return {key: _plain(one, key) for key in CODE}


def _plain(code: Code, key: str) -> Any:
    value = getattr(code, key)
    if key == "examples":
        return CommentedSeq([_example(one) for one in value])
    if key == "questions":
        return _flow(value)
    if isinstance(value, str) and key not in ("id", "label", "definition"):
        return value or None
    return value


def _example(example: Example) -> CommentedMap:
    return CommentedMap({"borderline" if example.borderline else "typical": example.text})


def _top(book: Codebook, key: str) -> Any:
    value = getattr(book, key)
    if key == "released":
        return datetime.date.fromisoformat(value) if value else None
    return value


def _flow(values: Sequence[str]) -> CommentedSeq:
    row = CommentedSeq(values)
    row.fa.set_flow_style()
    return row


def _set(entry: CommentedMap, key: str, value: Any, order: Sequence[str]) -> None:
    """Set ``key``; where it is new it goes after the keys that stand before it in ``order``."""
    if key in entry:
        entry[key] = value
        return
    before = order[: order.index(key)]
    place = max((i + 1 for i, one in enumerate(entry) if one in before), default=0)
    entry.insert(place, key, value)


def _yaml(offset: int = 0) -> YAML:
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.preserve_quotes = True
    yaml.allow_duplicate_keys = False
    yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
    yaml.representer.add_representer(type(None), _null)
    return yaml


def _null(representer: Any, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _lines(data: Mapping[str, Any], offset: int = 0) -> list[str]:
    plain = data if isinstance(data, CommentedMap) else CommentedMap(data)
    return _dumped(plain, offset).rstrip("\n").split("\n")


def _dumped(data: CommentedMap, offset: int = 0) -> str:
    stream = io.StringIO()
    _yaml(offset).dump(data, stream)
    # ruamel leaves a space where a long line is folded
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
