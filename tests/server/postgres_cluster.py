"""A PostgreSQL of the tests' own: begun where it is asked for, over with the process that asked.

PostgreSQL does not run as root. Where the tests do, it is begun under another account.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import IO, Any

from themecoder.settings.database import PostgresAddress
from themecoder.storage.atomic import write_json

SWITCH = "THEMECODER_TEST_DATABASE"
"""Environment variable: ``postgresql`` for the servers of the tests to work with one."""
USER = "codeur"
SECRET = r"een:lang\wachtwoord'7"
"""With every sign that means something to one of those who read it."""
_ENDS = Path(__file__).with_name("end_server.py")
_NEEDS = ("initdb", "postgres", "psql", "pg_dump", "pg_restore")
_TEMPLATE = "migrated"


def wanted() -> bool:
    return os.environ.get(SWITCH) == "postgresql"


def missing() -> list[str]:
    """The programs that are not on this machine."""
    return [name for name in _NEEDS if shutil.which(name) is None]


@dataclass
class Cluster:
    """It asks for a password on its port; on the socket in its folder the tests may do all."""

    folder: Path
    port: int
    users: IO[str]
    numbers: Any

    def address(self, name: str) -> PostgresAddress:
        return PostgresAddress("127.0.0.1", self.port, name, USER)

    def sql(self, text: str, database: str = "postgres") -> str:
        words = ["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder)]
        words += ["-p", str(self.port), "-U", "postgres", "-d", database, "-c", text]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def database(self, template: str = "template0") -> PostgresAddress:
        """A new database, which is its user's."""
        name = f"studie{next(self.numbers)}"
        self.sql(f"CREATE DATABASE {name} OWNER {USER} TEMPLATE {template}")
        return self.address(name)

    def migrated(self, kept: Path, migrate: Callable[[dict[str, str]], None]) -> PostgresAddress:
        """A new database with Label Studio's tables, as they are ``kept`` or ``migrate`` makes
        them."""
        there = self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{_TEMPLATE}'")
        if not there:
            self.sql(f"CREATE DATABASE {_TEMPLATE} OWNER {USER} TEMPLATE template0")
            at = ["-h", str(self.folder), "-p", str(self.port), "-U", USER]
            if not kept.is_file():
                migrate(self.environment(self.address(_TEMPLATE)))
                part = kept.with_suffix(".part")
                dump = ["pg_dump", *at, "--format=custom", "--no-comments", "-f", str(part)]
                subprocess.run([*dump, _TEMPLATE], check=True)
                part.replace(kept)
            else:
                subprocess.run(["pg_restore", *at, "-d", _TEMPLATE, str(kept)], check=True)
        return self.database(_TEMPLATE)

    def environment(self, address: PostgresAddress) -> dict[str, str]:
        """What tells a Label Studio without themecoder to work with a database."""
        return {
            "DJANGO_DB": "default",
            "POSTGRE_HOST": address.host,
            "POSTGRE_PORT": str(address.port),
            "POSTGRE_NAME": address.name,
            "POSTGRE_USER": address.user,
            "POSTGRE_PASSWORD": SECRET,
        }

    def claimed(self, address: PostgresAddress, server: Path) -> None:
        """Make a migrated database the one of the study whose server has this folder."""
        key = address.name
        self.sql(
            f"SET ROLE {USER}; CREATE TABLE themecoder_study (key text NOT NULL);"
            f"INSERT INTO themecoder_study VALUES ('{key}')",
            address.name,
        )
        kept = {"address": str(address), "key": key}
        server.mkdir(mode=0o700, exist_ok=True)
        write_json(server / "database.json", kept)
        write_password(server)


def write_password(server: Path, secret: str = SECRET) -> None:
    server.mkdir(mode=0o700, exist_ok=True)
    file = server / "database_password"
    file.touch(mode=0o600)
    file.write_text(f"{secret}\n", encoding="utf-8")


@cache
def cluster() -> Cluster:
    """The cluster of this process."""
    folder = Path(tempfile.mkdtemp(prefix="themecoder-postgres-"))
    account = _account()
    os.chown(folder, *account)
    data = folder / "data"
    options = ["-U", "postgres", "--auth-host=scram-sha-256", "--auth-local=trust", "--no-sync"]
    words = ["initdb", "-D", str(data), "-E", "UTF8", "--locale=C.UTF-8", *options]
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, cwd="/", **_as(account)
    )
    assert done.returncode == 0, done.stderr
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    places = {
        "unix_socket_directories": folder,
        "listen_addresses": "127.0.0.1",
        "port": port,
        "fsync": "off",
        "logging_collector": "off",
    }
    settings = [word for name, value in places.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        postgres = subprocess.Popen(
            [str(shutil.which("postgres")), "-D", str(data), *settings],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            **_as(account),
        )
    users = (folder / "users").open("w", encoding="utf-8")
    fcntl.flock(users, fcntl.LOCK_SH)
    subprocess.Popen(
        [sys.executable, str(_ENDS), users.name, str(postgres.pid), str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    found = Cluster(folder, port, users, count(1))
    deadline = time.monotonic() + 60
    while not _listens(folder, port):
        assert postgres.poll() is None and time.monotonic() < deadline, (folder / "log").read_text()
        time.sleep(0.1)
    # no superuser: so is the account that a researcher is given
    quoted = SECRET.replace("'", "''")
    found.sql(f"CREATE ROLE {USER} LOGIN PASSWORD '{quoted}'")
    return found


def _listens(folder: Path, port: int) -> bool:
    words = [
        "psql",
        "-qAtX",
        "-h",
        str(folder),
        "-p",
        str(port),
        "-U",
        "postgres",
        "-c",
        "SELECT 1",
    ]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def _account() -> tuple[int, int]:
    if os.getuid():
        return os.getuid(), os.getgid()
    known = {one.pw_name: one for one in pwd.getpwall()}
    found = known.get("postgres") or known["nobody"]
    return found.pw_uid, found.pw_gid


def _as(account: tuple[int, int]) -> dict[str, Any]:
    if os.getuid():
        return {}
    return {"user": account[0], "group": account[1], "extra_groups": []}
