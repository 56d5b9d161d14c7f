"""Which database the study's own server works with: the one that holds its coding, or none.

A server that quietly began an empty database would look as if all coding were gone. So the study
keeps which database its server was started on, a PostgreSQL database holds the key of its study,
and whatever of the two does not fit is refused with what to do.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass

from themecoder.coding.label_studio.accounts import Accounts
from themecoder.coding.label_studio.local_server import INSTALL, LocalServer, find_program
from themecoder.coding.label_studio.postgresql import Postgres, Seen
from themecoder.errors import InputError, Problem
from themecoder.settings.database import SQLITE
from themecoder.settings.paths import StudyPaths
from themecoder.storage import atomic as files
from themecoder.storage.access import make_folder
from themecoder.workspace.folder import StudyFolder

_PREFIXES = ("LABEL_STUDIO_", "HEARTEX_", "")
_NAMES = ("DJANGO_DB", "DATABASE_NAME")


@dataclass(frozen=True, slots=True)
class _Kept:
    address: str
    key: str


def check_database(study: StudyFolder) -> None:
    """Raises InputError where study.toml names another database than the one that the server was
    started on, or the environment one that study.toml does not name."""
    paths, address = study.paths, study.config.label_studio.postgresql
    named = [
        f"{prefix}{name}={os.environ[prefix + name]}"
        for name in _NAMES
        for prefix in _PREFIXES
        if os.environ.get(prefix + name, SQLITE) != SQLITE
    ]
    if named:
        params = {"found": ", ".join(named)}
        raise InputError(Problem("server.database_in_environment", params, file=paths.config))
    kept = _kept(paths)
    if address is None and kept is not None:
        params = {"address": kept.address, "folder": str(paths.server)}
        raise InputError(Problem("server.database_was_postgresql", params, file=paths.config))
    if address is not None and kept is None and paths.server_sqlite.exists():
        params = {"file": str(paths.server_sqlite), "folder": str(paths.server)}
        raise InputError(Problem("server.database_was_sqlite", params, file=paths.config))
    waits = paths.archived_database.exists() or paths.loading_database.exists()
    if address is not None and kept is not None and kept.address != str(address) and not waits:
        params = {"address": kept.address, "now": str(address), "kept": str(paths.server_database)}
        raise InputError(Problem("server.database_moved", params, file=paths.config))


def database_of(study: StudyFolder) -> Postgres | None:
    """The database of the study's own server where it is in PostgreSQL; None where it is a file.

    Raises InputError as ``check_database`` does, and where Label Studio is not installed.
    """
    check_database(study)
    address = study.config.label_studio.postgresql
    if address is None:
        return None
    program = find_program()
    if program is None:
        raise InputError(Problem("server.not_installed", {"command": INSTALL, "variable": ""}))
    return Postgres(address, study.paths.database_password, program)


def opened_database(study: StudyFolder) -> Postgres | None:
    """The same, looked into: what stands in it is of this study.

    None also where nothing was ever made in it. Raises InputError where it is another's, or can't
    be reached.
    """
    database = database_of(study)
    kept = _kept(study.paths)
    if database is None or kept is None:
        return None
    _must_be(database, database.look(), kept)
    return database


def ready_database(study: StudyFolder) -> Postgres | None:
    """The database of a server that is about to start: reached, and of this study from now on.

    What an archive brought along is put into it first. Raises InputError where it can't be reached,
    or holds something else.
    """
    database = database_of(study)
    if database is None:
        return None
    paths = study.paths
    make_folder(paths.server)
    if paths.archived_database.exists() or paths.loading_database.exists():
        _load(database, paths)
    seen, kept = database.look(), _kept(paths)
    if kept is not None and (seen.key is not None or _has_worked(paths)):
        _must_be(database, seen, kept)
        return database
    earlier = seen.owner and _has_worked(paths)  # of a themecoder that kept no key in it
    if seen.key is not None or not (seen.empty or earlier):
        raise InputError(Problem("server.database_others", _named(database)))
    if not seen.may_create:
        raise InputError(Problem("server.database_rights", _named(database)))
    _claim(database, paths, kept.key if kept else secrets.token_hex(8))
    return database


def _load(database: Postgres, paths: StudyPaths) -> None:
    """Put what an archive brought along into the empty database. Killed anywhere, the next call
    goes on: the file's name says whether the database was seen to be empty."""
    seen = database.look()
    if not paths.loading_database.exists():
        if not seen.empty:
            params = {**_named(database), "file": str(paths.archived_database)}
            raise InputError(Problem("server.database_not_empty", params))
        paths.archived_database.rename(paths.loading_database)
    if seen.empty:
        database.load(paths.loading_database)
    kept = _kept(paths)
    seen = database.look()
    if kept is None or seen.key != kept.key:
        raise InputError(Problem("server.database_others", _named(database)))
    _claim(database, paths, kept.key)
    paths.loading_database.unlink()


def _claim(database: Postgres, paths: StudyPaths, key: str) -> None:
    files.write_json(paths.server_database, {"address": str(database.address), "key": key})
    database.claim(key)


def _must_be(database: Postgres, seen: Seen, kept: _Kept) -> None:
    if seen.key == kept.key:
        return
    key = "server.database_emptied" if seen.empty else "server.database_others"
    raise InputError(Problem(key, _named(database)))


def _named(database: Postgres) -> dict[str, str]:
    return {"address": str(database.address), "user": database.address.user}


def _has_worked(paths: StudyPaths) -> bool:
    """Whether a server of the study was ever ready: its token was made last."""
    return bool(Accounts(LocalServer(paths.server).accounts.file).token)


def _kept(paths: StudyPaths) -> _Kept | None:
    """Which database the server was last started on. Raises InputError where that can't be read."""
    file = paths.server_database
    if not file.is_file():
        return None
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return _Kept(str(kept["address"]), str(kept["key"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        params = {"reason": str(error)}
        raise InputError(Problem("server.database_record", params, file=file)) from error
