"""Coding as a REFI-QDA project (.qdpx) for QualCoder, MAXQDA, ATLAS.ti, NVivo and others.

Each answer is a text, masked; each quote a selection of its coder's; a code that rests on no quote
a selection of all the text, since QualCoder does not take codes of a text as a whole. Positions
count code points, as the standard says, and a line break is one character, so that no program can
count it as two. A guid is a uuid5 of what it stands for: the same coding makes the same bytes.
"""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from lxml import etree

from themecoder.codebook.files.qdc import add_codes, guid
from themecoder.codebook.model import Codebook
from themecoder.coding.exchange.formats.refi_archive import INTERNAL, PROJECT
from themecoder.coding.exchange.formats.refi_marks import in_note, is_utc, marks_line, whole_codes
from themecoder.coding.exchange.formats.refi_read import ORIGIN
from themecoder.coding.exchange.outgoing import PARTS, Outgoing, OutgoingAnswer
from themecoder.coding.model import Coding
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.output.zip import EPOCH, xml_safe

NAMESPACE = "urn:QDA-XML:project:1.0"
QDPX_HOLDS = PARTS - {"rounds", "stale", "values"}
"""What a project keeps of a coding: in places of its own, or in the memo of the text."""
_GUIDS = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_LONGEST = 100
_UNDATED = "1970-01-01T00:00:00Z"
"""The date of a memo on a coding that has none: QualCoder stops at a memo without a date."""


def write_qdpx(outgoing: Outgoing) -> bytes:
    """The bytes of a .qdpx. Raises InputError for codes that are not in the codebook."""
    known = {code.id for code in outgoing.book.codes}
    used = {code for coding in outgoing.codings for code in coding.codes}
    if not known or used - known:
        params = {"codes": ", ".join(sorted(used - known)) or "-"}
        raise InputError(Problem("refi.not_in_codebook", params))
    return _Writer(outgoing).archive()


class _Writer:
    """Makes a project element by element: all of it at once would take more than the memory."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing
        self._by_answer = outgoing.by_answer
        self._coder_guids = {coder: self._guid("user", coder) for coder in outgoing.coders}
        self._code_guids = {code.id: guid("code", code.id) for code in outgoing.book.codes}
        self._names = dict(zip(outgoing.answers, _names(outgoing), strict=True))
        self._question = message("refi.question", outgoing.language)
        while self._question in {column.name for column in outgoing.beside}:
            self._question += " *"
        names = (self._question, *(column.name for column in outgoing.beside))
        self._variable_guids = {name: self._guid("variable", name) for name in names}

    def archive(self) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            with archive.open(_info(PROJECT), "w") as handle:
                for piece in self._project():
                    handle.write(piece)
            for answer in self._outgoing.answers:
                name = f"sources/{self._of_source(answer)}.txt"
                archive.writestr(_info(name), _stored(answer.text))
        return stream.getvalue()

    def _project(self) -> Iterator[bytes]:
        """The XML, in the order of the schema; a group without anything in it may not be there."""
        root = etree.Element(f"{{{NAMESPACE}}}Project", nsmap={None: NAMESPACE})
        root.set("name", xml_safe(self._outgoing.title) or self._outgoing.study)
        root.set("origin", ORIGIN)
        root.text = "\n"
        begin, _, end = etree.tostring(root).partition(b"\n")
        yield b'<?xml version="1.0" encoding="UTF-8"?>\n' + begin
        book = etree.Element(f"{{{NAMESPACE}}}CodeBook", nsmap={None: NAMESPACE})
        add_codes(book, _told_apart(self._outgoing.book))
        groups: tuple[tuple[str, Iterable[Any]], ...] = (
            ("Users", self._users()),
            ("CodeBook", book),
            ("Variables", self._variables()),
            ("Cases", self._cases()),
            ("Sources", map(self._source, self._outgoing.answers)),
            ("Notes", self._notes()),
        )
        for name, elements in groups:
            empty = True
            for element in elements:
                yield f"\n <{name}>".encode() if empty else b""
                empty = False
                yield _indented(element)
            yield b"" if empty else f"\n </{name}>".encode()
        if memo := xml_safe(self._outgoing.book.memo):
            description = _new("Description")
            description.text = memo
            yield _indented(description)
        yield b"\n" + end

    def _users(self) -> Iterator[Any]:
        for coder, identity in self._coder_guids.items():
            yield _new("User", guid=identity, name=xml_safe(coder))

    def _variables(self) -> Iterator[Any]:
        """The question of an answer, and what is known of respondents."""
        wordings = "\n".join(f"{one}: {text}" for one, text in self._outgoing.questions.items())
        yield self._variable(self._question, wordings)
        for column in self._outgoing.beside:
            yield self._variable(column.name, column.label)

    def _variable(self, name: str, words: str) -> Any:
        variable = _new("Variable", guid=self._variable_guids[name], name=xml_safe(name))
        variable.set("typeOfVariable", "Text")
        _add(variable, "Description").text = xml_safe(words)
        return variable

    def _cases(self) -> Iterator[Any]:
        by_respondent: dict[str, list[OutgoingAnswer]] = {}
        for answer in self._outgoing.answers:
            by_respondent.setdefault(answer.respondent, []).append(answer)
        for who, answers in sorted(by_respondent.items()):
            case = _new("Case", guid=self._guid("case", who), name=xml_safe(who))
            for column in self._outgoing.beside:
                if who in column.of:
                    self._add_value(case, column.name, column.of[who])
            for answer in answers:
                _add(case, "SourceRef", targetGUID=self._of_source(answer))
            yield case

    def _source(self, answer: OutgoingAnswer) -> Any:
        codings = self._by_answer.get(answer.answer_id, {})
        identity = self._of_source(answer)
        source = _new("TextSource", guid=identity, name=self._names[answer])
        source.set("plainTextPath", f"{INTERNAL}{identity}.txt")
        line = marks_line(answer.answer_id, self._outgoing.book.version, codings)
        _add(source, "Description").text = line
        for coder, coding in sorted(codings.items()):
            for start, end, code in _selected(coding, answer.text):
                self._add_selection(source, answer, coder, coding, (start, end, code))
        for coder, coding in sorted(codings.items()):
            if in_note(coding.comment):
                target = self._guid("note", answer.answer_id, coder)
                _add(source, "NoteRef", targetGUID=target)
        self._add_value(source, self._question, answer.question)
        return source

    def _add_selection(
        self,
        source: Any,
        answer: OutgoingAnswer,
        coder: str,
        coding: Coding,
        part: tuple[int, int, str],
    ) -> None:
        start, end, code = part
        words = " ".join(xml_safe(_lines(answer.text)[start:end]).split())
        if len(words) > _LONGEST:
            words = words[:_LONGEST].rstrip() + "…"
        key = (answer.answer_id, coder, code, str(start), str(end))
        selection = _add(source, "PlainTextSelection", guid=self._guid("selection", *key))
        selection.set("name", words)
        selection.set("startPosition", str(start))
        selection.set("endPosition", str(end))
        user = self._coder_guids[coder]
        selection.set("creatingUser", user)
        given = _add(selection, "Coding", guid=self._guid("coding", *key), creatingUser=user)
        if coding.created_at and is_utc(coding.created_at):
            selection.set("creationDateTime", coding.created_at)
            given.set("creationDateTime", coding.created_at)
        if coding.updated_at and is_utc(coding.updated_at):
            selection.set("modifiedDateTime", coding.updated_at)
        _add(given, "CodeRef", targetGUID=self._code_guids[code])

    def _notes(self) -> Iterator[Any]:
        """The comments, each as a memo on all of its text: an annotation in QualCoder."""
        texts = self._outgoing.texts()
        for coding in self._outgoing.codings:
            if not in_note(coding.comment):
                continue
            key = (coding.answer_id, coding.coder)
            note = _new("Note", guid=self._guid("note", *key))
            note.set("creatingUser", self._coder_guids[coding.coder])
            moments = (coding.updated_at, coding.created_at)
            note.set("creationDateTime", next((m for m in moments if m and is_utc(m)), _UNDATED))
            _add(note, "PlainTextContent").text = coding.comment
            part = _add(note, "PlainTextSelection", guid=self._guid("about", *key))
            part.set("startPosition", "0")
            part.set("endPosition", str(len(_lines(texts[coding.answer_id]))))
            yield note

    def _add_value(self, parent: Any, name: str, value: str) -> None:
        element = _add(parent, "VariableValue")
        _add(element, "VariableRef", targetGUID=self._variable_guids[name])
        _add(element, "TextValue").text = xml_safe(value)

    def _of_source(self, answer: OutgoingAnswer) -> str:
        return self._guid("source", answer.answer_id)

    def _guid(self, kind: str, *names: str) -> str:
        parts = "\x1f".join((kind, self._outgoing.study, *names))
        return str(uuid.uuid5(_GUIDS, parts)).upper()


def _told_apart(book: Codebook) -> Codebook:
    """The codebook with a label of its own for each code: QualCoder has no two of one name, so that
    the coding with a retired code of the same label would be lost there."""
    labels = Counter(code.label.casefold() for code in book.codes)
    codes = (
        replace(code, label=f"{code.label} ({code.id})")
        if labels[code.label.casefold()] > 1
        else code
        for code in book.codes
    )
    return replace(book, codes=tuple(codes))


def _selected(coding: Coding, text: str) -> Iterator[tuple[int, int, str]]:
    """The parts of a coding's text that carry its codes, with line breaks of one character."""
    whole = ((0, len(text), code) for code in whole_codes(coding))
    quotes = ((quote.start, quote.end, quote.code) for quote in coding.quotes)
    parts = {
        (start - _doubled(text[:start]), end - _doubled(text[:end]), code)
        for start, end, code in (*whole, *quotes)
    }
    return iter(sorted(parts))


def _doubled(text: str) -> int:
    """How many characters fewer a text has with line breaks of one character."""
    return text.count("\r\n")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _stored(text: str) -> bytes:
    """The bytes of a text. One that begins with a byte order mark has one more before it: the first
    is none of the text."""
    return ("\ufeff" * text.startswith("\ufeff") + _lines(text)).encode()


def _names(outgoing: Outgoing) -> Iterator[str]:
    """The name of each text: the respondent and the question, as no other text is called, and as a
    file can be called on any system, for QualCoder makes one."""
    taken: set[str] = set()
    for answer in outgoing.answers:
        plain = xml_safe(f"{answer.respondent} {answer.question}")
        wanted = _NO_FILE_NAME.sub("-", plain)
        name, number = wanted, 2
        while name.casefold() in taken:
            name, number = f"{wanted} ({number})", number + 1
        taken.add(name.casefold())
        yield name


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=EPOCH.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o100644 << 16
    return info


def _indented(element: Any) -> bytes:
    """An element of the project on lines of its own; the root names the namespace."""
    etree.indent(element, " ", level=2)
    text: bytes = etree.tostring(element, encoding="UTF-8")
    return b"\n  " + text.replace(f' xmlns="{NAMESPACE}"'.encode(), b"", 1)


def _new(tag: str, **attributes: str) -> Any:
    return etree.Element(f"{{{NAMESPACE}}}{tag}", attributes, nsmap={None: NAMESPACE})


def _add(parent: Any, tag: str, **attributes: str) -> Any:
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}", attributes)
