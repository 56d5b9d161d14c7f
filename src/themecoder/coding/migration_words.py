"""What a migration does, or would do, in words: said by the command and by the page alike."""

from __future__ import annotations

from themecoder.coding.study_migration import Migrated
from themecoder.messages import message


def migration_lines(migrated: Migrated, language: str) -> list[str]:
    """What becomes of the coding, a sentence each."""
    to = migrated.result.to
    if not migrated.files:
        return [message("cli.migrate.nothing", language, to=to)]
    lines = []
    if migrated.masked:
        lines.append(message("cli.migrate.masked", language, n=len(migrated.masked)))
    versions = [coding.codebook for coding in migrated.before]
    for version in sorted(set(versions)):
        n = versions.count(version)
        lines.append(message("cli.migrate.versions", language, version=version, n=n))
    return [*lines, message("cli.migrate.summary", language, **migrated.fates, to=to)]


def written_lines(migrated: Migrated, language: str) -> list[str]:
    """What was written, and where the copy of what was before is."""
    if migrated.backup is None:
        return []
    said = {"files": len(migrated.files), "backup": migrated.backup}
    return [message("cli.migrate.written", language, **said)]
