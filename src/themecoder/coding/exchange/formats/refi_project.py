"""What a REFI-QDA project says, element by element, with nothing decided.

Guids are written with or without braces and in either case.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from themecoder.codebook.files.qdc import child_nodes
from themecoder.codebook.incoming import Node
from themecoder.coding.exchange.formats.refi_archive import INTERNAL, QdpxContents, leaves
from themecoder.coding.exchange.formats.refi_counting import BOM, SourceText, Span
from themecoder.coding.exchange.formats.refi_records import (
    QdaCase,
    QdaCoding,
    QdaNote,
    QdaProject,
    QdaSelection,
    QdaSource,
)
from themecoder.coding.exchange.formats.refi_xml import parts_of, tag, well_formed
from themecoder.coding.exchange.model import ForeignNote, Place, problem_at
from themecoder.coding.exchange.sheet_codings import each_once
from themecoder.errors import InputError, Problem

NOWHERE = Span(-1, -1)
"""Of a selection whose positions are none."""
_WIDE_ENCODINGS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def read_project(contents: QdpxContents, file: Path) -> QdaProject:
    """The project in an archive. Raises InputError with every problem in it."""
    return _Reader(contents, file).project()


class _Reader:
    def __init__(self, contents: QdpxContents, file: Path) -> None:
        self._contents = contents
        self._file = file
        self._problems: list[Problem] = []
        self._faults: list[ForeignNote] = []
        self._seen: dict[str, dict[str, str]] = {}
        self._users: dict[str, str] = {}
        self._codes: list[Node] = []
        self._code_memos: dict[str, tuple[str, ...]] = {}
        self._variables: list[str] = []
        self._cases: list[QdaCase] = []
        self._sources: list[QdaSource] = []
        self._notes: dict[str, QdaNote] = {}
        self._linked: dict[str, tuple[str, ...]] = {}
        self._sets: dict[str, set[str]] = {}
        self._others: Counter[str] = Counter()

    def project(self) -> QdaProject:
        origin = memo = ""
        for group, element in parts_of(well_formed(self._contents.project), self._file):
            if not group:
                origin, memo = element.get("origin") or "", _memo(element).strip()
                continue
            self._take(group, element)
        if self._problems:
            faults = (
                problem_at(one.key, one.params, one.place, self._file) for one in self._faults
            )
            raise InputError(list(each_once([*self._problems, *faults])))
        return QdaProject(
            origin=origin,
            users=self._users,
            codes=tuple(self._codes),
            code_memos=self._code_memos,
            variables=tuple(self._variables),
            cases=tuple(self._cases),
            sources=tuple(self._sources),
            notes=self._notes,
            linked=self._linked,
            sets={code: min(names) for code, names in self._sets.items() if len(names) == 1},
            others=self._others,
            memo=memo,
            faults=tuple(self._faults),
        )

    def _take(self, group: str, element: Any) -> None:
        """One element of a group of the project; other groups, such as graphs, are left out."""
        name = element.get("name") or ""
        if group == "CodeBook":
            self._take_codes(element)
        elif group == "Sources":
            self._take_source(element)
        elif group == "Users":
            self._check_once(group, guid_of(element), name, element.sourceline)
            self._users[guid_of(element)] = name
        elif group == "Variables":
            self._variables.append(name)
        elif group == "Cases":
            self._check_once(group, guid_of(element), name, element.sourceline)
            self._cases.append(_case(element))
        elif group == "Notes":
            self._check_once(group, guid_of(element), name, element.sourceline)
            self._notes[guid_of(element)] = self._note(element)
        elif group == "Links":
            # NVivo links a note to the selection that it is about
            target = guid_of(element, "targetGUID")
            origins = (*self._linked.get(target, ()), guid_of(element, "originGUID"))
            self._linked[target] = origins
        elif group == "Sets":
            for code in _targets(element, "MemberCode"):
                self._sets.setdefault(code, set()).add(name.strip())

    def _take_codes(self, element: Any) -> None:
        self._codes += child_nodes(element, []).values()
        for node in walk(self._codes):
            self._check_once("CodeBook", node.guid, node.name, node.row)
        for code in element.iter("{*}Code"):
            if refs := _note_refs(code):
                self._code_memos[guid_of(code)] = refs

    def _take_source(self, element: Any) -> None:
        kind = tag(element)
        plain = element
        if kind == "PDFSource":
            plain = next(_children(element, "Representation"), None)
        if kind not in ("TextSource", "PDFSource") or plain is None:
            self._others[kind] += 1
            return
        source = self._source(element, plain)
        self._check_once("Sources", source.guid, source.name, source.row)
        self._sources.append(source)

    def _check_once(self, group: str, guid: str, name: str, row: int | None) -> None:
        names = self._seen.setdefault(group, {})
        params = {"guid": guid, "name": name or "-", "other": names.get(guid) or "-"}
        if not guid:
            self._problems.append(Problem("refi.no_guid", params, self._file, row))
        elif guid in names:
            self._problems.append(Problem("refi.guid_twice", params, self._file, row))
        names.setdefault(guid, name)

    def _source(self, outer: Any, plain: Any) -> QdaSource:
        """A text, or a PDF with its plain text within."""
        name = outer.get("name") or plain.get("name") or ""
        selections = tuple(self._selections(plain))
        codings = tuple(
            coding
            for element in dict.fromkeys((outer, plain))
            for coding in _codings(element, _user(element))
        )
        others = sum(len(list(_codings(one, ""))) for one in _children(outer, "PDFSelection"))
        used = any(True for _ in outer.iter("{*}Coding", "{*}PlainTextSelection"))
        return QdaSource(
            guid=guid_of(outer),
            name=name,
            text=self._text(plain, name, used),
            user=_user(outer),
            memo=_memo(outer),
            selections=selections,
            codings=codings,
            notes=_note_refs(outer) + (() if plain is outer else _note_refs(plain)),
            values=_values(outer),
            others=others,
            row=outer.sourceline,
        )

    def _text(self, element: Any, name: str, used: bool) -> SourceText | None:
        """The plain text of a source. That it is missing is a problem where it is ``used``."""
        content = next(_children(element, "PlainTextContent"), None)
        path = element.get("plainTextPath") or ""
        if content is not None and not path:
            return _source_text("".join(content.itertext()))
        params = {"source": name, "path": path or "-"}
        if path.startswith(INTERNAL) and leaves(path.removeprefix(INTERNAL).lstrip("/")):
            self._problem("refi.path", params, element)
            return None
        data = self._contents.text(path)
        if data is None:
            if used:
                self._problem("refi.no_text", params, element)
            return None
        try:
            return _source_text(data.decode(_WIDE_ENCODINGS.get(data[:2], "utf-8")))
        except UnicodeDecodeError:
            self._problem("refi.not_utf8", params, element)
            return None

    def _selections(self, element: Any) -> Iterator[QdaSelection]:
        for one in _children(element, "PlainTextSelection"):
            user = _user(one)
            yield QdaSelection(
                guid=guid_of(one),
                span=self._span(one),
                user=user,
                created=one.get("creationDateTime") or "",
                modified=one.get("modifiedDateTime") or "",
                memo=_memo(one),
                codings=tuple(_codings(one, user)),
                notes=_note_refs(one),
                row=one.sourceline,
            )

    def _span(self, element: Any) -> Span:
        start, end = element.get("startPosition", ""), element.get("endPosition", "")
        try:
            return Span(int(start), int(end), element.get("name") or "")
        except ValueError:
            place = Place(row=element.sourceline)
            self._faults.append(ForeignNote("refi.position", place, {"start": start, "end": end}))
            return NOWHERE

    def _note(self, element: Any) -> QdaNote:
        text = self._text(element, element.get("name") or "", used=False)
        words = text.text.strip(BOM) if text else _memo(element)
        return QdaNote(guid_of(element), words, _user(element), tuple(self._selections(element)))

    def _problem(self, key: str, params: Mapping[str, Any], element: Any) -> None:
        self._problems.append(Problem(key, dict(params), self._file, element.sourceline))


def walk(nodes: Iterable[Node]) -> Iterator[Node]:
    """The codes of a tree, each before those below it."""
    for node in nodes:
        yield node
        yield from walk(node.children)


def guid_of(element: Any, attribute: str = "guid") -> str:
    return (element.get(attribute) or "").strip("{} ").upper()


def _source_text(stored: str) -> SourceText:
    return SourceText(stored.removeprefix(BOM), stored.startswith(BOM))


def _case(element: Any) -> QdaCase:
    return QdaCase(
        guid=guid_of(element),
        name=(element.get("name") or "").strip(),
        sources=_targets(element, "SourceRef"),
        selections=_targets(element, "SelectionRef"),
    )


def _codings(element: Any, user: str) -> Iterator[QdaCoding]:
    for one in _children(element, "Coding"):
        for code in _targets(one, "CodeRef")[:1]:
            yield QdaCoding(
                code,
                guid_of(one, "creatingUser") or user,
                one.get("creationDateTime") or "",
                _note_refs(one),
                one.sourceline,
            )


def _values(element: Any) -> tuple[str, ...]:
    """The values of the variables of a source."""
    return tuple(
        "".join(value.itertext()).strip()
        for one in _children(element, "VariableValue")
        for value in one.iterchildren(etree.Element)
        if tag(value).endswith("Value")
    )


def _user(element: Any) -> str:
    return guid_of(element, "creatingUser") or guid_of(element, "modifyingUser")


def _memo(element: Any) -> str:
    return "\n".join("".join(one.itertext()) for one in _children(element, "Description"))


def _note_refs(element: Any) -> tuple[str, ...]:
    return _targets(element, "NoteRef")


def _targets(element: Any, name: str) -> tuple[str, ...]:
    return tuple(guid_of(one, "targetGUID") for one in _children(element, name))


def _children(element: Any, name: str) -> Iterator[Any]:
    found: Iterator[Any] = element.iterchildren("{*}" + name)
    return found
