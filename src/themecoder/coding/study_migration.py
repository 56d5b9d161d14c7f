"""Carrying a study's coding to another version of its codebook, after a check and a backup."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from themecoder.codebook.model import Codebook
from themecoder.coding.annotations import (
    coding_files,
    codings_text,
    lines_text,
    read_codings,
    write_queue,
)
from themecoder.coding.history import history_files, read_history
from themecoder.coding.migration import Migration, codes_per_coder, merged_into, migrate
from themecoder.coding.model import Coding
from themecoder.coding.quote_texts import masked_quotes
from themecoder.errors import InputError, Problem
from themecoder.storage.access import close_to_others, make_folder
from themecoder.storage.atomic import write_text
from themecoder.storage.leftovers import remove_leftovers
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True, slots=True)
class Migrated:
    """What migration did, or would do. ``before``: the codings as they were, in the same order.

    ``books``: the releases; ``files``: the files that change; ``masked``: those among them whose
    quotes get other words, with the masks of today; ``backup``: the copy that was kept, None where
    nothing was written.
    """

    before: tuple[Coding, ...]
    result: Migration
    books: tuple[Codebook, ...]
    files: tuple[Path, ...]
    masked: tuple[Path, ...]
    backup: Path | None

    @property
    def fates(self) -> dict[str, int]:
        """How many codings there are and what becomes of their codes.

        Of the ``codings``, ``carried`` get a newer version. Each code in these is counted once:
        ``same``, ``merged``, ``retired`` or ``queued`` (to be coded again).
        """
        before = {(c.answer_id, c.coder): c for c in self.before}
        fates = {"codings": len(before), "carried": 0, "same": 0, "merged": 0, "retired": 0}
        queued = 0
        retired = {code.id for code in self._book.codes if code.retired}
        for coding in self.result.codings:
            old = before[coding.answer_id, coding.coder]
            if old == coding:
                continue
            fates["carried"] += 1
            stale = {mark.code for mark in coding.stale}
            onward = merged_into(self.books, old.codebook, self.result.to)
            for code in old.codes:
                now = onward.get(code, code)
                if now in stale:
                    queued += 1
                elif now in retired:
                    fates["retired"] += 1
                else:
                    fates["same" if now == code else "merged"] += 1
        return fates | {"queued": queued}

    @property
    def _book(self) -> Codebook:
        return next(book for book in self.books if book.version == self.result.to)


def migrate_study(study: StudyFolder, to: str | None = None, apply: bool = False) -> Migrated:
    """Carry all coding to a version of the codebook, by default the newest.

    Files of an earlier format are brought to the present one: every quote, in the history too, gets
    the words that its coder saw. Nothing is written unless ``apply``; then a copy of
    ``annotations/`` is made first. The caller holds the study's lock. Raises InputError with every
    problem in codebook and coding.
    """
    folder = study.codebooks
    books = folder.releases()
    versions = [book.version for book in books]
    if not versions:
        raise InputError(Problem("codebook.nothing_released", file=folder.folder))
    target = to or versions[-1]
    if target not in versions:
        params = {"version": target, "known": ", ".join(versions)}
        raise InputError(Problem("codebook.no_version", params, file=folder.folder))
    here, earlier = _read_all(study, {book.version: book for book in books})
    seen = {file: masked_quotes(study, codings) for file, codings in (here | earlier).items()}
    masked = tuple(f for f, codings in (here | earlier).items() if tuple(seen[f]) != codings)
    before = tuple(coding for file in here for coding in seen[file])
    result = migrate(before, books, target)
    texts = {file: lines_text(seen[file]) for file in earlier if file in masked}
    after = iter(result.codings)
    texts |= {file: codings_text(islice(after, len(codings))) for file, codings in here.items()}
    changed = {
        file: text for file, text in texts.items() if file.read_text(encoding="utf-8") != text
    }
    backup = None
    if apply:
        if changed:
            backup = _copy_annotations(study)
        for file, text in changed.items():
            write_text(file, text)
        write_queue(study.paths.queue, result.queue)
    return Migrated(before, result, books, tuple(changed), masked, backup)


_Codings = dict[Path, tuple[Coding, ...]]


def _read_all(study: StudyFolder, books: dict[str, Codebook]) -> tuple[_Codings, _Codings]:
    """The files of coding and those of the history. Raises InputError with every problem."""
    here: _Codings = {}
    earlier: _Codings = {}
    problems: list[Problem] = []
    for file in coding_files(study.paths.annotations):
        try:
            here[file] = read_codings(file)
        except InputError as error:
            problems += error.problems
        else:
            problems += _codebook_problems(here[file], file, books)
    for file in history_files(study.paths.annotations):
        try:
            earlier[file] = tuple(read_history(file))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return here, earlier


def _codebook_problems(
    codings: tuple[Coding, ...], file: Path, books: dict[str, Codebook]
) -> list[Problem]:
    """Problems of codings under a version that is not released, or with a code or a value that
    their version does not have."""
    problems = []
    known = {version: {code.id for code in book.codes} for version, book in books.items()}
    values = {
        (version, code.id): {value.id for value in code.values}
        for version, book in books.items()
        for code in book.codes
    }
    lines = file.read_text(encoding="utf-8").split("\n")
    rows = (row for row, line in enumerate(lines, start=1) if line.strip())
    for row, coding in zip(rows, codings, strict=True):
        if coding.codebook not in books:
            params = {"version": coding.codebook, "known": ", ".join(books)}
            problems.append(Problem("annotations.version", params, file=file, row=row))
            continue
        used = {*coding.codes, *(quote.code for quote in coding.quotes)}
        for code in sorted(used - known[coding.codebook]):
            params = {"code": code, "version": coding.codebook, "answer": coding.answer_id}
            problems.append(Problem("annotations.code", params, file=file, row=row))
        for code, value in sorted(coding.values.items()):
            if value not in values.get((coding.codebook, code), ()):
                params = {"code": code, "value": value, "version": coding.codebook}
                problems.append(Problem("annotations.value", params, file=file, row=row))
    return problems


def _copy_annotations(study: StudyFolder) -> Path:
    """Copy ``annotations/`` to a new folder among the backups; an earlier copy is never
    replaced. What a killed migration left of its copy goes: one at a time holds the lock."""
    annotations = study.paths.annotations
    for folder in (annotations, *(one for one in annotations.rglob("*") if one.is_dir())):
        remove_leftovers(folder)
    for left in study.paths.backups.glob(".*-annotations*.part"):
        shutil.rmtree(left)
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    for number in range(1, 1000):
        name = f"{stamp}-annotations" + (f"-{number}" if number > 1 else "")
        target = study.paths.backups / name
        unfinished = target.with_name(f".{name}.part")
        if target.exists():
            continue
        try:
            make_folder(unfinished.parent)
            shutil.copytree(annotations, unfinished)
            close_to_others(unfinished)
            unfinished.rename(target)
        except OSError as error:
            reason = error.strerror or str(error)
            raise InputError(
                Problem("files.not_writable", {"reason": reason}, file=target)
            ) from error
        return target
    raise InputError(Problem("files.not_writable", {"reason": "-"}, file=study.paths.backups))


@dataclass(frozen=True, slots=True)
class CodeCountChange:
    """How many answers to a question have a code from one coder, before and after migration.

    A retired code is not counted. ``stale`` of the answers after it wait to be coded again.
    """

    question: str
    code: str
    coder: str
    before: int
    after: int
    stale: int


def code_count_changes(migrated: Migrated) -> list[CodeCountChange]:
    """The counts that change by migration or have answers that wait to be coded again, sorted."""
    books = {book.version: book for book in migrated.books}
    before: dict[tuple[str, str, str], int] = {}
    for version in sorted({coding.codebook for coding in migrated.before}):
        part = [coding for coding in migrated.before if coding.codebook == version]
        for key, n in codes_per_coder(part, books[version]).items():
            before[key] = before.get(key, 0) + n
    after = codes_per_coder(migrated.result.codings, books[migrated.result.to])
    waiting: dict[tuple[str, str, str], int] = {}
    for coding in migrated.result.codings:
        for code in {mark.code for mark in coding.stale}:
            key = (coding.question, coding.coder, code)
            waiting[key] = waiting.get(key, 0) + 1
    keys = sorted({*before, *after, *waiting}, key=lambda key: (key[0], key[2], key[1]))
    return [
        CodeCountChange(
            question, code, coder, before.get(key, 0), after.get(key, 0), waiting.get(key, 0)
        )
        for key in keys
        for question, coder, code in [key]
        if before.get(key, 0) != after.get(key, 0) or key in waiting
    ]
