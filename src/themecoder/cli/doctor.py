"""``themecoder doctor``: what is installed, what is missing, and the command that gets it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import typer

from themecoder.cli.machine import examine_machine
from themecoder.console import (
    JsonOption,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
    problems_data,
)
from themecoder.messages import message, render
from themecoder.workspace.protection import protection_warnings


def doctor(study: StudyOption = Path(), as_json: JsonOption = False) -> None:
    """Say what is installed, what is missing, and the command that gets it.

    Also what may give the study's answers away: git, rights on its folder, a service that
    copies it.
    Exit code 1 where something is missing that themecoder can't do without.
    """
    with errors(study, as_json):
        language = language_of(study)
        findings = examine_machine()
        warnings = protection_warnings(study)
        if as_json:
            print_json(
                {
                    "findings": [asdict(finding) for finding in findings],
                    "warnings": problems_data(warnings, language),
                }
            )
        else:
            rows = [
                (
                    message(f"doctor.{finding.what}", language),
                    message(f"doctor.state_{finding.state}", language),
                    finding.found or "-",
                )
                for finding in findings
            ]
            print_table(message("doctor.header", language).split("|"), rows)
            for finding in findings:
                if finding.command:
                    what = message(f"doctor.{finding.what}", language)
                    typer.echo(message("doctor.get", language, what=what, command=finding.command))
            for warning in warnings:
                typer.echo(render(warning, language), err=True)
        if any(finding.state == "missing" for finding in findings):
            raise typer.Exit(1)
