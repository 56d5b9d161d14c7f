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
from themecoder.counts.formats.view import HIDDEN
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
    code: Annotated[list[str] | None, typer.Option("--code")] = None,
    question: Questions = None,
    source: SourceOption = None,
    per_code: Annotated[int | None, typer.Option("--per-code")] = None,
    everything: Annotated[bool, typer.Option("--all")] = False,
    formats: Annotated[list[str] | None, typer.Option("--format")] = None,
    choose: Annotated[_Pair | None, typer.Option("--choose", metavar="CODE ANSWER_ID")] = None,
    never: Annotated[_Pair | None, typer.Option("--never", metavar="CODE ANSWER_ID")] = None,
    forget: Annotated[_Pair | None, typer.Option("--forget", metavar="CODE ANSWER_ID")] = None,
    as_json: JsonOption = False,
) -> None:
    """Choose quotes per code; writes reports/quotes.csv, .xlsx, .docx and .md.

    What a person chooses is kept in quotes.yaml, which belongs in git.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.interface_language
        check_formats(formats or ())
        whose = source_for(opened, source)
        result = study_quotes(opened, code or (), question or (), whose, per_code)
        if not result.left_out and not result.shown:
            params = {"source": result.source, "questions": ", ".join(result.questions)}
            raise InputError(Problem("quotes.no_coding", params))
        changed = False
        if choose or never or forget:
            # only after the check above: a command that fails keeps no choice either
            changed = revise_choices(
                opened,
                [choose] if choose else (),
                [never] if never else (),
                [forget] if forget else (),
                whose,
            )
            result = study_quotes(opened, code or (), question or (), whose, per_code)
        files = write_quotes(opened, result, formats or (), everything)
        if as_json:
            print_json(_json_data(result, files, everything))
            return
        if changed:
            typer.echo(message("quotes.kept", language, file=opened.paths.quotes))
        _print_quotes(result, language)
        for file in files:
            typer.echo(file)


def _json_data(result: Quotes, files: list[Path], everything: bool) -> dict[str, Any]:
    return {
        "source": result.source,
        "confirmed": result.confirmed,
        "codebook": result.codebook,
        "consent": result.consent,
        "sections": [
            {
                "code": section.code,
                "label": section.label,
                "group": section.group,
                "respondents": section.respondents,
                "quotes": [
                    asdict(quote) for quote in section.shown + (section.rest if everything else ())
                ],
            }
            for section in result.sections
        ],
        "left_out": dict(result.left_out),
        "lost": [
            {
                "key": problem.key,
                "row": problem.row,
                **{k: problem.params[k] for k in ("code", "answer")},
            }
            for problem in result.lost
        ],
        "files": [str(file) for file in files],
    }


def _print_quotes(result: Quotes, language: str) -> None:
    rows = []
    for section in result.sections:
        by = Counter(quote.chosen_by for quote in section.shown)
        counts = [by[who] for who in (PERSON, CODER, RULE)]
        people = HIDDEN if section.respondents is None else section.respondents
        rows.append((section.code, section.label, people, len(section.shown), *counts))
    print_table(
        message("quotes.header", language).split("|"), rows, right=(2, 3, 4, 5, 6), whole=(0,)
    )
    for note in notes(result, language):
        typer.echo(note)
    for reason, n in result.left_out.items():
        typer.echo(message(f"quotes.left_out.{reason}", language, n=n))
    for problem in result.lost:
        typer.echo(render(problem, language), err=True)
