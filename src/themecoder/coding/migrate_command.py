"""``themecoder migrate``: all coding to the newest version of the codebook."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from themecoder.coding.migration_words import migration_lines, written_lines
from themecoder.coding.study_migration import (
    CodeCountChange,
    Migrated,
    code_count_changes,
    migrate_study,
)
from themecoder.console import JsonOption, StudyOption, errors, print_json, print_table
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder


def migrate(
    study: StudyOption = Path(),
    apply: Annotated[bool, typer.Option("--apply")] = False,
    to: Annotated[str | None, typer.Option("--to")] = None,
    explain: Annotated[bool, typer.Option("--explain")] = False,
    as_json: JsonOption = False,
) -> None:
    """Carry all coding to the newest version of the codebook, without losing any.

    Merged codes go along; what was split or redefined comes onto annotations/queue.csv until its
    coder has looked at it again. Quotes get the words that are masked as they are today; files of
    an earlier format have them unmasked. A dry run unless --apply; then a copy is kept first.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study)
        language = opened.config.interface_language
        with opened.locked():
            migrated = migrate_study(opened, to, apply)
        counts = code_count_changes(migrated)
        if as_json:
            print_json(_json_data(migrated, counts))
            return
        typer.echo(message("cli.migrate.title", language, to=migrated.result.to))
        for line in migration_lines(migrated, language):
            typer.echo(line)
        if explain:
            _print_changes(migrated, counts, language)
        if migrated.result.queue:
            file, n = opened.paths.queue, len(migrated.result.queue)
            typer.echo(message("cli.migrate.queue", language, n=n, file=file))
        for line in written_lines(migrated, language):
            typer.echo(line)
        if migrated.files and not apply:
            typer.echo(message("cli.migrate.dry", language))


def _print_changes(migrated: Migrated, counts: list[CodeCountChange], language: str) -> None:
    print_table(
        message("cli.migrate.header", language).split("|"),
        [(c.question, c.code, c.coder, c.before, c.after, c.stale) for c in counts],
        message("cli.migrate.counts", language),
        right=(3, 4, 5),
    )
    print_table(
        message("cli.migrate.explain_header", language).split("|"),
        [
            (
                change.answer_id,
                change.coder,
                change.version,
                change.code,
                message(f"cli.migrate.word.{change.what}", language, now=change.now),
                change.why,
            )
            for change in migrated.result.moved
        ],
        message("cli.migrate.moved", language),
    )


def _json_data(migrated: Migrated, counts: list[CodeCountChange]) -> dict[str, Any]:
    return {
        "to": migrated.result.to,
        **migrated.fates,
        "files": [str(file) for file in migrated.files],
        "masked": [str(file) for file in migrated.masked],
        "backup": str(migrated.backup) if migrated.backup else None,
        "counts": [asdict(change) for change in counts],
        "moved": [asdict(change) for change in migrated.result.moved],
        "queue": [asdict(change) for change in migrated.result.queue],
    }
