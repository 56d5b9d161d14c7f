"""``themecoder report``: the report in Word and as a page, every number from the data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from themecoder.coding.read import source_for
from themecoder.console import (
    AcceptPartialOption,
    JsonOption,
    SourceOption,
    StageBars,
    StudyOption,
    errors,
    language_of,
    print_json,
)
from themecoder.messages import message
from themecoder.report.manifest import changed_since
from themecoder.report.write import new_templates, write_report
from themecoder.workspace.folder import StudyFolder


def report(
    study: StudyOption = Path(),
    source: SourceOption = None,
    accept_partial: AcceptPartialOption = False,
    formats: Annotated[list[str] | None, typer.Option("--format", "-f")] = None,
    new_template: Annotated[bool, typer.Option("--new-template")] = False,
    verify: Annotated[bool, typer.Option("--verify")] = False,
    resamples: Annotated[int, typer.Option("--resamples")] = 1000,
    language: Annotated[str | None, typer.Option("--language")] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the report: reports/report.html and .docx, with a manifest of what it was made from."""
    with errors(study, as_json):
        folder = StudyFolder.open(study, progress=StageBars(language_of(study)))
        if verify:
            _print_changes(folder, as_json)
            return
        if new_template:
            files = new_templates(folder)
        else:
            chosen = source_for(folder, source, ppi=True)
            files = write_report(
                folder, chosen, formats or ("html", "docx"), resamples, language, accept_partial
            )
        if as_json:
            print_json({"files": [str(file) for file in files]})
            return
        for file in files:
            typer.echo(file)
        if new_template:
            typer.echo(message("report.templates", folder.config.interface_language))


def _print_changes(folder: StudyFolder, as_json: bool) -> None:
    """What changed since the report; ends the command with 1 if anything did."""
    changed, language = changed_since(folder), folder.config.interface_language
    if as_json:
        print_json({"changed": [{"name": change.name, "how": change.how} for change in changed]})
    else:
        typer.echo(message(f"report.{'changed' if changed else 'unchanged'}", language))
        for change in changed:
            typer.echo(f"  {change.name}: {message(f'report.how.{change.how}', language)}")
    raise typer.Exit(1 if changed else 0)
