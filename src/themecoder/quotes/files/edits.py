"""Changing ``quotes.yaml``: only the lines that a change is about; all else stays as typed."""

from __future__ import annotations

import re
from pathlib import Path

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from themecoder.errors import InputError, Problem
from themecoder.quotes.choices import Choice
from themecoder.quotes.files.choices import load_yaml

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*(:[A-Za-z0-9][A-Za-z0-9_.-]*)+")


class Edits:
    """The text of quotes.yaml, changed choice by choice. ``text`` is what it is now."""

    def __init__(self, text: str, file: Path) -> None:
        """Raises InputError where ``text`` is no YAML."""
        self._file = file
        self._ends = "\r\n" if "\r\n" in text else "\n"
        self._lines = text.replace("\r\n", "\n").split("\n")
        if self._lines[-1] == "":
            self._lines.pop()
        self._read()

    @property
    def text(self) -> str:
        return "".join(line + self._ends for line in self._lines)

    def holds(self, code: str, key: str, choice: Choice) -> bool:
        """Whether ``key`` of ``code`` names this answer, at the same place where one is given."""
        return any(_is_choice(entry, choice) for entry in self._entries(code, key))

    def add(self, code: str, key: str, choice: Choice) -> None:
        """Put ``choice`` at the end of ``key`` (choose or never) of ``code``, unless it is
        there."""
        if self.holds(code, key, choice):
            return
        if self._data is None or code not in self._data:
            self._insert(
                len(self._lines), [f"{_scalar(code)}:", f"  {key}:", _item_line(4, choice)]
            )
            return
        section, row = self._data[code], self._data.lc.key(code)[0]
        if section is None:
            self._only_key(row)
            self._insert(row + 1, [f"  {key}:", _item_line(4, choice)])
            return
        self._block(section)
        indent = self._indent(section.lc.key(next(iter(section)))[0])
        entries = section.get(key)
        if entries is None:
            if key in section:
                at = section.lc.key(key)[0]
                self._only_key(at)
                self._insert(at + 1, [_item_line(indent + 2, choice)])
            else:
                self._insert(row + 1, [" " * indent + f"{key}:", _item_line(indent + 2, choice)])
        elif entries.fa.flow_style():
            self._flow(section, key, [*map(_entry_text, entries), _entry_text(_entry(choice))])
        else:
            last = len(entries) - 1
            dash = self._indent(entries.lc.item(last)[0])
            self._insert(self._last_row(entries, last) + 1, [_item_line(dash, choice)])

    def remove(self, code: str, key: str, answer_id: str) -> bool:
        """Take an answer out of ``key`` of ``code``, and a key that becomes empty with it; returns
        whether the answer was there."""
        entries = self._entries(code, key)
        matching = [n for n, entry in enumerate(entries) if _answer_id(entry) == answer_id]
        if not matching:
            return False
        assert self._data is not None  # it has entries
        section = self._data[code]
        self._block(section)
        if len(matching) == len(entries):
            first, last = section.lc.key(key)[0], self._last_row(entries, len(entries) - 1)
            if entries.fa.flow_style():
                self._one_line(section, key)
            if len(section) == 1:
                first = self._data.lc.key(code)[0]
            # comments between the lines stay: they are a person's
            rows = set(range(first, last + 1)) - self._comments(first, last)
            self._lines = [line for n, line in enumerate(self._lines) if n not in rows]
            self._read()
        elif entries.fa.flow_style():
            self._flow(
                section, key, [_entry_text(e) for n, e in enumerate(entries) if n not in matching]
            )
        else:
            for n in reversed(matching):
                first, last = entries.lc.item(n)[0], self._last_row(entries, n)
                del self._lines[first : last + 1]
            self._read()
        return True

    def _read(self) -> None:
        data = load_yaml(self.text, self._file)
        if data is not None and not isinstance(data, CommentedMap):
            raise self._not_editable(0)
        self._data: CommentedMap | None = data

    def _entries(self, code: str, key: str) -> CommentedSeq:
        section = self._data.get(code) if self._data else None
        return (section or {}).get(key) or CommentedSeq()

    def _insert(self, at: int, lines: list[str]) -> None:
        self._lines[at:at] = lines
        try:
            self._read()
        except InputError:  # a file that ends in "..." or holds "{}" can be read but not added to
            raise self._not_editable(at) from None

    def _block(self, section: CommentedMap) -> None:
        if section.fa.flow_style():
            raise self._not_editable(section.lc.line)

    def _only_key(self, row: int) -> None:
        """Raises InputError where more than a key and a comment stand on a line ("code: null")."""
        if not re.fullmatch(r"\s*[^#]*:\s*(#.*)?", self._lines[row]):
            raise self._not_editable(row)

    def _one_line(self, section: CommentedMap, key: str) -> re.Match[str]:
        """A list between brackets, with what stands before and after it on its line."""
        row = section.lc.key(key)[0]
        match = re.fullmatch(r"(\s*\w+:\s*)\[.*\](\s*(?:#.*)?)", self._lines[row])
        if match is None:
            raise self._not_editable(row)
        return match

    def _flow(self, section: CommentedMap, key: str, entries: list[str]) -> None:
        match = self._one_line(section, key)
        row = section.lc.key(key)[0]
        self._lines[row] = match[1] + "[" + ", ".join(entries) + "]" + match[2]
        self._read()

    def _last_row(self, entries: CommentedSeq, n: int) -> int:
        entry = entries[n]
        rows = [entries.lc.item(n)[0]]
        if isinstance(entry, CommentedMap):
            rows += [entry.lc.value(name)[0] for name in entry]
        return int(max(rows))

    def _comments(self, first: int, last: int) -> set[int]:
        return {n for n in range(first, last + 1) if self._lines[n].lstrip().startswith("#")}

    def _indent(self, row: int) -> int:
        line = self._lines[row]
        return len(line) - len(line.lstrip(" "))

    def _not_editable(self, row: int) -> InputError:
        return InputError(Problem("quotes.not_editable", file=self._file, row=row + 1))


def _answer_id(entry: object) -> object:
    return entry.get("answer") if isinstance(entry, CommentedMap) else entry


def _is_choice(entry: object, choice: Choice) -> bool:
    """Whether an entry names the same answer, and the same place where one is given."""
    if _answer_id(entry) != choice.answer_id:
        return False
    if choice.start is None or not isinstance(entry, CommentedMap):
        return choice.start is None
    return (entry.get("start"), entry.get("end")) == (choice.start, choice.end)


def _entry(choice: Choice) -> object:
    if choice.start is None:
        return choice.answer_id
    return {"answer": choice.answer_id, "start": choice.start, "end": choice.end}


def _entry_text(entry: object) -> str:
    """An entry as it is written between brackets or on a line of its own."""
    if isinstance(entry, dict):
        return "{" + ", ".join(f"{name}: {_scalar(value)}" for name, value in entry.items()) + "}"
    return _scalar(entry)


def _item_line(indent: int, choice: Choice) -> str:
    return " " * indent + "- " + _entry_text(_entry(choice))


def _scalar(value: object) -> str:
    """A value as YAML reads it back: in quotation marks unless it can only be read as text."""
    if isinstance(value, int) or _is_plain(str(value)):
        return str(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _is_plain(text: str) -> bool:
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", text):
        return text.casefold() not in ("null", "true", "false", "yes", "no", "on", "off", "y", "n")
    # YAML 1.1 reads digits with colons (12:30) as a number
    return bool(_PLAIN.fullmatch(text)) and not re.fullmatch(r"[0-9:.]+", text)
