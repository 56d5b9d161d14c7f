"""The database of Label Studio as its migrations leave it, made once for each version.

The first start of a server makes its tables one migration after the other, which takes
over a minute; with a copy of the outcome it takes seconds. The copy holds no account, no token and
no project: those are made by each run of the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import postgres_cluster
from filelock import FileLock

from themecoder.settings.load import load_study
from themecoder.settings.paths import StudyPaths

ROOT = Path(__file__).parents[2]
# beside what pytest keeps for a next run, and like that in no commit
KEPT = ROOT / ".pytest_cache" / "label_studio"


def prepare_server(program: str, root: Path) -> None:
    """Put a migrated database under the server of the study in ``root``, which never started: a
    file, or one in PostgreSQL where the tests run with that."""
    paths = StudyPaths(root)
    if not postgres_cluster.wanted():
        copy_migrated(program, paths.server / "data")
        return
    cluster = postgres_cluster.cluster()
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{installed_version(program)}.dump"
    with FileLock(f"{kept}.lock"):
        address = cluster.migrated(kept, lambda place: _migrate_into(program, place))
    cluster.claimed(address, paths.server)
    name_database(root, str(address))


def name_database(root: Path, address: str) -> None:
    """Have the study.toml of a small study name a database."""
    with StudyPaths(root).config.open("a", encoding="utf-8") as file:
        file.write(f'\n[label_studio]\ndatabase = "{address}"\n')


def database_environment(root: Path) -> dict[str, str]:
    """What tells another Label Studio to work with the database of the study in ``root``."""
    address = load_study(root).label_studio.postgresql
    return postgres_cluster.cluster().environment(address) if address else {}


def _migrate_into(program: str, place: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        migrate(program, Path(folder) / "data", place)


def copy_migrated(program: str, data: Path) -> None:
    """Put a migrated database into ``data``, the folder of a server that never started.

    Where the version of the program is not to be told, or nothing may be kept, nothing is put
    there: the server then makes its database itself when it starts.
    """
    version = installed_version(program)
    if version is None:
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / version
    with FileLock(KEPT / f"{version}.lock"):
        if not kept.is_dir():
            with tempfile.TemporaryDirectory(dir=KEPT) as unfinished:
                made = Path(unfinished) / "data"
                migrate(program, made)
                made.rename(kept)
        # the key that a server signs its sessions with is drawn anew for each
        shutil.copytree(kept, data, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".env"))


def installed_version(program: str) -> str | None:
    """The name and version of the package that the program belongs to."""
    environment = Path(program).resolve().parent.parent
    found = sorted(environment.glob("lib/python*/site-packages/label_studio-*.dist-info"))
    return found[0].stem if len(found) == 1 else None


def migrate(program: str, data: Path, place: dict[str, str] | None = None) -> None:
    """Every command of Label Studio migrates first; this one makes no account and ends. Without a
    ``place`` the database is a file in ``data``."""
    data.mkdir()
    environment = {**os.environ, **QUIET, "LABEL_STUDIO_BASE_DATA_DIR": str(data), **(place or {})}
    done = subprocess.run(
        [program, "version"],
        cwd=data,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert place or (data / "label_studio.sqlite3").is_file(), done.stdout[-2000:]


QUIET = {
    "COLLECT_ANALYTICS": "False",
    "LATEST_VERSION_CHECK": "False",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "LOG_LEVEL": "ERROR",
    "DO_NOT_TRACK": "1",
}
