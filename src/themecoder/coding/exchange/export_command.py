"""``themecoder coding export``: coding for people and for other tools."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from themecoder.coding.exchange.study_export import export_coding
from themecoder.console import (
    JsonOption,
    Questions,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
)
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder

Beside = Annotated[list[str] | None, typer.Option("--with")]


def export(
    file: Annotated[str, typer.Argument()],
    study: StudyOption = Path(),
    question: Questions = None,
    form: Annotated[str | None, typer.Option("--as")] = None,
    source: Annotated[str | None, typer.Option("--source")] = None,
    with_columns: Beside = None,
    as_json: JsonOption = False,
) -> None:
    """Write the coding for people or another tool: masked answers, codes, quotes, coders."""
    with errors(study, as_json):
        opened = StudyFolder.open(study, progress=StageBars(language_of(study)))
        language = opened.config.interface_language
        made = export_coding(opened, file, form, question or (), source, with_columns or ())
        if as_json:
            files = [str(one) for one in made.files]
            print_json({**asdict(made), "files": files, "coders": list(made.coders)})
            return
        typer.echo(
            message(
                "outgoing.done",
                language,
                codings=made.codings,
                answers=made.answers,
                coders=", ".join(made.coders),
            )
        )
        for part, n in made.lost.items():
            typer.echo(message(f"outgoing.lost.{part}", language, n=n))
        if made.stale:
            typer.echo(message("outgoing.stale_quotes", language, n=made.stale))
        if made.unasked:
            names = ", ".join(made.unasked)
            typer.echo(message("outgoing.unasked", language, names=names))
        if not made.internal:
            typer.echo(message("outgoing.not_internal", language), err=True)
        for one in made.files:
            typer.echo(one)
