"""Coding by people in Label Studio: ``push``, ``pull``, ``status``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from themecoder.coding.label_studio.pull import Pulled
from themecoder.coding.label_studio.push import Pushed
from themecoder.coding.label_studio.status import coding_status
from themecoder.coding.label_studio.sync import pull_questions, push_questions
from themecoder.coding.suggestions.freshness import stale_suggestions
from themecoder.coding.suggestions.stale_notice import print_stale_suggestions
from themecoder.console import (
    Insecure,
    JsonOption,
    Questions,
    StageBars,
    StudyOption,
    Url,
    errors,
    language_of,
    print_json,
    print_notes,
    print_table,
    problems_data,
)
from themecoder.messages import message, render
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.protection import protection_warnings


def push(
    study: StudyOption = Path(),
    question: Questions = None,
    url: Url = None,
    insecure: Insecure = False,
    remove_orphans: Annotated[bool, typer.Option("--remove-orphans")] = False,
    first: Annotated[int | None, typer.Option("--first", min=1)] = None,
    as_json: JsonOption = False,
) -> None:
    """Send what is planned to Label Studio; only what is not there yet.

    A new version of the codebook is taken to the server too, with all that was coded there.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.interface_language
        results = push_questions(opened, question or (), url, insecure, remove_orphans, first)
        _print_results("push", results, language, as_json)
        print_stale_suggestions(opened)


def _print_results(
    area: str, results: Sequence[Pushed] | Sequence[Pulled], language: str, as_json: bool
) -> None:
    """What a push or a pull did for each question."""
    if as_json:
        print_json([asdict(result) for result in results])
        return
    for result in results:
        typer.echo(message(f"cli.{area}.done", language, **_message_params(result)))
        print_notes(area, result.notes, language)


def pull(
    study: StudyOption = Path(),
    question: Questions = None,
    url: Url = None,
    insecure: Insecure = False,
    accept_deletions: Annotated[bool, typer.Option("--accept-deletions")] = False,
    accept_changes: Annotated[bool, typer.Option("--accept-changes")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take what coders made in Label Studio into annotations/; nothing here is lost by it."""
    with errors(study, as_json):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        results = pull_questions(
            opened, question or (), url, accept_deletions, insecure, accept_changes
        )
        _print_results("pull", results, language, as_json)


def status(
    study: StudyOption = Path(),
    url: Url = None,
    insecure: Insecure = False,
    as_json: JsonOption = False,
) -> None:
    """Say how far the coding is: per question and coder, here and on the server."""
    with errors(study, as_json):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        state = coding_status(opened, url, insecure)
        warnings = protection_warnings(study)
        if as_json:
            stale = {"stale_suggestions": stale_suggestions(opened)}
            warned = {"warnings": problems_data(warnings, language)}
            print_json({**asdict(state), **stale, **warned})
            return
        print_table(
            message("cli.status.header", language).split("|"),
            [
                (
                    row.question,
                    row.coder,
                    row.planned,
                    row.done,
                    row.skipped,
                    row.uncertain,
                    "" if row.per_hour is None else round(row.per_hour),
                    row.last or "",
                )
                for row in state.rows
            ],
            right=(2, 3, 4, 5, 6),
        )
        for coded in state.machine:
            typer.echo(message("autocode.status", language, **asdict(coded)))
        for project in state.server:
            typer.echo(message("cli.status.server", language, **asdict(project)))
        if state.unreachable:
            typer.echo(state.unreachable, err=True)
        for stored in state.offline:
            typer.echo(message("cli.status.offline", language, **asdict(stored)))
        if state.not_here:
            typer.echo(message("cli.status.not_here", language, n=state.not_here))
        print_stale_suggestions(opened)
        for warning in warnings:
            typer.echo(render(warning, language), err=True)


def _message_params(result: Any) -> dict[str, Any]:
    return {name: value for name, value in asdict(result).items() if name != "notes"}
