"""``themecoder migrate``: all coding to the newest version of the codebook."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

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
    apply: Annotated[
        bool, typer.Option("--apply", help="Write it; without, only say what would change.")
    ] = False,
    to: Annotated[
        str | None, typer.Option("--to", help="To this version; by default the newest.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="List every answer that changes, and why.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Carry all coding to the newest version of the codebook, without losing any.

    Merged codes go along; what was split or redefined comes onto annotations/queue.csv until its
    coder has looked at it again. A dry run unless --apply; then a copy is kept first.
    """
    with errors(study, as_json):
        opened = StudyFolder.open(study)
        language = opened.config.language
        with opened.locked():
            found = migrate_study(opened, to, apply)
        counts = code_count_changes(found)
        if as_json:
            print_json(_plain(found, counts))
            return
        _summary(found, language)
        if explain:
            _explain(found, counts, language)
        if found.result.queue:
            file, n = opened.paths.queue, len(found.result.queue)
            typer.echo(message("cli.migrate.queue", language, n=n, file=file))
        if found.backup is not None:
            files = len(found.files)
            typer.echo(message("cli.migrate.written", language, files=files, backup=found.backup))
        elif found.files and not apply:
            typer.echo(message("cli.migrate.dry", language))


def _summary(found: Migrated, language: str) -> None:
    to = found.result.to
    typer.echo(message("cli.migrate.title", language, to=to))
    if not found.files:
        typer.echo(message("cli.migrate.nothing", language, to=to))
        return
    versions = [coding.codebook for coding in found.before]
    for version in sorted(set(versions)):
        n = versions.count(version)
        typer.echo(message("cli.migrate.versions", language, version=version, n=n))
    typer.echo(message("cli.migrate.summary", language, **found.fates, to=to))


def _explain(found: Migrated, counts: list[CodeCountChange], language: str) -> None:
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
                one.answer_id,
                one.coder,
                one.version,
                one.code,
                message(f"cli.migrate.word.{one.what}", language, now=one.now),
                one.why,
            )
            for one in found.result.moved
        ],
        message("cli.migrate.moved", language),
    )


def _plain(found: Migrated, counts: list[CodeCountChange]) -> dict[str, Any]:
    return {
        "to": found.result.to,
        **found.fates,
        "files": [str(file) for file in found.files],
        "backup": str(found.backup) if found.backup else None,
        "counts": [asdict(one) for one in counts],
        "moved": [asdict(one) for one in found.result.moved],
        "queue": [asdict(one) for one in found.result.queue],
    }
