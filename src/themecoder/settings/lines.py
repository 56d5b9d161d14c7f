"""On which line of a TOML file each key stands, so that a problem can say where it is."""

from __future__ import annotations

import re

TomlPath = tuple[str | int, ...]

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_KEY = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=(?!=)")
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]")
# What may open, close or hide a bracket: strings (triple first), comments, brackets.
_TOKEN = re.compile(r'''"""|\'\'\'|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\#[^\n]*|[\[\]{}]''', re.DOTALL)


def key_lines(text: str) -> dict[TomlPath, int]:
    """Path of each key and table -> the line it stands on (first line 1).

    Entries of an array of tables are counted from 0: ``("questions", 1, "asked")``. Keys inside
    inline tables are not looked for. Made for text that ``tomllib`` has read; on other text it
    finds what it can.
    """
    lines: dict[TomlPath, int] = {}
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
                    lines.setdefault(table, row)
                    table = (*table, counts[table])
                lines.setdefault(table, row)
                continue
            key = _KEY.match(line)
            if key is None:
                continue
            path = table
            for part in _parts(key.group(1)):
                path = (*path, part)
                lines.setdefault(path, row)
            rest = line[key.end() :]
        depth, quote = _open_after(rest, depth, quote)
    return lines


def line_of(path: TomlPath, lines: dict[TomlPath, int]) -> int | None:
    """The line of the key, or of the innermost table around it that has one."""
    while path:
        if path in lines:
            return lines[path]
        path = path[:-1]
    return None


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_PART, dotted)]


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
