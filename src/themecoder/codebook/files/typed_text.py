"""The text of a codebook file: written new, or changed so that all else stays as it was typed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from themecoder.codebook.changes import Change, record
from themecoder.codebook.model import Code, Codebook, Example, Group
from themecoder.codebook.parse import CODE, TOP
from themecoder.storage.yaml_editor import YamlEditor
from themecoder.storage.yaml_text import dump_yaml, in_brackets

_LISTS = ("groups", "codes", "changes")


def new_text(book: Codebook) -> str:
    """A codebook as the text of a new file, every key of every code in the contract's order."""
    # most codebooks have no memo
    top = [key for key in TOP if key not in _LISTS and (key != "memo" or book.memo)]
    data = {key: _top(book, key) for key in top}
    lists = {key: CommentedSeq(map(_new, getattr(book, key))) for key in _LISTS}
    return dump_yaml({**data, **lists})


def changed_text(editor: YamlEditor, before: Codebook, after: Codebook) -> YamlEditor:
    """The file in ``editor``, which holds ``before``, changed so that it holds ``after``.

    Raises InputError where its lines can't be changed one by one.
    """
    order = _order(before.codes, after.codes)
    typed = editor.data.get("codes")
    if order != sorted(order) and not typed.fa.flow_style():
        # what stands elsewhere is moved first, as it was typed
        editor = copy(editor)
        editor.reorder(("codes",), order)
        editor = editor.changed()
        before = replace(before, codes=tuple(before.codes[n] for n in order))
    editor = copy(editor)
    differ = [key for key in TOP if getattr(before, key) != getattr(after, key)]
    editor.set((), {key: _top(after, key) for key in differ if key not in _LISTS}, TOP)
    for key in _LISTS:
        _change_list(editor, key, getattr(before, key), getattr(after, key))
    return editor.changed()


def _order(before: Sequence[Code], after: Sequence[Code]) -> list[int]:
    """The places of the codes of ``before``, in the order of ``after``; those that it does not have
    stay behind the one before them."""
    place = {code.id: n for n, code in enumerate(after)}
    keys: list[tuple[int, int]] = []
    for n, code in enumerate(before):
        last = keys[-1][0] if keys else -1
        keys.append((place.get(code.id, last), n))
    return sorted(range(len(before)), key=keys.__getitem__)


def _change_list(editor: YamlEditor, key: str, before: Sequence[Any], after: Sequence[Any]) -> None:
    """Change a list at the top, entry by entry: groups and codes are the same by their id."""
    if before == after:
        return
    entries = editor.data.get(key)
    if not entries or entries.fa.flow_style() or not after:
        editor.set((), {key: CommentedSeq(map(_new, after))}, TOP)
        return
    old_names, new_names = ([getattr(one, "id", one) for one in s] for s in (before, after))
    matcher = SequenceMatcher(None, old_names, new_names, autojunk=False)
    for what, start, end, first, last in matcher.get_opcodes():
        if what == "equal":
            pairs = zip(before[start:end], after[first:last], strict=True)
            for place, (old, new) in enumerate(pairs, start):
                if old != new:
                    fields = _fields(new).items()
                    values = {k: v for k, v in fields if getattr(old, k) != getattr(new, k)}
                    editor.set((key, place), values, CODE)
            continue
        for place in range(start, end):
            editor.remove((key, place))
        if first < last:
            editor.insert((key,), end, [_new(one) for one in after[first:last]])


def _new(one: Code | Group | Change) -> CommentedMap:
    if isinstance(one, Group):
        return CommentedMap(id=one.id, label=one.label)
    if isinstance(one, Code):
        # most codes have none of these
        rare = ("hotkey", "parent", "number", "memo", "scale", "values")
        return CommentedMap({k: v for k, v in _fields(one).items() if k not in rare or v})
    fields = record(one).items()
    return CommentedMap({k: in_brackets(v) if isinstance(v, list) else v for k, v in fields})


def _fields(one: Code | Group) -> dict[str, Any]:
    if isinstance(one, Group):
        return {"label": one.label}
    return {key: _plain(one, key) for key in CODE}


def _plain(code: Code, key: str) -> Any:
    value = getattr(code, key)
    if key == "examples":
        return CommentedSeq([_example(one) for one in value])
    if key == "values":
        return CommentedSeq([CommentedMap(id=one.id, label=one.label) for one in value])
    if key == "questions":
        return in_brackets(value)
    if isinstance(value, str) and key not in ("id", "label", "definition"):
        return value or None
    return value


def _example(example: Example) -> CommentedMap:
    return CommentedMap({"borderline" if example.borderline else "typical": example.text})


def _top(book: Codebook, key: str) -> Any:
    value = getattr(book, key)
    if key == "released":
        return datetime.date.fromisoformat(value) if value else None
    return (value or None) if key == "memo" else value
