"""Dated copies of the own server's database, for until it is pulled its coding exists once.

A copy is made when the server starts and when it stops, and before another version of Label Studio
changes the database. The newest copies are kept, beyond these the last one of each day, and the
last ones from before an upgrade.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from themecoder.coding.label_studio.postgresql import Postgres
from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files
from themecoder.storage.access import make_folder, private_files

NEWEST = 5
DAYS = 30
UPGRADES = 3
_FILE, _DUMP = ".sqlite3", ".dump"
_STAMP = "%Y-%m-%dT%H-%M-%SZ"

Why = Literal["start", "stop", "upgrade"]


def copy_database(database: Path, folder: Path, why: Why) -> Path | None:
    """A copy of the database in ``folder``, as it is at this moment, also where the server runs.

    None where there is no database, or the newest copy is the same and was kept for no less.
    """
    if not database.is_file():
        return None
    return _keep(folder, why, _FILE, lambda target: snapshot_database(database, target))


def dump_database(database: Postgres, folder: Path, why: Why) -> Path | None:
    """The same of a database in PostgreSQL; each copy has its moment in it and none is the same."""
    return _keep(folder, why, _DUMP, database.dump)


def _keep(folder: Path, why: Why, suffix: str, copy: Callable[[Path], None]) -> Path | None:
    make_folder(folder.parent)
    make_folder(folder)
    target = folder / f"{datetime.now(UTC).strftime(_STAMP)}-{why}{suffix}"
    there = sorted(folder.glob(f"*{suffix}"))
    if target in there:
        return None
    with (
        private_files(),
        contextlib.suppress(_SameError),
        files.atomic_path(target) as unfinished,
    ):
        copy(unfinished)
        if there and why != "upgrade" and there[-1].read_bytes() == unfinished.read_bytes():
            raise _SameError
    for name in superseded(file.name for file in folder.glob(f"*{suffix}")):
        (folder / name).unlink(missing_ok=True)
    return target if target.is_file() else None


class _SameError(Exception):
    pass


def snapshot_database(database: Path, target: Path) -> None:
    """Copy a database that others may be writing in, as one of its states, into ``target``."""
    try:
        with (
            contextlib.closing(sqlite3.connect(database, timeout=60)) as source,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
    except sqlite3.Error as error:
        raise InputError(
            Problem("server.not_copied", {"reason": str(error)}, file=database)
        ) from error


def superseded(names: Iterable[str]) -> list[str]:
    """Which copies need not be kept any longer."""
    newest_first = sorted(names, reverse=True)
    last_of_day: dict[str, str] = {}
    for name in newest_first:
        last_of_day.setdefault(name[:10], name)
    kept = {*newest_first[:NEWEST], *list(last_of_day.values())[:DAYS]}
    kept.update([name for name in newest_first if Path(name).stem.endswith("-upgrade")][:UPGRADES])
    return [name for name in newest_first if name not in kept]
