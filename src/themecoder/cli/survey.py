"""``themecoder init`` and ``themecoder import``: from an export to a study, and what came in."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from themecoder.console import (
    JsonOption,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
)
from themecoder.counts.reading import closed_as_read
from themecoder.expressions import Expression
from themecoder.messages import message, render
from themecoder.survey.init_study import init_study
from themecoder.survey.proposal.corrections import KINDS, Corrections, read_corrections
from themecoder.survey.proposal.languages import LANGUAGES
from themecoder.survey.proposal.propose import StudyProposal
from themecoder.workspace.folder import StudyFolder


def init(
    export: Annotated[Path, typer.Argument(metavar="EXPORT")],
    study: StudyOption = Path(),
    force: Annotated[bool, typer.Option("--force")] = False,
    questionnaire: Annotated[Path | None, typer.Option("--questionnaire")] = None,
    answer_file: Annotated[Path | None, typer.Option("--answer-file")] = None,
    ask: Annotated[bool, typer.Option("--ask")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look at a survey export and write a commented study.toml for a person to correct."""
    with errors(study, as_json):
        language = language_of(study)
        bars = StageBars(language)
        written = init_study(
            export,
            study,
            language=language,
            force=force,
            questionnaire=questionnaire,
            corrections=read_corrections(answer_file) if answer_file else None,
            ask=partial(_ask, language) if ask else None,
            progress=bars,
        )
        for copy in written.copied:
            typer.echo(message("cli.init.copied", language, file=copy), err=True)
        if as_json:
            proposal = written.proposal
            print_json(
                {
                    "study": str(written.file),
                    "format": proposal.format,
                    "details": dict(proposal.details),
                    "id": proposal.id,
                    "include": str(proposal.include),
                    "rows": proposal.n_rows,
                    "included": proposal.n_included,
                    "questions": [
                        {
                            "id": question.id,
                            "column": question.column,
                            "asked": str(question.asked) if question.asked else None,
                            "n_asked": question.n_asked,
                            "n_answered": question.n_answered,
                        }
                        for question in proposal.questions
                    ],
                    "attributes": [attribute.column for attribute in proposal.attributes],
                    "multiple": [multiple.id for multiple in proposal.multiple],
                    "closed": [
                        {
                            "id": closed.id,
                            "kind": closed.kind,
                            "columns": list(closed.columns),
                            "options": dict(closed.options or closed.values),
                            "asked": str(closed.asked) if closed.asked else None,
                            "n_asked": closed.n_asked,
                            "n_answered": closed.n_answered,
                        }
                        for closed in proposal.closed
                    ],
                    "language": proposal.language,
                    "rows_told": [
                        {
                            "reason": told.reason,
                            "n": told.n,
                            "column": told.column,
                            "values": list(told.values),
                            "left_out": told.reason != "unfinished",
                        }
                        for told in proposal.rows_told
                    ],
                    "columns": [
                        {"column": name, "kind": kind, "question": proposal.columns[name]}
                        for name, kind in proposal.kinds.items()
                    ],
                }
            )
            return
        _print_proposal(written.proposal, language)
        typer.echo(message("cli.init.written", language, file=written.file))


def _ask(language: str, proposal: StudyProposal) -> Corrections | None:
    """What a person corrects in a proposal: "3=open", "id=4", "language=de"; nothing ends it."""
    _print_proposal(proposal, language)
    columns = list(proposal.kinds)
    while True:
        prompt = message("cli.init.ask", language, kinds=", ".join(KINDS))
        said = typer.prompt(prompt, default="", show_default=False).strip()
        if not said:
            return None
        place, _, value = (part.strip() for part in said.partition("="))
        if place == "language" and value in LANGUAGES:
            return Corrections(language=value)
        if place == "id" and value.isdigit() and 1 <= int(value) <= len(columns):
            return Corrections(id=columns[int(value) - 1])
        if place.isdigit() and 1 <= int(place) <= len(columns) and value in KINDS:
            return Corrections({columns[int(place) - 1]: value})
        typer.echo(message("cli.init.not_understood", language, said=said))


def _print_proposal(proposal: StudyProposal, language: str) -> None:
    typer.echo(
        message(
            "cli.init.found",
            language,
            file=proposal.source,
            format=", ".join([proposal.format, *proposal.details.values()]),
            rows=proposal.n_rows,
            included=proposal.n_included,
            include=proposal.include,
            id=proposal.id or message("cli.init.row_id", language),
        )
    )
    for told in proposal.rows_told:
        params = {"n": told.n, "column": told.column, "values": ", ".join(told.values)}
        expression = str(Expression(told.keep)) if told.keep is not None else ""
        typer.echo(
            message(f"proposal.rows_{told.reason}", language, **params, expression=expression)
        )
    for name, cells in proposal.unclear.items():
        params = {"column": name, "values": ", ".join(cells[:5])}
        typer.echo(message("proposal.unclear", language, **params))
    typer.echo(message("cli.init.language", language, name=proposal.language))
    print_table(
        message("cli.init.header", language).split("|"),
        [
            (
                q.id,
                str(q.asked) if q.asked else "?",
                q.n_asked,
                q.n_answered,
                q.text,
            )
            for q in proposal.questions
        ],
        right=(2, 3),
    )
    attributes = ", ".join(attribute.column for attribute in proposal.attributes) or "-"
    typer.echo(message("cli.init.attributes", language, names=attributes))
    print_table(
        message("cli.init.columns_header", language).split("|"),
        [
            (
                place,
                name,
                message(f"cli.init.kind.{kind}", language),
                proposal.columns[name],
                proposal.labels[name] if proposal.labels[name] != name else "",
            )
            for place, (name, kind) in enumerate(proposal.kinds.items(), start=1)
        ],
        right=(0,),
    )


def import_survey(study: StudyOption = Path(), as_json: JsonOption = False) -> None:
    """Read the whole export and say per question: asked, answered, empty, without content."""
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        config, survey, overview = opened.config, opened.survey, opened.overview()
        language = config.interface_language
        if as_json:
            print_json(
                {
                    "study": config.id,
                    "rows": len(survey.respondents) + survey.screened_out,
                    "respondents": len(survey.respondents),
                    "screened_out": survey.screened_out,
                    "questions": [asdict(row) for row in overview],
                    "closed": [asdict(row) for row in closed_as_read(opened)],
                    "warnings": [render(warning, language) for warning in survey.warnings],
                }
            )
            return
        typer.echo(
            message(
                "cli.import.title",
                language,
                title=config.title,
                respondents=len(survey.respondents),
                file=config.survey.file,
            )
        )
        if config.synthetic:
            typer.echo(config.synthetic)
        if survey.screened_out:
            typer.echo(
                message(
                    "cli.import.left_out",
                    language,
                    n=survey.screened_out,
                    rows=len(survey.respondents) + survey.screened_out,
                )
            )
        everyone = message("cli.import.everyone", language)
        print_table(
            message("cli.import.header", language).split("|"),
            [
                (
                    row.question,
                    everyone if str(asked) == "all" else str(asked),
                    row.asked,
                    row.answered,
                    row.empty,
                    row.contentless,
                )
                for row in overview
                for asked in [config.question(row.question).asked]
            ],
            right=(2, 3, 4, 5),
        )
        typer.echo(message("cli.import.note", language))
        _print_closed(opened, language)
        for warning in survey.warnings:
            typer.echo(render(warning, language), err=True)


def _print_closed(study: StudyFolder, language: str) -> None:
    """The counts of the closed questions beside the cells that they come from."""
    rows = closed_as_read(study)
    if not rows:
        return
    empty = message("cli.import.empty_cell", language)
    print_table(
        message("cli.import.closed_header", language).split("|"),
        [
            (
                row.question,
                row.code,
                row.label if row.label != row.code else "",
                row.n,
                row.base_n,
                ", ".join(f"{empty if cell is None else cell} ×{n}" for cell, n in row.cells),
            )
            for row in rows
        ],
        right=(3, 4),
    )
    typer.echo(message("cli.import.closed_note", language))
