"""One writer of a study at a time, and who that is."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from themecoder.errors import InputError, Problem
from themecoder.settings.paths import StudyPaths
from themecoder.storage.access import make_folder
from themecoder.storage.atomic import finish_pending_write, has_pending_write
from themecoder.workspace.out_of_cache import move_backups


@contextmanager
def study_lock(paths: StudyPaths) -> Iterator[None]:
    """Hold the study's lock; it goes when its process does, however that ends.

    Raises InputError that names the process which holds it.
    """
    try:
        make_folder(paths.work)
        with FileLock(paths.lock, timeout=0, mode=0o600):
            _write_holder(paths.lock_holder)
            try:
                move_backups(paths)
                finish_pending_write(paths.annotations)
                yield
            finally:
                paths.lock_holder.unlink(missing_ok=True)
    except Timeout:
        raise InputError(_held(paths)) from None
    except PermissionError as error:
        params = {"reason": error.strerror or ""}
        raise InputError(Problem("files.not_writable", params, file=paths.lock)) from error


def finish_annotations(paths: StudyPaths) -> None:
    """Finish coding that was being written together when its process was killed.

    Where another process holds the lock, it is that which is writing.
    """
    if not has_pending_write(paths.annotations):
        return
    make_folder(paths.work)
    with suppress(Timeout), FileLock(paths.lock, timeout=0, mode=0o600):
        finish_pending_write(paths.annotations)


def _write_holder(file: Path) -> None:
    # written in place: no other process writes it, and one that reads half of it says less
    since = datetime.now().astimezone().isoformat(" ", "minutes")
    holder = {"process": os.getpid(), "since": since, "command": _command()}
    file.write_text(json.dumps(holder) + "\n", encoding="utf-8")


def _command() -> str:
    """This program and its command, without what comes behind it."""
    program = Path(sys.argv[0]).stem
    if program in ("themecoder", "__main__") and len(sys.argv) > 1:
        return f"themecoder {sys.argv[1]}"
    return program or "python"


def _held(paths: StudyPaths) -> Problem:
    try:
        found = json.loads(paths.lock_holder.read_text(encoding="utf-8"))
        params = {name: found[name] for name in ("process", "since", "command")}
    except (OSError, ValueError, KeyError, TypeError):
        # it has only just taken the lock, or is just letting go of it
        return Problem("cli.mine.locked", file=paths.root)
    return Problem("cli.mine.locked_by", params, file=paths.root)
