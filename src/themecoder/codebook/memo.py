"""A code's texts as one memo that people read in other tools, and back again without loss.

    Definitie: …
    Wel: …
    Niet: …
    Voorbeeld: …
    Grensgeval: …
    Memo: …
    themecoder: {"id": "privacy", "questions": ["q7"]}

Lines of a text that go on are indented by two spaces. The last line holds what other tools have no
place for; a memo without it, from another tool, is a definition.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from themecoder.codebook.model import Code, Example, Value
from themecoder.messages import LANGUAGES, message

_TEXTS = ("definition", "include", "exclude")
_NOTED = "memo"
_EXAMPLES = ("typical", "borderline")
_REST = ("exclusive", "retired", "questions", "hotkey", "number", "scale")
_MACHINE = "themecoder"
_PLAIN = ""  # text without a label: another tool's


def memo(code: Code, language: str, **more: Any) -> str:
    """The texts of ``code`` with labels in ``language``; ``more`` goes into the last line."""
    lines = [(name, getattr(code, name)) for name in _TEXTS]
    lines += [("borderline" if e.borderline else "typical", e.text) for e in code.examples]
    lines.append((_NOTED, code.memo))
    rest = {name: getattr(code, name) for name in _REST if getattr(code, name)}
    if code.values:
        rest["values"] = {value.id: value.label for value in code.values}
    return "\n".join(
        [
            *(
                _labelled(message(f"codebook.memo.{name}", language), text)
                for name, text in lines
                if text
            ),
            marker(id=code.id, **rest, **more),
        ]
    )


def marker(**values: Any) -> str:
    """The line that only this program reads."""
    return f"{_MACHINE}: {json.dumps(values, ensure_ascii=False)}"


def split_marker(text: str) -> tuple[str, dict[str, Any]]:
    """What people wrote in ``text``, and what its line that only this program reads holds."""
    lines, values = [], {}
    for line in text.replace("\r\n", "\n").split("\n"):
        machine = line.partition(": ")
        found = dict(_machine_values(machine[2])) if machine[0] == _MACHINE else {}
        if found:
            values = found
        else:
            lines.append(line)
    return "\n".join(lines).strip(), values


def read_memo(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of a code in ``text``, and what its last line holds (empty where it has none)."""
    fields: dict[str, Any] = {}
    examples: list[Example] = []
    marks: Mapping[str, Any] = {}
    for kind, content in _pieces(text):
        name = "definition" if kind == _PLAIN else kind
        if name == _MACHINE:
            marks = _machine_values(content)
        elif name in _EXAMPLES:
            examples.append(Example(content, borderline=name == "borderline"))
        elif content:
            fields[name] = f"{fields[name]}\n{content}" if fields.get(name) else content
    if examples:
        fields["examples"] = tuple(example for example in examples if example.text)
    for name in _REST:
        if name in marks:
            fields[name] = tuple(marks[name]) if name == "questions" else marks[name]
    if isinstance(marks.get("values"), dict):
        fields["values"] = tuple(Value(str(v), str(label)) for v, label in marks["values"].items())
    return fields, dict(marks)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The parts of a memo with the name of the field that each is."""
    names = {
        message(f"codebook.memo.{name}", language): name
        for language in LANGUAGES
        for name in (*_TEXTS, *_EXAMPLES, _NOTED)
    } | {_MACHINE: _MACHINE}
    pieces: list[tuple[str, list[str]]] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        label, colon, rest = line.partition(":")
        goes_on = line.startswith("  ") or not line.strip()
        if colon and label in names:
            pieces.append((names[label], [rest.removeprefix(" ")]))
        elif pieces and pieces[-1][0] == _PLAIN:
            pieces[-1][1].append(line)
        elif pieces and pieces[-1][0] != _MACHINE and goes_on:
            pieces[-1][1].append(line.removeprefix("  "))
        else:
            pieces.append((_PLAIN, [line]))
    return ((kind, "\n".join(lines).strip()) for kind, lines in pieces)


def _labelled(label: str, text: str) -> str:
    return f"{label}: " + text.replace("\n", "\n  ")


def _machine_values(text: str) -> Mapping[str, Any]:
    try:
        values = json.loads(text)
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
