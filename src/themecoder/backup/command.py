"""``themecoder backup`` and ``themecoder restore``: the whole study in one file, and back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from themecoder.backup.formats.archive import is_encrypted
from themecoder.backup.study_backup import backup_study
from themecoder.backup.study_restore import restore_study
from themecoder.console import JsonOption, StudyOption, errors, language_of, print_json
from themecoder.messages import message
from themecoder.output.numbers import number_text
from themecoder.workspace.folder import StudyFolder


def backup(
    file: Annotated[Path | None, typer.Argument()] = None,
    study: StudyOption = Path(),
    encrypt: Annotated[bool, typer.Option("--encrypt")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write the whole study to one file: answers, coding, codebooks, reports and the server's data.

    A zip, or with --encrypt one in the age format; the password is asked, and nothing helps where
    it is lost. What can be made anew (.themecoder/) and git's own folder are not in it.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        password = _ask("new", language, confirm=True) if encrypt else None
        made = backup_study(opened, file, password)
        if as_json:
            print_json({**asdict(made), "file": str(made.file)})
            return
        size = number_text(made.size / 1e6, 1, language)
        typer.echo(message("cli.backup.done", language, file=made.file, n=made.files, size=size))
        for link in made.links:
            typer.echo(message("cli.backup.link", language, link=link), err=True)
        typer.echo(message("cli.backup.elsewhere" if encrypt else "cli.backup.plain", language))


def restore(
    file: Annotated[Path, typer.Argument()],
    study: StudyOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Make the study what it is in an archive; what is there now and differs is put aside first.

    The whole archive is checked before anything is written. Broken off, the same command goes on
    where it was.
    """
    with errors(study, as_json):
        language = language_of(study)
        password = _ask("open", language) if is_encrypted(file) else None
        done = restore_study(file, study, password)
        if as_json:
            print_json({**asdict(done), "copy": str(done.copy) if done.copy else None})
            return
        typer.echo(message("cli.restore.done", language, n=done.files, written=done.written))
        if done.copy is not None:
            text = message("cli.restore.aside", language, n=done.aside, folder=done.copy)
            typer.echo(text)


def _ask(what: str, language: str, confirm: bool = False) -> str:
    text = message(f"cli.backup.password_{what}", language)
    again = message("cli.backup.password_again", language) if confirm else False
    answer: str = typer.prompt(text, hide_input=True, confirmation_prompt=again, err=True)
    return answer
