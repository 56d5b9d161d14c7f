"""What can be wrong within one version of a codebook; each rule is a function."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from themecoder.codebook.checks.given import CodebookVersions
from themecoder.codebook.diff import TEXTS
from themecoder.codebook.edits import ID
from themecoder.codebook.findings import CodebookFinding, Path
from themecoder.codebook.model import Code
from themecoder.codebook.versions import number
from themecoder.output.did_you_mean import did_you_mean

COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
# in "…: privacy, overig" the words at the end are meant as codes, and so is one with an underscore;
# "privacy" in a sentence is a word
_MEANT = re.compile(r":\s*([A-Za-z0-9_-]+(?:\s*,\s*[A-Za-z0-9_-]+)*)\s*\.?$")


def head(given: CodebookVersions) -> Iterator[CodebookFinding]:
    book = given.book
    if book.version and number(book.version) is None:
        yield CodebookFinding(("version",), "bad_version", {"found": book.version})
    if not book.title:
        yield CodebookFinding(("title",), "blank", {"name": "title"})
    if not book.usable:
        yield CodebookFinding(("codes",), "empty")


def ids(given: CodebookVersions) -> Iterator[CodebookFinding]:
    """Ids are fit for files and are given once, whatever the case of their letters."""
    for kind, entries in given.named:
        first: dict[str, int] = {}
        for place, entry in enumerate(entries):
            path: Path = (kind, place, "id")
            if not entry.id:
                yield CodebookFinding(path, "blank", {"name": "id"})
            elif not ID.fullmatch(entry.id):
                yield CodebookFinding(path, "bad_id", {"id": entry.id})
            if entry.id and entry.id.casefold() in first:
                yield CodebookFinding(
                    path, "double_id", {"id": entry.id, "first": first[entry.id.casefold()] + 1}
                )
            first.setdefault(entry.id.casefold(), place)


def labels(given: CodebookVersions) -> Iterator[CodebookFinding]:
    first: dict[tuple[str, str], str] = {}
    for kind, entries in given.named:
        for place, entry in enumerate(entries):
            path: Path = (kind, place, "label")
            if not entry.label:
                yield CodebookFinding(path, "blank", {"name": "label"})
                continue
            if isinstance(entry, Code) and entry.retired:
                continue
            key = (kind, " ".join(entry.label.casefold().split()))
            if key in first and first[key] != entry.id:
                yield CodebookFinding(
                    path,
                    "double_label",
                    {"label": entry.label, "id": entry.id, "first": first[key]},
                )
            first.setdefault(key, entry.id)


def groups(given: CodebookVersions) -> Iterator[CodebookFinding]:
    known = [group.id for group in given.book.groups]
    for path, code in given.codes:
        if code.group and code.group not in known:
            yield CodebookFinding(
                (*path, "group"),
                "unknown_group",
                {"id": code.id, "group": code.group, "near": did_you_mean(code.group, known)},
            )


def definitions(given: CodebookVersions) -> Iterator[CodebookFinding]:
    for path, code in given.codes:
        if not code.definition and not code.retired:
            yield CodebookFinding((*path, "definition"), "no_definition", {"id": code.id})


def excludes(given: CodebookVersions) -> Iterator[CodebookFinding]:
    """An exclude says where the answer belongs instead: it names a code that may be used."""
    known = {code.id: code for code in given.book.codes}
    usable = [code.id for code in given.book.usable]
    for path, code in given.codes:
        if not code.exclude or code.retired:
            continue
        place: Path = (*path, "exclude")
        words = _WORD.findall(code.exclude)
        named = [word for word in words if word in known]
        last = _MEANT.search(code.exclude)
        meant = {word for word in words if "_" in word} | set(
            _WORD.findall(last[1] if last else "")
        )
        certain = any(word in usable for word in named)
        unknown = [word for word in dict.fromkeys(words) if word in meant and word not in known]
        for word in unknown:
            yield CodebookFinding(
                place,
                "exclude_unknown",
                {"id": code.id, "found": word, "near": did_you_mean(word, usable)},
            )
        if not named and not unknown:
            yield CodebookFinding(place, "exclude_nothing", {"id": code.id})
        for word in dict.fromkeys(named):
            if word == code.id:
                yield CodebookFinding(place, "exclude_itself", {"id": code.id})
            elif known[word].retired and (word in meant or not certain):
                yield CodebookFinding(place, "exclude_retired", {"id": code.id, "found": word})


def details(given: CodebookVersions) -> Iterator[CodebookFinding]:
    for path, code in given.codes:
        if code.color and not COLOR.fullmatch(code.color):
            yield CodebookFinding(
                (*path, "color"), "bad_color", {"id": code.id, "found": code.color}
            )
        if given.questions is not None:
            for place, question in enumerate(code.questions):
                if question not in given.questions:
                    yield CodebookFinding(
                        (*path, "questions", place),
                        "unknown_question",
                        {"id": code.id, "found": question, "known": ", ".join(given.questions)},
                    )


def control_characters(given: CodebookVersions) -> Iterator[CodebookFinding]:
    """Characters that neither XML nor a workbook can hold, and that nobody sees."""
    for path, code in given.codes:
        texts = [(name, getattr(code, name)) for name in TEXTS]
        texts += [("examples", example.text) for example in code.examples]
        for field, text in texts:
            control = _CONTROL.search(text)
            if control:
                params = {"id": code.id, "field": field, "found": f"{ord(control[0]):04X}"}
                yield CodebookFinding((*path, field), "control", params)


def hotkeys(given: CodebookVersions) -> Iterator[CodebookFinding]:
    first: dict[str, str] = {}
    for path, code in given.codes:
        if not code.hotkey or code.retired:
            continue
        key = code.hotkey.casefold()
        if len(key) != 1 or not key.isalnum() or not key.isascii():
            yield CodebookFinding(
                (*path, "hotkey"), "bad_hotkey", {"id": code.id, "found": code.hotkey}
            )
        elif key in first:
            params = {"id": code.id, "found": code.hotkey, "first": first[key]}
            yield CodebookFinding((*path, "hotkey"), "double_hotkey", params)
        first.setdefault(key, code.id)


RULES: tuple[Callable[[CodebookVersions], Iterator[CodebookFinding]], ...] = (
    head,
    ids,
    labels,
    groups,
    definitions,
    excludes,
    details,
    control_characters,
    hotkeys,
)
