"""A codebook file as a person wrote it: read with its lines, changed with its comments kept."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from themecoder.codebook.changes import record
from themecoder.codebook.findings import Finding
from themecoder.codebook.findings import Path as KeyPath
from themecoder.codebook.model import Code, Codebook, Example
from themecoder.codebook.parse import CODE, TOP, parse
from themecoder.errors import InputError, Problem

_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)
_DOUBLE = re.compile(r'found duplicate key "(.*?)"')


class Document:
    """The text of a codebook file and what is in it."""

    def __init__(self, text: str, file: Path) -> None:
        """Raises InputError where ``text`` is no YAML; other problems are in ``findings``."""
        self.text = text
        self.file = file
        conflict = _CONFLICT.search(text)
        if conflict:
            row = text[: conflict.start()].count("\n") + 1
            raise InputError(Problem("codebook.git_conflict", file=file, row=row))
        try:
            self._data: Any = _yaml().load(text)
        except DuplicateKeyError as error:
            name = _DOUBLE.search(error.problem or "")
            raise InputError(
                Problem(
                    "codebook.double_key",
                    {"name": name[1] if name else "?"},
                    file=file,
                    row=error.problem_mark.line + 1,
                )
            ) from error
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            reason = error.problem or error.context or ""
            raise InputError(
                Problem(
                    "codebook.not_yaml",
                    {"reason": reason},
                    file=file,
                    row=mark.line + 1 if mark else None,
                    column=mark.column + 1 if mark else None,
                )
            ) from error
        except YAMLError as error:
            reason = str(error).splitlines()[0]
            raise InputError(Problem("codebook.not_yaml", {"reason": reason}, file=file)) from error
        self.codebook, self.findings = parse(self._data)

    def problems(self, findings: Sequence[Finding]) -> list[Problem]:
        """The findings with the lines that they stand on, in the order of the file."""
        found = []
        for finding in findings:
            code = self._code_at(finding.path)
            params = {"code": f"{code}: " if code else "", **finding.params}
            row = self.row(finding.path)
            found.append(Problem(f"codebook.{finding.key}", params, file=self.file, row=row))
        return sorted(found, key=lambda problem: problem.row or 0)

    def row(self, path: KeyPath) -> int:
        """The line of the key or list entry at ``path``, or of the innermost that is there."""
        node, row = self._data, 1
        for part in path:
            try:
                if isinstance(node, CommentedMap):
                    row = node.lc.key(part)[0] + 1
                elif isinstance(node, CommentedSeq):
                    row = node.lc.item(part)[0] + 1
                node = node[part]
            except (KeyError, IndexError, TypeError, AttributeError):
                break
        return row

    def changed(self, book: Codebook) -> str:
        """The file's text after it was changed into ``book``; what is the same stays as typed."""
        data: Any = _yaml().load(self.text)
        for key in ("version", "title", "language"):
            if getattr(self.codebook, key) != getattr(book, key):
                _set(data, key, getattr(book, key), TOP)
        if self.codebook.released != book.released:
            _set(data, "released", _date(book.released), TOP)
        if self.codebook.groups != book.groups:
            _set_groups(data, book)
        if self.codebook.codes != book.codes:
            _set_codes(data, self.codebook, book)
        if self.codebook.changes != book.changes:
            _set_changes(data, self.codebook, book)
        return _text(data)

    def _code_at(self, path: KeyPath) -> str:
        if len(path) < 2 or path[0] not in ("codes", "groups") or not isinstance(path[1], int):
            return ""
        entries = self.codebook.codes if path[0] == "codes" else self.codebook.groups
        return entries[path[1]].id if path[1] < len(entries) else ""


def read_document(file: Path) -> Document:
    """The codebook file ``file``. Raises InputError where it can't be read or is no YAML."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        raise InputError(Problem("codebook.not_utf8", file=file, row=row)) from None
    except OSError as error:
        raise InputError(
            Problem("codebook.not_readable", {"reason": error.strerror or ""}, file=file)
        ) from None
    return Document(text.replace("\r\n", "\n"), file)


def new_text(book: Codebook, comment: str = "") -> str:
    """A codebook as the text of a new file, every key of every code in the contract's order."""
    data = CommentedMap()
    if comment:
        data.yaml_set_start_comment(comment)
    data["id"] = book.id
    data["version"] = book.version
    data["language"] = book.language
    data["title"] = book.title
    data["released"] = _date(book.released)
    data["groups"] = CommentedSeq(
        [CommentedMap(id=group.id, label=group.label) for group in book.groups]
    )
    data["codes"] = CommentedSeq([_entry(code) for code in book.codes])
    data["changes"] = CommentedSeq([_flat(record(change)) for change in book.changes])
    return _text(data)


def _yaml() -> YAML:
    yaml = YAML()
    yaml.width = 100
    yaml.preserve_quotes = True
    yaml.allow_duplicate_keys = False
    yaml.representer.add_representer(type(None), _null)
    return yaml


def _null(representer: Any, _: None) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _text(data: Any) -> str:
    stream = io.StringIO()
    _yaml().dump(data, stream)
    # ruamel leaves a space where a long line is folded
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


def _date(day: str) -> datetime.date | None:
    return datetime.date.fromisoformat(day) if day else None


def _entry(code: Code) -> CommentedMap:
    entry = CommentedMap()
    for key in CODE:
        if key != "hotkey" or code.hotkey:
            entry[key] = _plain(code, key)
    return entry


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


def _flat(entry: dict[str, Any]) -> CommentedMap:
    return CommentedMap(
        {key: _flow(value) if isinstance(value, list) else value for key, value in entry.items()}
    )


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


def _seq(data: CommentedMap, key: str) -> CommentedSeq:
    if not isinstance(data.get(key), CommentedSeq):
        _set(data, key, CommentedSeq(), TOP)
    found: CommentedSeq = data[key]
    if not found:
        # an empty list is written [] and would go on in that style
        found.fa.set_block_style()
    return found


def _set_groups(data: CommentedMap, book: Codebook) -> None:
    entries = _seq(data, "groups")
    known = {entry["id"]: entry for entry in entries}
    for group in book.groups:
        if group.id not in known:
            entries.append(CommentedMap(id=group.id, label=group.label))
        elif known[group.id]["label"] != group.label:
            known[group.id]["label"] = group.label


def _set_codes(data: CommentedMap, before: Codebook, book: Codebook) -> None:
    entries = _seq(data, "codes")
    now = {code.id for code in book.codes}
    for place in reversed(range(len(entries))):
        if before.codes[place].id not in now:
            _take_out(entries, place)
    olds = {code.id: code for code in before.codes}
    for place, code in enumerate(book.codes):
        if code.id not in olds:
            entries.insert(place, _entry(code))
            continue
        old = olds[code.id]
        for key in CODE:
            if getattr(old, key) != getattr(code, key):
                _set(entries[place], key, _plain(code, key), CODE)


def _set_changes(data: CommentedMap, before: Codebook, book: Codebook) -> None:
    entries = _seq(data, "changes")
    kept = 0
    for place, change in reversed(list(enumerate(before.changes))):
        if change not in book.changes:
            _take_out(entries, place)
    left = [change for change in before.changes if change in book.changes]
    for kept, change in enumerate(book.changes):
        if kept >= len(left) or left[kept] != change:
            left.insert(kept, change)
            entries.insert(kept, _flat(record(change)))


def _take_out(entries: CommentedSeq, place: int) -> None:
    """Remove an entry; comments before the next one, which ruamel hangs on this one, stay."""
    del entries[place]
