"""What can be wrong within one version of a codebook; each rule is a function."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from themecoder.codebook.checks.given import CodebookVersions
from themecoder.codebook.diff import TEXTS
from themecoder.codebook.edits import ID
from themecoder.codebook.findings import CodebookFinding, Path
from themecoder.codebook.model import SCALES, Code
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


def parents(given: CodebookVersions) -> Iterator[CodebookFinding]:
    """A code stands below one that is in use, in its group, and never below itself."""
    codes = {code.id: code for code in given.book.codes}
    tree, groups = given.book.tree, [group.id for group in given.book.groups]
    for path, code in given.codes:
        parent = codes.get(code.parent)
        if code.parent and parent is None:
            near = did_you_mean(code.parent, list(codes))
            params = {"id": code.id, "parent": code.parent, "near": near}
            yield CodebookFinding((*path, "parent"), "unknown_parent", params)
        elif parent is not None and not tree.above(code.id):
            params = {"id": code.id, "parent": code.parent}
            yield CodebookFinding((*path, "parent"), "parent_ring", params)
        elif parent is not None:
            top = codes[tree.root(code.id)]
            params = {"id": code.id, "parent": code.parent, "top": top.id}
            if parent.retired and not code.retired:
                yield CodebookFinding((*path, "parent"), "parent_retired", params)
            if code.group != top.group:
                params |= {"group": code.group, "top_group": top.group or "-"}
                yield CodebookFinding((*path, "group"), "parent_group", params)
        if code.id in groups and tree.children(code.id):
            # both would be counted together as net:<id>
            yield CodebookFinding((*path, "id"), "parent_is_group", {"id": code.id})


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
    texts: list[tuple[Path, str, str, str]] = [((), given.book.id, "memo", given.book.memo)]
    for path, code in given.codes:
        texts += [(path, code.id, name, getattr(code, name)) for name in TEXTS]
        texts += [(path, code.id, "examples", example.text) for example in code.examples]
        texts += [(path, code.id, "values", value.label) for value in code.values]
    for path, name, field, text in texts:
        control = _CONTROL.search(text)
        if control:
            params = {"id": name, "field": field, "found": f"{ord(control[0]):04X}"}
            yield CodebookFinding((*path, field), "control", params)


def numbers(given: CodebookVersions) -> Iterator[CodebookFinding]:
    first: dict[str, str] = {}
    for path, code in given.codes:
        if code.number and not code.retired and first.setdefault(code.number, code.id) != code.id:
            params = {"id": code.id, "found": code.number, "first": first[code.number]}
            yield CodebookFinding((*path, "number"), "double_number", params)


def values(given: CodebookVersions) -> Iterator[CodebookFinding]:
    """A scale has two values or more, each with an id and a label of its own."""
    for path, code in given.codes:
        if code.scale and code.scale not in SCALES:
            params = {"id": code.id, "found": code.scale, "known": ", ".join(SCALES)}
            yield CodebookFinding((*path, "scale"), "bad_scale", params)
        if bool(code.values) != bool(code.scale) or len(code.values) == 1:
            yield CodebookFinding((*path, "values"), "few_values", {"id": code.id})
        seen: set[str] = set()
        for place, value in enumerate(code.values):
            at: Path = (*path, "values", place)
            if not ID.fullmatch(value.id):
                yield CodebookFinding((*at, "id"), "bad_id", {"id": value.id})
            if not value.label:
                yield CodebookFinding((*at, "label"), "blank", {"name": "label"})
            names = {value.id, f"label {value.label.casefold()}"}
            if names & seen:
                params = {"id": code.id, "found": f"{value.id} {value.label}"}
                yield CodebookFinding(at, "double_value", params)
            seen |= names


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
    parents,
    definitions,
    excludes,
    details,
    control_characters,
    hotkeys,
    numbers,
    values,
)
