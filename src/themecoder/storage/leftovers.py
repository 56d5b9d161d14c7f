"""Files that are being written, and the removal of those that a killed process left behind.

A file under way is called ``.<name>.<random>.part`` and is locked by the process that writes it;
the system lets go of the lock when that process ends, however it does. So a file that can be locked
belongs to nobody. Windows has no such lock: there a file that nobody touched for a day is nobody's.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_A_DAY = 24 * 60 * 60.0  # seconds
_locks: Any = import_module("fcntl") if find_spec("fcntl") else None

JOURNAL = ".pending.json"
"""Names the files under way that are a result already, and only wait to be renamed."""
# the second is how earlier versions called a file that waits to be renamed
_UNDER_WAY = re.compile(r"\..+\.[a-z0-9_]{8}\.part|\..+\.new", re.DOTALL)


def begin_file(target: Path) -> tuple[Path, int | None]:
    """A new empty file beside ``target``, and what holds its lock (to be closed at the end)."""
    remove_leftovers(target.parent)
    while True:
        descriptor, name = tempfile.mkstemp(
            dir=target.parent, prefix=f".{target.name}.", suffix=".part"
        )
        if _locks is None:
            os.close(descriptor)
            return Path(name), None
        with contextlib.suppress(OSError):  # a file system without locks: nobody removes it either
            _locks.flock(descriptor, _locks.LOCK_EX)
        if Path(name).exists():
            return Path(name), descriptor
        # another process took it for a leftover before it was locked
        os.close(descriptor)


def end_file(held: int | None) -> None:
    """Let go of the lock that ``begin_file`` took."""
    if held is not None:
        os.close(held)


def remove_leftovers(folder: Path) -> None:
    """Remove what killed processes were writing in ``folder``; never what is being written now."""
    try:
        found = [file.name for file in folder.iterdir() if _UNDER_WAY.fullmatch(file.name)]
        if not found:
            return
        # a result may lie in several folders below the one with its journal
        waiting = _waiting_in(folder) | {
            path.removeprefix(f"{folder.name}/") for path in _waiting_in(folder.parent)
        }
    except (OSError, ValueError):
        return
    for name in found:
        if name not in waiting:
            with contextlib.suppress(OSError):
                _remove_unlocked(folder / name)


def _waiting_in(folder: Path) -> set[str]:
    """The files that the journal in ``folder`` names, by their path from there."""
    journal = folder / JOURNAL
    if not journal.is_file():
        return set()
    return set(json.loads(journal.read_text(encoding="utf-8")).values())


def _remove_unlocked(file: Path) -> None:
    if _locks is None:
        if time.time() - file.stat().st_mtime > _A_DAY:
            file.unlink()
        return
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        _locks.flock(descriptor, _locks.LOCK_EX | _locks.LOCK_NB)
        file.unlink()
    finally:
        os.close(descriptor)
