"""Change the draft, a typed change at a time, and release it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from themecoder.cli.codebook.shared import CodeId, GroupLabel, Replace, Scale, Values, Why
from themecoder.codebook import edits
from themecoder.codebook.draft import Draft
from themecoder.codebook.edit import edit_codebook
from themecoder.codebook.edits import add_group
from themecoder.codebook.model import Code, Example, Group
from themecoder.codebook.order import place_beside
from themecoder.codebook.taking_back import last_change, take_back
from themecoder.codebook.wording import in_words
from themecoder.console import JsonOption, StudyOption, errors, print_json
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder


def add(
    code: CodeId,
    label: Annotated[str, typer.Option("--label")],
    definition: Annotated[str, typer.Option("--definition")],
    study: StudyOption = Path(),
    group: Annotated[str, typer.Option("--group")] = "",
    group_label: GroupLabel = "",
    parent: Annotated[str, typer.Option("--parent")] = "",
    include: Annotated[str, typer.Option("--include")] = "",
    exclude: Annotated[str, typer.Option("--exclude")] = "",
    example: Annotated[list[str] | None, typer.Option("--example")] = None,
    borderline: Annotated[list[str] | None, typer.Option("--borderline")] = None,
    question: Annotated[list[str] | None, typer.Option("--question", "-q")] = None,
    exclusive: Annotated[bool, typer.Option("--exclusive")] = False,
    hotkey: Annotated[str, typer.Option("--hotkey")] = "",
    value: Values = None,
    scale: Scale = None,
    note: Annotated[str, typer.Option("--memo")] = "",
    why: Why = "",
) -> None:
    """Add a code to the draft."""
    examples = [Example(text) for text in example or ()]
    examples += [Example(text, borderline=True) for text in borderline or ()]
    new = Code(
        code,
        label,
        group,
        definition,
        include,
        exclude,
        exclusive,
        examples=tuple(examples),
        questions=tuple(question or ()),
        hotkey=hotkey,
        parent=parent,
        memo=note,
        scale=scale or "",
        values=edits.values_of(value or ()),
    )
    _edit(study, lambda draft: edits.add(_with_group(draft, group, group_label), new, why))


def rename(
    code: CodeId,
    label: Annotated[str, typer.Argument()],
    study: StudyOption = Path(),
    why: Why = "",
    replace: Replace = False,
) -> None:
    """Give a code another label; it means the same."""
    _edit(study, lambda draft: edits.rename(draft, code, label, why, again=replace))


def redefine(
    code: CodeId,
    study: StudyOption = Path(),
    definition: Annotated[str | None, typer.Option("--definition")] = None,
    include: Annotated[str | None, typer.Option("--include")] = None,
    exclude: Annotated[str | None, typer.Option("--exclude")] = None,
    exclusive: Annotated[bool | None, typer.Option("--exclusive/--not-exclusive")] = None,
    wording: Annotated[bool, typer.Option("--wording")] = False,
    value: Values = None,
    scale: Scale = None,
    why: Why = "",
    replace: Replace = False,
) -> None:
    """Change what a code covers, or its values; its answers are coded again.

    --value gives all values anew, in the order of the scale; those that codings may have stay.
    """
    _edit(
        study,
        lambda draft: edits.redefine(
            draft,
            code,
            why,
            definition=definition,
            include=include,
            exclude=exclude,
            exclusive=exclusive,
            scale=scale,
            values=edits.values_of(value) if value else None,
            recode=not wording,
            again=replace,
        ),
    )


def memo(
    code: CodeId,
    text: Annotated[str, typer.Argument()],
    study: StudyOption = Path(),
) -> None:
    """Note something on a code; coders are not shown it while they code."""
    _edit(study, lambda draft: edits.annotate(draft, code, text))


def merge(
    codes: Annotated[list[str], typer.Argument(metavar="CODE...")],
    into: Annotated[str, typer.Option("--into")],
    study: StudyOption = Path(),
    why: Why = "",
) -> None:
    """Merge codes into another one; their codings go along."""
    _edit(study, lambda draft: edits.merge(draft, codes, into, why))


def split(
    code: CodeId,
    into: Annotated[list[str], typer.Option("--into")],
    study: StudyOption = Path(),
    why: Why = "",
) -> None:
    """Split a code into others; its answers are coded again."""
    _edit(study, lambda draft: edits.split(draft, code, into, why))


def retire(code: CodeId, study: StudyOption = Path(), why: Why = "") -> None:
    """Use a code no longer; its codings leave the counts."""
    _edit(study, lambda draft: edits.retire(draft, code, why))


def move(
    code: CodeId,
    group: Annotated[str | None, typer.Argument()] = None,
    study: StudyOption = Path(),
    group_label: GroupLabel = "",
    parent: Annotated[str, typer.Option("--parent")] = "",
    before: Annotated[str, typer.Option("--before")] = "",
    after: Annotated[str, typer.Option("--after")] = "",
    why: Why = "",
    replace: Replace = False,
) -> None:
    """Move a code to another group, below another code, or beside one.

    What stands below it goes along.
    """

    def moved(draft: Draft) -> Draft:
        if sum([bool(before), bool(after), group is not None or bool(parent)]) != 1:
            raise InputError(Problem("codebook.edit.no_place", {"id": code}))
        if before or after:
            return place_beside(draft, code, before or after, why, after=bool(after))
        there = _with_group(draft, group or "", group_label)
        return edits.move(there, code, group or "", why, again=replace, parent=parent)

    _edit(study, moved)


def take_back_change(code: CodeId, study: StudyOption = Path()) -> None:
    """Take back the last change that the draft made to a code since the release."""
    _edit(study, lambda draft: take_back(draft, last_change(draft, code)))


def release(
    study: StudyOption = Path(),
    date: Annotated[str, typer.Option("--date")] = "",
    as_json: JsonOption = False,
) -> None:
    """Check the draft and make it a version, never to change."""
    with errors(study, as_json):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        try:
            day = datetime.date.fromisoformat(date) if date else datetime.date.today()
        except ValueError:
            params = {"name": "--date", "found": date}
            raise InputError(Problem("codebook.not_a_date", params)) from None
        released = opened.codebooks.release(day.isoformat(), opened.questions)
        file = opened.codebooks.file(released.version)
        if as_json:
            print_json({"version": released.version, "file": str(file)})
            return
        typer.echo(message("cli.codebook.released", language, version=released.version, file=file))


def _edit(study: Path, change: Callable[[Draft], Draft]) -> None:
    with errors(study):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        file = opened.codebooks.file("draft")
        before: tuple[Any, ...] = ()

        def change_and_remember(draft: Draft) -> Draft:
            nonlocal before
            before = draft.book.changes
            return change(draft)

        saved = edit_codebook(opened.codebooks, change_and_remember)
        for recorded in saved.book.changes:
            if recorded not in before:
                typer.echo(in_words(recorded, saved.book, language))
        typer.echo(message("cli.codebook.saved", language, file=file, version=saved.book.version))


def _with_group(draft: Draft, group: str, label: str) -> Draft:
    return add_group(draft, Group(group, label)) if group and label else draft
