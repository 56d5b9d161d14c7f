"""Who coded which answers in a text of a REFI-QDA project with what, and what they said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from themecoder.coding.exchange.formats.refi_answers import AnswerPart
from themecoder.coding.exchange.formats.refi_codes import CodeNames
from themecoder.coding.exchange.formats.refi_counting import Counting
from themecoder.coding.exchange.formats.refi_records import (
    QdaCoding,
    QdaProject,
    QdaSelection,
    QdaSource,
)


@dataclass(frozen=True, slots=True)
class Located:
    """A selection with its place in the text. One that is not ``sound`` is not where it says it is,
    or holds other words than it is named after; without a place in the text ``start`` is -1."""

    selection: QdaSelection
    start: int
    end: int
    sound: bool = True


@dataclass(slots=True)
class Work:
    """What one coder did on one answer; quotes are (start, end, code) in the answer. ``sound``:
    whether all of it could be read; a part of what a coder found would be another coding."""

    codes: dict[str, None] = field(default_factory=dict)
    quotes: set[tuple[int, int, str]] = field(default_factory=set)
    comments: dict[str, None] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    sound: bool = True


class WorkReader:
    """What is the same for all texts of a project, and what was come across in them.

    ``counts``: how often something was left out or divided, by the key of its note.
    ``unknown_codes``: guid -> the first line that uses it and how often it is used.
    """

    def __init__(self, project: QdaProject, names: CodeNames) -> None:
        self._project, self._names = project, names
        self._only_user = next(iter(project.users.values())) if len(project.users) == 1 else ""
        self.counts: Counter[str] = Counter()
        self.unknown_codes: dict[str, tuple[int, int]] = {}
        self.placed_notes: set[str] = set()

    def on_text(
        self,
        source: QdaSource,
        parts: Sequence[AnswerPart],
        located: Sequence[Located],
        counting: Counting,
        memo: str,
    ) -> dict[tuple[int, str], Work]:
        """(which of ``parts``, coder) -> what that coder did there. ``memo``: on the text."""
        return _TextWork(self, source, parts, counting).read(located, memo)

    def code(self, coding: QdaCoding) -> str | None:
        """The name of a code; None for a case that NVivo codes with, and for an unknown one."""
        if coding.code in self._names:
            return self._names[coding.code]
        if not self.is_case(coding):
            row, n = self.unknown_codes.get(coding.code, (coding.row, 0))
            self.unknown_codes[coding.code] = (row, n + 1)
        return None

    def is_case(self, coding: QdaCoding) -> bool:
        """Whether NVivo says with this that something belongs to a case."""
        return self._names.is_case(coding.code)

    def coder(self, user: str) -> str:
        """The name of a user. One whom the project does not list keeps the guid; what nobody is
        named for is the only user's, or of nobody."""
        return self._project.users.get(user, "") or user or self._only_user

    def notes(self, guids: Iterable[str]) -> list[tuple[str, str]]:
        """The user and the words of notes, without those that say nothing."""
        found = [
            (guid, note)
            for guid in guids
            if (note := self._project.notes.get(guid)) is not None and note.text.strip()
        ]
        self.placed_notes.update(guid for guid, _ in found)
        return [(note.user, note.text) for _, note in found]

    def linked(self, guid: str) -> tuple[str, ...]:
        """The notes that NVivo links to something."""
        return self._project.linked.get(guid, ())

    def part_of_note(self, guid: str) -> QdaSelection | None:
        """The part of a text that a note names itself, as QualCoder's annotations do."""
        note = self._project.notes.get(guid)
        return note.selections[0] if note is not None and note.selections else None


class _TextWork:
    """The work on one text."""

    def __init__(
        self,
        reader: WorkReader,
        source: QdaSource,
        parts: Sequence[AnswerPart],
        counting: Counting,
    ) -> None:
        self._reader, self._source = reader, source
        self._parts, self._counting = parts, counting
        self._whole = 0 if len(parts) == 1 else None
        self._found: dict[tuple[int, str], Work] = {}

    def read(self, located: Sequence[Located], memo: str) -> dict[tuple[int, str], Work]:
        for coding in self._source.codings:
            self._on_whole(coding)
        for one in located:
            self._on_selection(one)
        for guid in (*self._source.notes, *self._reader.linked(self._source.guid)):
            self._comments(self._part_of(guid), (guid,), self._source.user)
        if memo:
            self._comment(self._whole, self._source.user, memo)
        return self._found

    def _on_whole(self, coding: QdaCoding) -> None:
        name = self._reader.code(coding)
        if self._whole is None:
            self._reader.counts["whole_document"] += name is not None
            return
        if name is None:
            self._check(self._whole, coding)
            return
        work = self._of(self._whole, coding.user)
        work.codes[name] = None
        work.created.append(coding.time)
        self._comments(self._whole, coding.notes, coding.user, name)

    def _on_selection(self, one: Located) -> None:
        selection, counts = one.selection, self._reader.counts
        touched = _touched(self._parts, one.start, one.end)
        if not one.sound:
            for index in touched or ([] if self._whole is None else [self._whole]):
                for coding in selection.codings:
                    self._of(index, coding.user).sound = False
            return
        named = [(coding, self._reader.code(coding)) for coding in selection.codings]
        coded = [(coding, name) for coding, name in named if name is not None]
        counts["spanning"] += len(touched) > 1 and bool(coded)
        counts["no_answer"] += 0 if touched else len(coded)
        for index in touched:
            part = self._parts[index]
            start, end = max(one.start, part.start), min(one.end, part.end)
            for coding, name in named:
                if name is None:
                    self._check(index, coding)
                    continue
                work = self._of(index, coding.user)
                work.codes[name] = None
                if end > start:
                    work.quotes.add((start - part.start, end - part.start, name))
                work.created.append(coding.time or selection.created)
                work.changed.append(selection.modified)
        self._memos(one, coded, touched[0] if touched else None)

    def _check(self, index: int, coding: QdaCoding) -> None:
        """A code that the project does not have leaves a hole in the coding."""
        if not self._reader.is_case(coding):
            self._of(index, coding.user).sound = False

    def _memos(
        self, one: Located, coded: Sequence[tuple[QdaCoding, str]], index: int | None
    ) -> None:
        """The memos on a selection, each of whoever coded it, else of whoever made it."""
        selection = one.selection
        for coding, name in coded:
            if coding.notes:
                self._comments(index, coding.notes, coding.user, name)
        if selection.memo.strip():
            for user in dict.fromkeys(coding.user for coding, _ in coded) or (selection.user,):
                own = dict.fromkeys(name for coding, name in coded if coding.user == user)
                self._comment(index, user, selection.memo, ", ".join(own))
        if notes := (*selection.notes, *self._reader.linked(selection.guid)):
            about = ", ".join(dict.fromkeys(name for _, name in coded))
            self._comments(index, notes, selection.user, about)

    def _part_of(self, note: str) -> int | None:
        """Which answer a note on the text is about."""
        about, text = self._reader.part_of_note(note), self._source.text
        if self._whole is not None or about is None or text is None:
            return self._whole
        start = text.place(about.span.start, self._counting)
        end = text.place(about.span.end, self._counting)
        if start is None or end is None:
            return None
        return next(iter(_touched(self._parts, start, end)), None)

    def _comments(
        self, index: int | None, notes: Iterable[str], user: str, about: str = ""
    ) -> None:
        for writer, words in self._reader.notes(notes):
            self._comment(index, writer or user, words, about)

    def _comment(self, index: int | None, user: str, words: str, about: str = "") -> None:
        if index is None:
            self._reader.counts["unplaced_memo"] += 1
            return
        words = words.strip()
        self._of(index, user).comments[f"{about}: {words}" if about else words] = None

    def _of(self, index: int, user: str) -> Work:
        return self._found.setdefault((index, self._reader.coder(user)), Work())


def _touched(parts: Sequence[AnswerPart], start: int, end: int) -> list[int]:
    """Which answers a selection is in, in part or whole; one without any length is in one."""
    if start == end:
        return [n for n, part in enumerate(parts) if part.start <= start <= part.end][:1]
    return [n for n, part in enumerate(parts) if part.start < end and start < part.end]
