"""``themecoder codebook whatif``: what a change would do, before anyone codes again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from themecoder.cli.codebook.shared import CodeId
from themecoder.codebook import edits
from themecoder.codebook.changes import Change, concerned
from themecoder.codebook.draft import Draft
from themecoder.console import (
    JsonOption,
    SourceOption,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
)
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.output.did_you_mean import did_you_mean
from themecoder.whatif.files import as_data, write_whatif
from themecoder.whatif.study_whatif import tried_changes, what_if
from themecoder.whatif.told import ToldOutcome, told_outcome
from themecoder.workspace.folder import StudyFolder

Examples = Annotated[list[str] | None, typer.Option("--example")]
_Changes = Callable[[Draft, str], tuple[Draft, Sequence[Change]]]
"""From a draft, and the why of what is only tried, to the draft and the changes to tell of."""

whatif = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@whatif.command("draft")
def draft_as_it_is(
    study: StudyOption = Path(),
    code: Annotated[list[str] | None, typer.Option("--code")] = None,
    example: Examples = None,
    source: SourceOption = None,
    as_json: JsonOption = False,
) -> None:
    """The merges, splits and redefinitions that the draft has, each by itself."""

    def changes(draft: Draft, why: str) -> tuple[Draft, Sequence[Change]]:
        del why  # these have their own
        ids = [known.id for known in draft.book.codes]
        unknown = [
            Problem("codebook.edit.no_such_code", {"id": one, "near": did_you_mean(one, ids)})
            for one in code or ()
            if one not in ids
        ]
        if unknown:
            raise InputError(unknown)
        return draft, [
            change
            for change in tried_changes(draft)
            if not code or set(code) & set(concerned(change))
        ]

    _try(study, changes, example, source, as_json)


@whatif.command("merge")
def merge(
    codes: Annotated[list[str], typer.Argument(metavar="CODE...")],
    into: Annotated[str, typer.Option("--into")],
    study: StudyOption = Path(),
    source: SourceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Merge codes into another one: computed, for their codings go along."""
    _try(study, _last(lambda d, why: edits.merge(d, codes, into, why)), None, source, as_json)


@whatif.command("split")
def split(
    code: CodeId,
    into: Annotated[list[str], typer.Option("--into")],
    study: StudyOption = Path(),
    example: Examples = None,
    source: SourceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Split a code into codes that the draft has, by examples of each."""
    _try(study, _last(lambda d, why: edits.split(d, code, into, why)), example, source, as_json)


@whatif.command("redefine")
def redefine(
    code: CodeId,
    study: StudyOption = Path(),
    definition: Annotated[str | None, typer.Option("--definition")] = None,
    include: Annotated[str | None, typer.Option("--include")] = None,
    exclude: Annotated[str | None, typer.Option("--exclude")] = None,
    source: SourceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a code other texts, and see which answers would leave it or join it."""

    def redefined(draft: Draft, why: str) -> Draft:
        return edits.redefine(
            draft,
            code,
            why,
            definition=definition,
            include=include,
            exclude=exclude,
            again=True,
        )

    _try(study, _last(redefined), None, source, as_json)


def _last(change: Callable[[Draft, str], Draft]) -> _Changes:
    """The draft after ``change``, and what that added to it."""

    def changed(draft: Draft, why: str) -> tuple[Draft, Sequence[Change]]:
        new = change(draft, why)
        return new, [one for one in new.book.changes if one not in draft.book.changes]

    return changed


def _try(
    study: Path,
    changes: _Changes,
    examples: Sequence[str] | None,
    source: str | None,
    as_json: bool,
) -> None:
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.interface_language
        draft, wanted = changes(opened.codebooks.draft()[1], message("whatif.why", language))
        found = what_if(opened, draft, wanted, examples or (), source)
        files = write_whatif(opened, found)
        if as_json:
            print_json(as_data(found))
            return
        for one in found.outcomes:
            _print(told_outcome(one, draft.book, language))
        params = {"version": found.base, "source": found.source}
        typer.echo(message("whatif.of", language, **params))
        names = ", ".join(str(file.relative_to(opened.paths.root)) for file in files)
        typer.echo(message("whatif.written", language, files=names))


def _print(one: ToldOutcome) -> None:
    typer.echo(one.change)
    for table, below in ((one.counts, ""), (one.agreement, one.leaving), (one.answers, "")):
        if table:
            print_table(table.header, table.rows, right=table.numbers, whole=table.names)
        if below:
            typer.echo(below)
    for line in (one.left_out, *one.notes):
        if line:
            typer.echo(line)
    typer.echo()
