"""Look at the codebook: ``check``, ``show``, ``diff``, ``log``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from themecoder.cli.codebook.shared import CodeId, in_words_of, version_of
from themecoder.codebook.changes import record
from themecoder.codebook.diff import diff as differences
from themecoder.codebook.edit import history
from themecoder.codebook.files.folder import DRAFT, CodebookFolder
from themecoder.codebook.html.page import write_codebook_page
from themecoder.codebook.model import Codebook
from themecoder.codebook.wording import difference_in_words, in_words
from themecoder.console import (
    JsonOption,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
    show_problems,
)
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder


def check(
    version: Annotated[str | None, typer.Argument(metavar="[VERSION|FILE]")] = None,
    study: StudyOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Report all that is wrong in the codebook, with lines.

    Exit code 1 where anything is.
    """
    with errors(study, as_json):
        language = language_of(study)
        questions = None
        if version is not None and version.endswith((".yaml", ".yml")):
            file = Path(version)
            if not file.is_file():
                raise InputError(Problem("codebook.no_file", file=file))
            folder, versions = CodebookFolder(file.parent, file.with_suffix(".lock")), [file.stem]
        else:
            opened = StudyFolder.open(study)
            folder, questions = opened.codebooks, opened.questions
            folder.need_any()
            drafts = [DRAFT] if folder.file(DRAFT).is_file() else []
            versions = [version] if version else [*folder.versions, *drafts]
            if version and version not in (*folder.versions, *drafts):
                folder.document(version)
        problems = [p for each in versions for p in folder.problems(each, questions)]
        if problems:
            show_problems(problems, language, as_json)
            raise typer.Exit(1)
        if as_json:
            print_json({"checked": versions, "problems": []})
        else:
            typer.echo(message("cli.codebook.fine", language, versions=", ".join(versions)))


def show(
    version: Annotated[str | None, typer.Argument()] = None,
    study: StudyOption = Path(),
    html: Annotated[bool, typer.Option("--html")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show the codes with their definitions."""
    with errors(study, as_json):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        book = version_of(opened, version)
        if html:
            file = write_codebook_page(opened.codebooks, book, opened.paths)
            if not as_json:
                typer.echo(message("cli.codebook.page", language, file=file))
                return
        if as_json:
            print_json(_as_plain_data(book))
            return
        typer.echo(_title(book, language))
        tree = book.tree
        for group, codes in book.by_group:
            print_table(
                message("cli.codebook.header", language).split("|"),
                [
                    (
                        code.id,
                        "· " * tree.depth(code.id)
                        + code.label
                        + (f" [{_term('retired', language)}]" if code.retired else ""),
                        code.definition,
                        code.include,
                        code.exclude,
                    )
                    for code in codes
                ],
                group.label if group else "",
                whole=(0,),
            )


def diff(
    before: Annotated[str, typer.Argument(metavar="A")],
    after: Annotated[str, typer.Argument(metavar="B")],
    study: StudyOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Say per code, in words, what differs between two versions."""
    with errors(study, as_json):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        books = [version_of(opened, version) for version in (before, after)]
        releases = opened.codebooks.releases(None if after == DRAFT else after)
        past = [b.version for b in opened.codebooks.releases(before)] if before != DRAFT else []
        changes = [c for book in releases if book.version not in past for c in book.changes]
        changes += books[1].changes if after == DRAFT else ()
        code_differences = differences(books[0], books[1], changes)
        if as_json:
            print_json([asdict(difference) for difference in code_differences])
            return
        if not code_differences:
            typer.echo(message("cli.codebook.same", language))
        for difference in code_differences:
            name = difference.code or difference.group or "-"
            typer.echo(f"{name}: {difference_in_words(difference, language)}")


def log(code: CodeId, study: StudyOption = Path(), as_json: JsonOption = False) -> None:
    """Tell the history of one code through all versions.

    With it the candidate themes that the code came from.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        past = history(opened.codebooks, code)
        if as_json:
            print_json(
                {
                    "code": past.code.id,
                    "label": past.code.label,
                    "versions": [
                        {
                            "version": version,
                            "released": released or None,
                            "differences": [asdict(difference) for difference in differences],
                            "changes": [record(change) for change in changes],
                        }
                        for version, released, differences, changes in past.versions
                    ],
                    "origins": [asdict(origin) for origin in past.origins],
                }
            )
            return
        typer.echo(f"{past.code.id}: {past.code.label}")
        draft = message("cli.codebook.draft", language)
        book = opened.codebooks.draft()[1].book
        for version, released, differences, changes in past.versions:
            typer.echo(f"{version} ({released or draft})")
            for change in changes:
                typer.echo(f"  {in_words(change, book, language)}")
            for difference in differences:
                typer.echo(f"  {difference_in_words(difference, language)}")
        for origin in past.origins:
            typer.echo(in_words_of(asdict(origin), language))


def _as_plain_data(book: Codebook) -> dict[str, Any]:
    return {**asdict(book), "changes": [record(change) for change in book.changes]}


def _title(book: Codebook, language: str) -> str:
    released = book.released or message("cli.codebook.draft", language)
    return f"{book.title}: {book.id} {book.version} ({released})"


def _term(name: str, language: str) -> str:
    return message(f"codebook.term.{name}", language)
