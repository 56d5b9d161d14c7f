"""Codebooks to and from the files of other tools."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from themecoder.codebook.diff import diff
from themecoder.codebook.files.folder import CodebookFolder
from themecoder.codebook.files.qdc import read_qdc, write_qdc
from themecoder.codebook.files.tables import LONGEST, read_table, write_table
from themecoder.codebook.incoming import Incoming, Note, take_over
from themecoder.codebook.model import Codebook
from themecoder.codebook.wording import difference_in_words
from themecoder.errors import InputError, Problem
from themecoder.messages import line_of, message
from themecoder.storage.atomic import atomic

TABLES = (".xlsx", ".csv")
TOOLS = ("maxqda", "atlas")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, in words: ``changes`` of the draft, ``notes`` on what had no place."""

    changes: tuple[str, ...]
    notes: tuple[str, ...]


def export_to(book: Codebook, file: Path, tool: str, language: str) -> list[str]:
    """Write ``book`` to ``file`` by its ending; returns what the other tool will lose, in words."""
    kind = _kind(file)
    if tool not in TOOLS:
        params = {"found": tool, "known": ", ".join(TOOLS)}
        raise InputError(Problem("codebook.exchange.tool", params))
    lost = []
    if book.changes:
        lost.append(message("codebook.exchange.no_changes", language, n=len(book.changes)))
    if book.memo:
        lost.append(message("codebook.exchange.no_memo", language))
    if kind == ".qdc":
        data = write_qdc(book)
        if not (file.is_file() and file.read_bytes() == data):
            with atomic(file, "wb") as handle:
                handle.write(data)
        return lost
    if tool == "maxqda":
        long = [code.id for code in book.codes if len(code.label) > LONGEST]
        if long:
            codes = ", ".join(long)
            lost.append(message("codebook.exchange.long", language, most=LONGEST, codes=codes))
    write_table(book, file, tool)
    return lost


def import_from(
    folder: CodebookFolder, file: Path, language: str, why: str = "", wording: bool = False
) -> Imported:
    """Take the codebook in ``file`` over into the draft, and say in ``language`` what changed.

    Raises InputError where the file is no codebook; the draft is then as it was.
    """
    incoming = read_incoming(file)
    document, draft = folder.draft()
    reason = why or message("codebook.exchange.why", language, file=file.name)
    changed, notes = take_over(draft, incoming.book, reason, wording)
    folder.save(document, changed)
    changes = [
        f"{differing.code or differing.group}: {difference_in_words(differing, language)}"
        for differing in diff(draft.book, changed.book)
        if differing.what != "reordered"
    ]
    notes_in_words = [_note_in_words(note, file, language) for note in (*incoming.notes, *notes)]
    return Imported(tuple(changes), tuple(notes_in_words))


def read_incoming(file: Path) -> Incoming:
    """The codebook in a .qdc, .xlsx or .csv of another tool."""
    return read_qdc(file) if _kind(file) == ".qdc" else read_table(file)


def _kind(file: Path) -> str:
    kind = file.suffix.lower()
    if kind not in (".qdc", *TABLES):
        raise InputError(Problem("codebook.exchange.kind", {"found": kind or "-"}, file=file))
    return kind


def _note_in_words(note: Note, file: Path, language: str) -> str:
    text = message(f"codebook.exchange.note.{note.key}", language, **note.params)
    return text if note.row is None else f"{line_of(file, note.row, language)}: {text}"
