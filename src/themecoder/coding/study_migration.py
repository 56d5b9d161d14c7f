"""Carrying a study's coding to another version of its codebook, after a check and a backup."""

from __future__ import annotations

import datetime
import shutil
from dataclasses import dataclass
from pathlib import Path

from themecoder.codebook.model import Codebook
from themecoder.coding.annotations import (
    coding_files,
    codings_text,
    read_codings,
    write_codings,
    write_queue,
)
from themecoder.coding.migration import Migration, codes_per_coder, merged_into, migrate
from themecoder.coding.model import Coding
from themecoder.errors import InputError, Problem
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True, slots=True)
class Migrated:
    """What migration did, or would do. ``before``: the codings as they were, in the same order.

    ``books``: the releases; ``files``: the files that change; ``backup``: the copy that was kept,
    None where nothing was written.
    """

    before: tuple[Coding, ...]
    result: Migration
    books: tuple[Codebook, ...]
    files: tuple[Path, ...]
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

    Nothing is written unless ``apply``; then a copy of ``annotations/`` is made first. The caller
    holds the study's lock. Raises InputError with every problem in codebook and coding.
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
    per_file: dict[Path, tuple[Coding, ...]] = {}
    problems: list[Problem] = []
    for file in coding_files(study.paths.annotations):
        try:
            per_file[file] = read_codings(file)
        except InputError as error:
            problems += error.problems
            continue
        problems += _codebook_problems(per_file[file], file, {book.version: book for book in books})
    if problems:
        raise InputError(problems)
    before = tuple(coding for codings in per_file.values() for coding in codings)
    result = migrate(before, books, target)
    changed: dict[Path, tuple[Coding, ...]] = {}
    start = 0
    for file, codings in per_file.items():
        after = result.codings[start : start + len(codings)]
        start += len(codings)
        if file.read_text(encoding="utf-8") != codings_text(after):
            changed[file] = after
    backup = None
    if apply:
        if changed:
            backup = _copy_annotations(study)
        for file, codings in changed.items():
            write_codings(file, codings)
        write_queue(study.paths.queue, result.queue)
    return Migrated(before, result, books, tuple(changed), backup)


def _codebook_problems(
    codings: tuple[Coding, ...], file: Path, books: dict[str, Codebook]
) -> list[Problem]:
    """Problems of codings under a version that is not released, or with a code that their version
    does not have."""
    problems = []
    known = {version: {code.id for code in book.codes} for version, book in books.items()}
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
    return problems


def _copy_annotations(study: StudyFolder) -> Path:
    """Copy ``annotations/`` to a new folder among the backups; an earlier copy is never
    replaced."""
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    for number in range(1, 1000):
        name = f"{stamp}-annotations" + (f"-{number}" if number > 1 else "")
        target = study.paths.backups / name
        unfinished = target.with_name(f".{name}.part")
        if target.exists() or unfinished.exists():
            continue
        try:
            shutil.copytree(study.paths.annotations, unfinished)
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
