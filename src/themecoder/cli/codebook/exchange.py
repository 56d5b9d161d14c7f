"""To and from the codebooks of other tools: ``export`` and ``import``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from themecoder.cli.codebook.shared import Why, version_of
from themecoder.codebook.exchange import export_to, import_from
from themecoder.console import JsonOption, StudyOption, errors, print_json
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder


def export_codebook(
    file: Annotated[Path, typer.Argument()],
    study: StudyOption = Path(),
    version: Annotated[str | None, typer.Option("--version")] = None,
    tool: Annotated[str, typer.Option("--for")] = "maxqda",
) -> None:
    """Write the codebook for NVivo, MAXQDA, ATLAS.ti …"""
    with errors(study):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        book = version_of(opened, version)
        for text in export_to(book, file, tool, language):
            typer.echo(text, err=True)
        n = len(book.codes)
        typer.echo(message("cli.codebook.exported", language, n=n, file=file, version=book.version))


def import_codebook(
    file: Annotated[Path, typer.Argument()],
    study: StudyOption = Path(),
    wording: Annotated[bool, typer.Option("--wording")] = False,
    why: Why = "",
    as_json: JsonOption = False,
) -> None:
    """Take another tool's codebook over into the draft.

    What had no place is told.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        imported = import_from(
            opened.codebooks, file, opened.config.interface_language, why, wording
        )
        if as_json:
            print_json({"changes": list(imported.changes), "notes": list(imported.notes)})
            return
        typer.echo(message("cli.codebook.imported", language, file=file, n=len(imported.changes)))
        for text in imported.changes:
            typer.echo(f"  {text}")
        if imported.notes:
            typer.echo(message("cli.codebook.dropped", language, n=len(imported.notes)))
        for text in imported.notes:
            typer.echo(f"  {text}")
