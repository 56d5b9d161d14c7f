"""``themecoder doctor``: what is installed, what is missing, and the command that gets it."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from themecoder.cli.machine import InstalledPart, examine_machine
from themecoder.console import (
    JsonOption,
    StudyOption,
    errors,
    language_of,
    print_json,
    print_table,
    problems_data,
)
from themecoder.errors import Problem
from themecoder.extras import installer
from themecoder.messages import message, render
from themecoder.workspace.protection import protection_warnings


def doctor(
    study: StudyOption = Path(),
    fix: Annotated[bool, typer.Option("--fix")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what is installed, what is missing, and the command that gets it.

    Also what may give the study's answers away: git, rights on its folder, a service that
    copies it.
    Exit code 1 where something is missing that themecoder can't do without.
    """
    with errors(study, as_json):
        language = language_of(study)
        findings = examine_machine()
        warnings = protection_warnings(study)
        if fix:
            _mend(study, findings, warnings, language)
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


def _mend(
    study: Path,
    findings: Sequence[InstalledPart],
    warnings: Sequence[Problem],
    language: str,
) -> None:
    """Install the packages that are missing, and close the study's folder to others; each is told
    on stderr before it is done. What is optional is left to who wants it, and what git keeps to who
    knows with whom it was shared."""
    packages = [one.package for one in findings if one.state == "missing" and one.package]
    if packages:
        words = [*installer(), *packages]
        typer.echo(message("doctor.installing", language, command=" ".join(words)), err=True)
        # what it prints goes where messages go: stdout is for what is found
        with suppress(FileNotFoundError):
            subprocess.run(words, stdout=sys.stderr, check=False)
        importlib.invalidate_caches()
    if any(one.key == "protection.readable" for one in warnings):
        typer.echo(message("doctor.closing", language, folder=study.resolve()), err=True)
        study.chmod(study.stat().st_mode & 0o770)
