"""YAML files that people type: read with lines, changed so that all else stays as it was typed.

A change writes only the lines of the keys and entries that it is about; every other line, comments
and blank lines too, keeps its bytes. Version control then shows the change and nothing else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import accumulate, pairwise
from operator import getitem
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, SingleQuotedScalarString

from themecoder.errors import InputError, Problem
from themecoder.storage.yaml_text import WIDTH, KeyPath, dump_yaml, in_brackets, load_yaml, yaml

_UNLIMITED = 10**9
_QUOTED = {"'": SingleQuotedScalarString, '"': DoubleQuotedScalarString}
_LIST = re.compile(r"^( *)[^\s#-].*:[^\S\n]*(?:#.*)?\n\1( *)- ", re.MULTILINE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)")


@dataclass(frozen=True, slots=True)
class _Place:
    """A value with its key, where it has one, and their lines from ``start`` to before ``end``.

    ``column``: where the key or the dash stands.
    """

    node: Node
    key: Node | None
    start: int
    end: int
    column: int

    @property
    def is_block(self) -> bool:
        """Whether it is a table or list whose entries stand on lines of their own."""
        return isinstance(self.node, CollectionNode) and not self.node.flow_style


class YamlEditor:
    """The text of a YAML file and changes to it. All places are those of the text as given.

    Changes may be several as long as no two are about the same key, entry or brackets. ``offset``:
    how far the entries of lists are indented where the file has no list to follow.
    """

    def __init__(self, text: str, file: Path, area: str, offset: int = 0) -> None:
        """Raises InputError as ``load_yaml`` does."""
        self.text = text
        self.data = load_yaml(text, file, area)
        self._file, self._area = file, area
        self._typed = text if not text or text[-1] in "\r\n" else f"{text}\n"
        self._lines = _LINE.findall(self._typed)
        self._starts = [0, *accumulate(map(len, self._lines))]
        self._break = "\r\n" if self._lines and self._lines[0].endswith("\r\n") else "\n"
        listed = _LIST.search(text)
        self._offset = len(listed[2]) if listed else offset
        self._changes: tuple[tuple[int, int, str], ...] = ()

    def set(self, path: KeyPath, values: Mapping[str, Any], order: Sequence[str] = ()) -> None:
        """Give keys of the table at ``path`` other values.

        A key that is new goes behind those that stand before it in ``order``, else to the end.
        """
        table = self._find(path)
        places = self._children(table)
        if _is_empty(table.node):
            row = table.start + 1 if path else table.end
            self._put(row, row, self._block(values, table.column + 2 if path else 0))
        elif not isinstance(table.node, MappingNode) or "<<" in places:
            raise self._refusal(table)
        elif not table.is_block:
            self._rewrite(table, {**self._value(path), **values})
        else:
            for key, value in values.items():
                if key in places:
                    self._replace(places[key], key, value)
                    continue
                before = order[: order.index(key)] if order else ()
                above = [name for name in before if name in places] or list(map(str, places))
                last = places[above[-1]]
                self._put(last.end, last.end, self._block({key: value}, last.column))

    def insert(self, path: KeyPath, at: int, values: Sequence[Any]) -> None:
        """Put ``values`` before the entry number ``at`` of the list at ``path``, or at its end."""
        found = self._find(path)
        if not isinstance(found.node, SequenceNode):
            raise self._refusal(found)
        if not found.is_block:
            entries = self._value(path)
            self._rewrite(found, [*entries[:at], *values, *entries[at:]])
            return
        places = [*self._children(found).values()]
        offset = places[0].column - found.column
        lines = self._block({"list": CommentedSeq(values)}, found.column, offset)[1:]
        row = places[at - 1].end if at else places[0].start
        # entries that a blank line sets apart stay so
        before = min(at, len(places) - 1) - 1
        apart = before >= 0 and self._is_blank(places[before].end)
        self._put(row, row, ["", *lines] if apart else lines)

    def remove(self, path: KeyPath) -> None:
        """Take a key or an entry out with its lines; comments between the entries of a key stay."""
        *above, last = path
        parent = self._find(above)
        if isinstance(parent.node, SequenceNode) and not parent.is_block:
            kept = [one for n, one in enumerate(self._value(above)) if n != last]
            self._rewrite(parent, kept)
            return
        found = self._find(path)
        if found.key and self._lines[found.start][: found.column].strip():
            raise self._refusal(found)  # the first key of an entry, behind the dash
        rows = list(self._rows(found))
        is_last = last == len(self._value(above)) - 1
        if found.key is None and last and (is_last or self._is_blank(found.end)):
            # the blank line that sets it apart from the entry before
            rows += [row for row in (found.start - 1,) if self._is_blank(row)]
        for row in rows:
            self._put(row, row + 1, [])

    def reorder(self, path: KeyPath, order: Sequence[int]) -> None:
        """Put all entries of the list at ``path`` in another ``order``, of their places now.

        Comments right above an entry, but for the first, go along; blank lines between entries
        stay where they are.
        """
        found = self._find(path)
        if not isinstance(found.node, SequenceNode) or not found.is_block:
            raise self._refusal(found)
        places = [*self._children(found).values()]
        gaps, entries = [], []
        for place, above in zip(places, [None, *places], strict=False):
            start = first = above.end if above else place.start
            while first < place.start and self._is_blank(first):
                first += 1
            gaps.append(self._lines[start:first])
            entries.append(self._lines[first : place.end])
        lines = [line for gap, n in zip(gaps, order, strict=True) for line in (*gap, *entries[n])]
        start, end = self._starts[places[0].start], self._starts[places[-1].end]
        self._change(start, end, "".join(lines))

    def changed(self) -> YamlEditor:
        """The editor of the text with all changes made. Raises InputError where that is no YAML."""
        text = self._typed
        # from the end, so that the places of the others hold; at one place the first given is above
        ordered = sorted((start, end, n, new) for n, (start, end, new) in enumerate(self._changes))
        for start, end, _, new in reversed(ordered):
            text = text[:start] + new + text[end:]
        if self._typed != self.text:
            text = text.removesuffix("\n")
        try:
            return YamlEditor(text, self._file, self._area, self._offset)
        except InputError:
            raise self._refusal() from None

    def _replace(self, place: _Place, key: str, value: Any) -> None:
        """Write another value behind a key of a block; a comment behind it stays."""
        assert place.key is not None  # it is in a table
        node, after_key = place.node, place.key.end_mark.index
        colon = self._typed.find(":", after_key) + 1
        start, end = node.start_mark.index, node.end_mark.index
        if start < after_key or self._typed[after_key:colon].strip() != ":":
            raise self._refusal(place)  # a reference to another place, or a key after "?"
        if isinstance(node, ScalarNode) and isinstance(value, str) and "\n" not in value:
            value = _QUOTED.get(node.style, str)(value)
        name = "k" * len(key)
        first, *more = self._block({name: value}, place.column)
        written = "".join(self._break + line for line in more)
        if place.is_block or _is_empty(node):
            start = end = colon
            for row in list(self._rows(place))[1:] if place.is_block else ():
                self._put(row, row + 1, [])
        elif isinstance(node, ScalarNode) and node.style in ("|", ">"):
            end = self._starts[place.end] - len(self._break)
        if first.endswith(":"):
            line = bisect_right(self._starts, end - 1)
            self._change(colon, end, "")
            start = end = self._starts[line] - len(self._break)
        else:
            first = first[place.column + len(name) + 2 :]
            written = (" " if start == colon else "") + first + written
        self._change(start, end, written)

    def _rewrite(self, place: _Place, value: Any) -> None:
        """Write another value between the brackets of a list or table."""
        node = place.node
        if node is self._root or node.start_mark.line != node.end_mark.line:
            raise self._refusal(place)
        data = {"key": in_brackets(value)}
        written = dump_yaml(data, width=_UNLIMITED).strip().removeprefix("key: ")
        self._change(node.start_mark.index, node.end_mark.index, written)

    def _put(self, start: int, end: int, lines: Sequence[str]) -> None:
        """Write ``lines`` in place of those from ``start`` to before ``end``."""
        written = "".join(line + self._break for line in lines)
        self._change(self._starts[start], self._starts[end], written)

    def _change(self, start: int, end: int, written: str) -> None:
        self._changes += ((start, end, written),)

    def _is_blank(self, row: int) -> bool:
        return not self._lines[row].strip()

    def _block(
        self, values: Mapping[str, Any], column: int, offset: int | None = None
    ) -> list[str]:
        """The lines of a table whose keys stand in ``column``."""
        offset = self._offset if offset is None else offset
        lines = dump_yaml(values, offset, WIDTH - column).rstrip("\n").split("\n")
        return [" " * column + line if line else line for line in lines]

    @cached_property
    def _root(self) -> Node:
        return yaml().compose(self._typed) or ScalarNode("", "")

    def _value(self, path: KeyPath) -> Any:
        return reduce(getitem, path, self.data)

    def _find(self, path: KeyPath) -> _Place:
        """Raises InputError where there is nothing at ``path``."""
        ends = (n for n, line in enumerate(self._lines) if line.startswith("..."))
        place = _Place(self._root, None, 0, next(ends, len(self._lines)), 0)
        for part in path:
            children = self._children(place)
            if part not in children:
                raise self._refusal(place)
            place = children[part]
        return place

    def _children(self, place: _Place) -> dict[str | int, _Place]:
        """What is in a table or list on lines of its own; nothing where that is between brackets.

        Raises InputError where its parts share their lines.
        """
        node = place.node
        if not place.is_block:
            return {}
        is_table = isinstance(node, MappingNode)
        pairs = node.value if is_table else [(None, value) for value in node.value]
        marks = [(key or value).start_mark for key, value in pairs]
        rows = [mark.line for mark in marks]
        column = marks[0].column if is_table else node.start_mark.column
        dashes = is_table or all(self._lines[n][: column + 1].strip() == "-" for n in rows)
        # what is a reference stands elsewhere
        in_order = rows[0] >= place.start and all(a < b for a, b in pairwise(rows))
        if not dashes or not in_order:
            raise self._refusal(place)
        most = column if is_table else column + 2
        bounds = zip(rows, [*rows[1:], place.end], strict=True)
        return {
            str(key.value) if key else n: _Place(
                value, key, row, self._end(row, below, most), column
            )
            for n, ((key, value), (row, below)) in enumerate(zip(pairs, bounds, strict=True))
        }

    def _end(self, row: int, stop: int, most: int) -> int:
        """The line after the last of what begins at ``row``, where ``stop`` begins the next.

        Blank lines and comments before the next, indented ``most``, belong to that.
        """
        while stop > row + 1:
            line = self._lines[stop - 1]
            indent = len(line) - len(line.lstrip())
            if line.strip() and not (line.lstrip().startswith("#") and indent <= most):
                break
            stop -= 1
        return stop

    def _rows(self, place: _Place) -> Iterator[int]:
        """The lines of a key without the comments between its entries; all lines of an entry."""
        if place.key is None or not place.is_block:
            yield from range(place.start, place.end)
            return
        yield place.start
        for child in self._children(place).values():
            yield from self._rows(child)

    def _refusal(self, place: _Place | None = None) -> InputError:
        row = place.start + 1 if place else None
        return InputError(Problem(f"{self._area}.not_editable", file=self._file, row=row))


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.value and not node.style
