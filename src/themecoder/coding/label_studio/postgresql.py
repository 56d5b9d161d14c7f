"""A PostgreSQL database of the study's own server: asked, copied, and filled from a copy.

It is asked through Label Studio's own Python, which has the driver that the server itself uses, and
copied by PostgreSQL's programs. The password is in no command line and in no process's environment:
it goes through a pipe or a file that only its owner can read, for as long as it is needed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from themecoder.coding.label_studio import in_server
from themecoder.coding.label_studio.accounts import OWNER, TOKEN
from themecoder.coding.label_studio.install import python_of
from themecoder.errors import InputError, Problem
from themecoder.settings.database import PostgresAddress
from themecoder.storage import atomic as files

PASSWORD = "THEMECODER_DATABASE_PASSWORD"
"""Environment variable: the password of the database."""
PGPASS = "database.pgpass"
"""The password as libpq reads it, in the folder of the server for as long as it is read."""
DUMP, RESTORE = "pg_dump", "pg_restore"
_ASKS = Path(in_server.__file__).with_name("themecoder_database.py")
_ELSEWHERE = ("PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE", "PGPASSWORD")
"""What would lead libpq to another database than the one that study.toml names, or shows."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in a database: the ``key`` of the study it is of, whether Label Studio's tables
    there know the account of ``themecoder serve`` (``owner``)."""

    version: str
    empty: bool
    may_create: bool
    key: str | None
    owner: bool


class Postgres:
    """The database at an address. ``program``: the Label Studio that works with it."""

    def __init__(self, address: PostgresAddress, password_file: Path, program: str) -> None:
        self.address = address
        self._file = password_file
        self._program = program

    def look(self) -> Seen:
        """What stands in the database. Raises InputError where it can't be asked."""
        (found,) = self._ask("look", owner=OWNER)
        return Seen(**found)

    def claim(self, key: str) -> None:
        """Put the key of a study into the database."""
        list(self._ask("claim", key=key))

    def annotations(self, mark: str) -> Iterator[tuple[int, str | None, bool, str]]:
        """Number, result, whether skipped, and the task's data of the annotations in the project
        whose description has the ``mark``."""
        yield from self._ask("annotations", mark=mark)

    def _ask(self, asked: str, **params: str) -> Iterator[Any]:
        connect = {
            "host": self.address.host,
            "port": self.address.port,
            "dbname": self.address.name,
            "user": self.address.user,
            **self.options(),
        }
        if password := self.password():
            connect["password"] = password
        python = python_of(self._program)
        if not python.is_file():
            raise self._refused("database_driver", f"{python}?")
        with (
            tempfile.TemporaryFile("w+", encoding="utf-8") as errors,
            subprocess.Popen(
                [str(python), "-I", str(_ASKS)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                encoding="utf-8",
                env=plain_environment(),
            ) as process,
        ):
            assert process.stdin is not None and process.stdout is not None
            with (
                suppress(BrokenPipeError),
                process.stdin as to,
            ):  # it ended: the reason is read below
                json.dump({"asked": asked, "connect": connect, **params}, to)
            for line in process.stdout:
                found = json.loads(line)
                if isinstance(found, dict) and "error" in found:
                    raise self._refused(f"database_{found['error']}", str(found["reason"]))
                yield found
            if process.wait():
                errors.seek(0)
                raise self._refused("database_query", errors.read().strip()[-300:])

    def options(self) -> dict[str, str]:
        """What libpq is told beside where the database is."""
        found = {"sslmode": self.address.sslmode, "sslrootcert": self.address.sslrootcert}
        return {name: value for name, value in found.items() if value}

    def password(self) -> str:
        """The password from the environment, else from the file; empty where there is none: libpq
        then looks in its own places, and the database may ask for none.

        Raises InputError where others can read the file.
        """
        if PASSWORD in os.environ:
            return os.environ[PASSWORD]
        try:
            if sys.platform != "win32" and self._file.stat().st_mode & 0o077:
                raise InputError(Problem("server.database_password_open", file=self._file))
            return self._file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise self._refused("database_password", str(error)) from error

    @contextmanager
    def password_file(self) -> Iterator[Path | None]:
        """A file as libpq reads passwords from, for as long as the block; None where there is no
        password."""
        password = self.password()
        if not password:
            yield None
            return
        escaped = password.replace("\\", "\\\\").replace(":", "\\:")
        file = self._file.with_name(PGPASS)
        files.write_text(file, f"*:*:*:*:{escaped}\n")
        try:
            yield file
        finally:
            file.unlink(missing_ok=True)

    def dump(self, target: Path) -> None:
        """Copy the database, as one of its states, into the file ``target``."""
        self._run(DUMP, "--format=custom", "--no-owner", "--no-privileges", "--no-comments",
                  "--file", str(target))  # fmt: skip

    def load(self, file: Path) -> None:
        """Fill the empty database with a copy, all of it or nothing."""
        self._run(RESTORE, "--single-transaction", "--exit-on-error", "--no-owner",
                  "--no-privileges", "--dbname", self.address.name, str(file))  # fmt: skip

    def _run(self, program: str, *words: str) -> None:
        found = shutil.which(program)
        if found is None:
            raise InputError(Problem("server.database_program", {"program": program}))
        place = {
            "PGHOST": self.address.host,
            "PGPORT": str(self.address.port),
            "PGUSER": self.address.user,
            "PGDATABASE": self.address.name,
            **{f"PG{name.upper()}": value for name, value in self.options().items()},
        }
        with self.password_file() as passwords:
            if passwords is not None:
                place["PGPASSFILE"] = str(passwords)
            done = subprocess.run(
                [found, "--no-password", *words],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                env={**plain_environment(), **place},
            )
        if done.returncode:
            raise self._refused("database_copy", " ".join(done.stderr.split())[:500])

    def _refused(self, key: str, reason: str) -> InputError:
        params = {"address": str(self.address), "reason": reason, "variable": PASSWORD}
        return InputError(Problem(f"server.{key}", params))


def plain_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment without what is secret, and without what leads to another database."""
    left_out = {PASSWORD, TOKEN, *_ELSEWHERE}
    return {name: value for name, value in environment.items() if name not in left_out}


def can_copy() -> bool:
    """Whether PostgreSQL's program that makes copies is on this machine."""
    return shutil.which(DUMP) is not None
