"""``themecoder quotes``: what people said, per code, chosen and kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from themecoder.coding.read import source_for
from themecoder.console import (
    JsonOption,
    Questions,
    SourceOption,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
)
from themecoder.errors import InputError, Problem
from themecoder.messages import message, render
from themecoder.quotes.chosen import revise_choices
from themecoder.quotes.formats.files import notes
from themecoder.quotes.model import CODER, PERSON, RULE, Quotes
from themecoder.quotes.study_quotes import check_formats, study_quotes, write_quotes
from themecoder.workspace.folder import StudyFolder

_Pair = tuple[str, str]


def quotes(
    study: StudyOption = Path(),
    code: Annotated[
        list[str] | None,
        typer.Option("--code", help="Only this code; may be given several times."),
    ] = None,
    question: Questions = None,
    source: SourceOption = None,
    per_code: Annotated[
        int | None, typer.Option("--per-code", help="How many quotes of a code, at most.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every quote that may be shown, not only the choice.")
    ] = False,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="Only this: csv, xlsx, docx or md; several times."),
    ] = None,
    choose: Annotated[
        _Pair | None,
        typer.Option(
            "--choose",
            metavar="CODE ANSWER_ID",
            help="Show this one first and always; ANSWER_ID@START-END for one of its quotes.",
        ),
    ] = None,
    never: Annotated[
        _Pair | None,
        typer.Option("--never", metavar="CODE ANSWER_ID", help="Never show this one."),
    ] = None,
    forget: Annotated[
        _Pair | None,
        typer.Option("--forget", metavar="CODE ANSWER_ID", help="Take back a choice."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Choose quotes per code; writes reports/quotes.csv, .xlsx, .docx and .md.

    What a person chooses is kept in quotes.yaml, which belongs in git.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.language
        check_formats(formats or ())
        whose = source_for(opened, source)
        found = study_quotes(opened, code or (), question or (), whose, per_code)
        if not found.left_out and not any(one.respondents for one in found.sections):
            params = {"source": found.source, "questions": ", ".join(found.questions)}
            raise InputError(Problem("quotes.no_coding", params))
        changed = False
        if choose or never or forget:
            # only now: where the command can't be carried out, nothing is kept either
            changed = revise_choices(
                opened,
                [choose] if choose else (),
                [never] if never else (),
                [forget] if forget else (),
                whose,
            )
            found = study_quotes(opened, code or (), question or (), whose, per_code)
        files = write_quotes(opened, found, formats or (), everything)
        if as_json:
            print_json(_plain(found, files, everything))
            return
        if changed:
            typer.echo(message("quotes.kept", language, file=opened.paths.quotes))
        _print(found, language)
        for file in files:
            typer.echo(file)


def _plain(found: Quotes, files: list[Path], everything: bool) -> dict[str, Any]:
    return {
        "source": found.source,
        "confirmed": found.confirmed,
        "codebook": found.codebook,
        "consent": found.consent,
        "sections": [
            {
                "code": one.code,
                "label": one.label,
                "group": one.group,
                "respondents": one.respondents,
                "quotes": [asdict(it) for it in one.shown + (one.rest if everything else ())],
            }
            for one in found.sections
        ],
        "left_out": dict(found.left_out),
        "lost": [
            {"key": one.key, "row": one.row, **{k: one.params[k] for k in ("code", "answer")}}
            for one in found.lost
        ],
        "files": [str(file) for file in files],
    }


def _print(found: Quotes, language: str) -> None:
    rows = []
    for one in found.sections:
        by = Counter(shown.chosen_by for shown in one.shown)
        counts = [by[who] for who in (PERSON, CODER, RULE)]
        rows.append((one.code, one.label, one.respondents, len(one.shown), *counts))
    print_table(
        message("quotes.header", language).split("|"), rows, right=(2, 3, 4, 5, 6), whole=(0,)
    )
    for note in notes(found, language):
        typer.echo(note)
    for reason, n in found.left_out.items():
        typer.echo(message(f"quotes.left_out.{reason}", language, n=n))
    for problem in found.lost:
        typer.echo(render(problem, language), err=True)
