"""On which line of a TOML file each key stands, so that a problem can say where it is."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace

TomlPath = tuple[str | int, ...]

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=(?!=)")
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]")
# What may open, close or hide a bracket: strings (triple first), comments, brackets.
_TOKEN = re.compile(r'''"""|\'\'\'|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#[^\n]*|[\[\]{}]''', re.DOTALL)


@dataclass(frozen=True, slots=True)
class TomlEntry:
    """A header or a key: from line ``row`` to ``end``, in the table ``table``."""

    path: TomlPath
    row: int
    end: int
    header: bool
    table: TomlPath


def key_lines(text: str) -> dict[TomlPath, int]:
    """Path of each key and table -> the line it stands on (first line 1).

    Entries of an array of tables are counted from 0: ``("questions", 1, "asked")``. Keys inside
    inline tables are not looked for. Made for text that ``tomllib`` has read; on other text it
    finds what it can.
    """
    lines: dict[TomlPath, int] = {}
    for entry in entries(text):
        if entry.header and isinstance(entry.path[-1], int):
            lines.setdefault(entry.path[:-1], entry.row)
        for length in range(len(entry.table) + 1, len(entry.path)):
            lines.setdefault(entry.path[:length], entry.row)
        lines.setdefault(entry.path, entry.row)
    return lines


def entries(text: str) -> list[TomlEntry]:
    """Every header and every key of ``text``, in its order; see ``key_lines``."""
    found: list[TomlEntry] = []
    counts: dict[TomlPath, int] = {}
    table: TomlPath = ()
    depth, quote = 0, ""
    for row, line in enumerate(text.split("\n"), start=1):
        rest = line
        if not quote and depth == 0:
            if header := _HEADER.match(line):
                table = _with_last_entries(_parts(header.group(2)), counts)
                if header.group(1) == "[[":
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
                found.append(TomlEntry(table, row, row, header=True, table=table))
                continue
            key = _KEY.match(line)
            if key is None:
                continue
            path = (*table, *_parts(key.group(1)))
            found.append(TomlEntry(path, row, row, header=False, table=table))
            rest = line[key.end() :]
        depth, quote = _open_after(rest, depth, quote)
        if found and not found[-1].header:
            found[-1] = replace(found[-1], end=row)
    return found


def comment_of(line: str) -> str:
    """The comment at the end of a line with a value; empty where there is none."""
    tokens = (token.group() for token in _TOKEN.finditer(line))
    return next((token.rstrip() for token in tokens if token.startswith("#")), "")


def line_of(path: TomlPath, lines: dict[TomlPath, int]) -> int | None:
    """The line of the key, or of the innermost table around it that has one."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def _parts(dotted: str) -> list[str]:
    return [_unquoted(part) for part in re.findall(_PART, dotted)]


def _unquoted(part: str) -> str:
    if part.startswith('"') and "\\" in part:
        try:
            return str(json.loads(part))
        except ValueError:
            pass
    return part.strip("\"'")


def _with_last_entries(parts: list[str], counts: dict[TomlPath, int]) -> TomlPath:
    """The path of a header: below an array of tables it means that array's last entry."""
    path: TomlPath = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        if position < len(parts) - 1 and path in counts:
            path = (*path, counts[path])
    return path


def _open_after(rest: str, depth: int, quote: str) -> tuple[int, str]:
    """Bracket depth and open triple quote after ``rest`` of a line."""
    position = 0
    while position < len(rest):
        if quote:
            end = rest.find(quote, position)
            if end < 0:
                return depth, quote
            position, quote = end + 3, ""
            continue
        token = _TOKEN.search(rest, position)
        if token is None:
            break
        position = token.end()
        if token.group() in ('"""', "'''"):
            quote = token.group()
        elif token.group() in ("[", "{"):
            depth += 1
        elif token.group() in ("]", "}"):
            depth = max(0, depth - 1)
    return depth, quote
