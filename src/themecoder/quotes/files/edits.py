"""Changing ``quotes.yaml``: only the lines that a change is about; all else stays as typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from themecoder.errors import InputError, Problem
from themecoder.quotes.choices import Choice
from themecoder.quotes.files.choices import CHOOSE, NEVER, NOTE
from themecoder.storage.yaml_editor import YamlEditor
from themecoder.storage.yaml_text import in_brackets

_KEYS = (CHOOSE, NEVER, NOTE)
_NO_TEXT = re.compile(r"[0-9:.]+|null|true|false|yes|no|on|off|y|n", re.IGNORECASE)
"""What YAML 1.1, which other programs still read, takes for a number or a truth value."""


class Edits:
    """The text of quotes.yaml, changed choice by choice. ``text`` is what it is now."""

    def __init__(self, text: str, file: Path) -> None:
        """Raises InputError where ``text`` is no YAML."""
        self._editor = YamlEditor(text, file, "quotes", offset=2)
        if not isinstance(self._editor.data, CommentedMap | None):
            raise InputError(Problem("quotes.not_editable", file=file, row=1))

    @property
    def text(self) -> str:
        return self._editor.text

    def holds(self, code: str, key: str, choice: Choice) -> bool:
        """Whether ``key`` of ``code`` names this answer, at the same place where one is given."""
        return any(_is_choice(entry, choice) for entry in self._entries(code, key))

    def add(self, code: str, key: str, choice: Choice) -> None:
        """Put ``choice`` at the end of ``key`` (choose or never) of ``code``, unless it is
        there."""
        if self.holds(code, key, choice):
            return
        entries = (self._sections.get(code) or {}).get(key)
        if entries is not None:
            self._editor.insert((code, key), len(entries), [_entry(choice)])
        elif code in self._sections:
            self._editor.set((code,), {key: [_entry(choice)]}, _KEYS)
        else:
            section = CommentedMap({key: [_entry(choice)]})
            self._editor.set((), {_text(code): section})
        self._editor = self._editor.changed()

    def remove(self, code: str, key: str, answer_id: str) -> bool:
        """Take an answer out of ``key`` of ``code``, and a key that becomes empty with it; returns
        whether the answer was there."""
        entries = self._entries(code, key)
        matching = [n for n, entry in enumerate(entries) if _answer_id(entry) == answer_id]
        if matching and len(matching) == len(entries):
            alone = len(self._sections[code]) == 1
            self._editor.remove((code,) if alone else (code, key))
            self._editor = self._editor.changed()
        else:
            for n in reversed(matching):
                self._editor.remove((code, key, n))
                self._editor = self._editor.changed()
        return bool(matching)

    @property
    def _sections(self) -> Mapping[str, Any]:
        return self._editor.data or {}

    def _entries(self, code: str, key: str) -> CommentedSeq:
        return (self._sections.get(code) or {}).get(key) or CommentedSeq()


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
    answer = _text(choice.answer_id)
    if choice.start is None:
        return answer
    return in_brackets({"answer": answer, "start": choice.start, "end": choice.end})


def _text(value: str) -> str:
    return DoubleQuotedScalarString(value) if _NO_TEXT.fullmatch(value) else value
