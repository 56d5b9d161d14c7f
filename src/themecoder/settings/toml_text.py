"""A study.toml changed in its text, so that all else stays as a person typed it.

A change writes only the lines of what it is about; every other line, comments and blank lines too,
keeps its bytes. What the changed text says is held against what it should say: where a file is
written in a way that this can't change, nothing is.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from themecoder.errors import InputError, Problem
from themecoder.settings.lines import TomlEntry, TomlPath, comment_of, entries

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_value(value: Any) -> str:
    """A value as TOML writes it: JSON's escapes are TOML's, but for delete, which JSON leaves
    bare."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    return f"[{', '.join(map(toml_value, value))}]"


def toml_key(name: str) -> str:
    return name if _BARE.fullmatch(name) else toml_value(name)


def with_value(text: str, path: TomlPath, value: Any) -> str:
    """``text`` with ``value`` at ``path``: ("coding", "coders") or ("questions", 0, "asked"). A
    table that is not there comes at the end."""
    newline = _newline(text)
    lines = _lines(text)
    found = entries(text)
    new = f"{toml_key(str(path[-1]))} = {toml_value(value)}"
    there = [entry for entry in found if entry.path == path and not entry.header]
    if there:
        first, last = there[0].row - 1, there[0].end
        comment = comment_of(lines[last - 1]) if there[0].row == there[0].end else ""
        lines[first:last] = [new + (f"  {comment}" if comment else "") + newline]
    elif (row := _end_of_own_keys(found, path[:-1])) is not None:
        _insert(lines, row, [new], newline)
    else:
        header = ".".join(toml_key(str(part)) for part in path[:-1])
        _insert(lines, len(lines), ["", f"[{header}]", new], newline)
    return _checked("".join(lines), text, lambda data: _put(data, path, value))


def without(text: str, path: TomlPath) -> str:
    """``text`` without the key or the table at ``path`` and what is below it. Comments that stand
    before what follows stay: they are about that."""
    found = entries(text)
    own = [entry for entry in found if entry.path[: len(path)] == path]
    if not own:
        return text
    lines = _lines(text)
    first, last = min(entry.row for entry in own), max(entry.end for entry in own)
    del lines[first - 1 : last]
    while (
        first - 2 >= 0
        and first - 1 < len(lines)
        and not (lines[first - 2].strip() or lines[first - 1].strip())
    ):
        del lines[first - 1]  # one blank line is enough where a table was
    return _checked("".join(lines), text, lambda data: _take(data, path))


def with_entry(text: str, array: str, entry: Sequence[str], after: Sequence[str] = ()) -> str:
    """``text`` with another table in the array ``array``, whose lines are ``entry`` from its header
    on: behind its last one, else behind the last table of the first of ``after`` that is there,
    else at the end."""
    found = entries(text)
    lines = _lines(text)
    ends = [
        max((one.end for one in found if one.path[0] == name and len(one.path) > 1), default=0)
        for name in (array, *after)
    ]
    row = next((end for end in ends if end), len(lines))
    _insert(lines, row, ["", *entry], _newline(text))
    new = tomllib.loads("\n".join(entry))[array]
    return _checked("".join(lines), text, lambda data: data.setdefault(array, []).extend(new))


def with_table(text: str, path: TomlPath, table: Mapping[str, str]) -> str:
    """``text`` with the table of texts at ``path``, such as ("closed", 0, "values"), in the order
    of ``table``."""
    cleared = without(text, path)
    found = entries(cleared)
    row = _end_of_own_keys(found, path[:-1])
    lines = _lines(cleared)
    header = ".".join(toml_key(part) for part in path if isinstance(part, str))
    own = [f"{toml_key(key)} = {toml_value(value)}" for key, value in table.items()]
    _insert(lines, row if row is not None else len(lines), [f"[{header}]", *own], _newline(text))
    return _checked("".join(lines), cleared, lambda data: _put(data, path, dict(table)))


def _end_of_own_keys(found: Sequence[TomlEntry], table: TomlPath) -> int | None:
    """The line after which another key of ``table`` can stand; None where it has no place yet."""
    own = [
        entry.end
        for entry in found
        if (entry.header and entry.path == table) or (not entry.header and entry.table == table)
    ]
    return max(own, default=None if table else 0)


def _insert(lines: list[str], row: int, new: Sequence[str], newline: str) -> None:
    if 0 < row <= len(lines) and not lines[row - 1].endswith("\n"):
        lines[row - 1] += newline
    lines[row:row] = [line + newline for line in new]


def _lines(text: str) -> list[str]:
    # not splitlines: a text may hold other marks that it takes for the end of a line
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _checked(text: str, before: str, change: Callable[[dict[str, Any]], None]) -> str:
    """``text`` where it says what ``before`` said with ``change``. Raises InputError else."""
    expected = tomllib.loads(before)
    try:
        change(expected)
        if tomllib.loads(text) == expected:
            return text
    except (tomllib.TOMLDecodeError, KeyError, IndexError, TypeError, AttributeError):
        pass
    raise InputError(Problem("correct.not_editable"))


def _put(data: Any, path: TomlPath, value: Any) -> None:
    for part in path[:-1]:
        data = data.setdefault(part, {}) if isinstance(part, str) else data[part]
    data[path[-1]] = list(value) if isinstance(value, (list, tuple)) else value


def _take(data: Any, path: TomlPath) -> None:
    parents = []
    for part in path[:-1]:
        parents.append((data, part))
        data = data[part]
    del data[path[-1]]
    # an array whose last table is taken away is not there any more
    if parents and isinstance(data, list) and not data:
        holder, name = parents[-1]
        del holder[name]
    elif len(path) == 2 and isinstance(path[1], int) and not data:
        raise KeyError(path)
