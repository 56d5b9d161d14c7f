"""What earlier versions kept in the cache and exists only once, moved to where it is safe.

Each entry is moved by one rename: cut short, the next call moves what is left, and one more changes
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from themecoder.errors import InputError, Problem
from themecoder.settings.paths import StudyPaths
from themecoder.storage.access import make_folder

_SERVER = ("data", "accounts.json", "server.log")


def move_backups(paths: StudyPaths) -> None:
    """Move ``.themecoder/backups/`` to ``backups/``."""
    old = paths.work / "backups"
    if old.is_dir():
        _move(old, paths.backups, sorted(file.name for file in old.iterdir()))
        _remove_empty(old)


def server_in_cache(paths: StudyPaths) -> bool:
    """Whether there is something of an embedded server where earlier versions kept it."""
    return any((paths.label_studio / name).exists() for name in _SERVER)


def move_server(paths: StudyPaths) -> None:
    """Move the embedded server, which must not run, from ``.themecoder/`` to ``server/``."""
    if not server_in_cache(paths):
        return
    _move(paths.label_studio, paths.server, _SERVER)
    (paths.label_studio / "server.json").unlink(missing_ok=True)


def _move(old: Path, new: Path, names: Sequence[str]) -> None:
    there = [name for name in names if (old / name).exists()]
    twice = [name for name in there if (new / name).exists()]
    if twice:
        raise InputError(
            [
                Problem("server.two_places", {"other": str(new / name)}, file=old / name)
                for name in twice
            ]
        )
    if there:
        make_folder(new)
    for name in there:
        try:
            (old / name).rename(new / name)
        except OSError as error:
            if not (old / name).exists() and (new / name).exists():
                continue  # another process moved it at the same moment
            params = {"reason": error.strerror or str(error), "to": str(new / name)}
            raise InputError(Problem("server.not_moved", params, file=old / name)) from error


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
