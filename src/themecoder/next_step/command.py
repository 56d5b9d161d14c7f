"""``themecoder next``, and the line that commands end with."""

from __future__ import annotations

import shlex
from pathlib import Path

import typer

from themecoder.console import (
    JsonOption,
    StudyOption,
    errors,
    language_of,
    print_json,
    problems_data,
    show_problems,
)
from themecoder.messages import message
from themecoder.next_step.model import DONE, NextStep
from themecoder.next_step.way import next_step, why_of


def next_command(study: StudyOption = Path(), as_json: JsonOption = False) -> None:
    """Say what comes next on the way from the export to the report, why, and the command."""
    with errors(study, as_json):
        language = language_of(study)
        found = next_step(study)
        if as_json:
            print_json(
                {
                    "step": found.name,
                    "title": message(f"next.step.{found.name}", language),
                    "why": why_of(found, language),
                    "command": command_text(found, study),
                    "problems": problems_data(found.problems, language),
                }
            )
            return
        show_problems(found.problems, language)
        typer.echo(line_of(found, study, language))


def print_next_step(study: Path) -> None:
    """The line that a command ends with: on stderr, for it is no result."""
    with errors(study):
        typer.echo(line_of(next_step(study), study, language_of(study)), err=True)


def command_text(found: NextStep, study: Path) -> str:
    """The command as it can be typed; empty where there is nothing to do."""
    if not found.command:
        return ""
    where = ("--study", str(study)) if study != Path() else ()
    return shlex.join(("themecoder", *found.command, *where))


def line_of(found: NextStep, study: Path, language: str) -> str:
    """What comes next in one line."""
    if found.name == DONE:
        return why_of(found, language)
    words = {"command": command_text(found, study), "why": why_of(found, language)}
    return message("next.line", language, **words)
