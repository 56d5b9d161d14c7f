"""Work that is killed at each of its file operations, one after the other."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from themecoder.storage.leftovers import JOURNAL

_OPERATIONS = ("replace", "rename", "fsync", "unlink", "mkdir", "rmdir", "open")


def killed_everywhere(
    fresh: Callable[[], None], work: Callable[[], None], most: int = 500
) -> Iterator[int]:
    """For k = 1, 2, …: ``fresh``, and ``work`` in a process that is killed before its k-th file
    operation. Ends with the first that has no k-th operation and finishes."""
    for k in range(1, most):
        fresh()
        if not _killed_at(k, work):
            assert k > 3, "the operations are not counted"
            return
        yield k
    raise AssertionError(f"more than {most} operations")


def left_over(folder: Path) -> list[str]:
    """What is under way below a folder: after a command has ended, that is nothing."""
    return [
        str(file.relative_to(folder))
        for file in folder.rglob(".*")
        if file.suffix in (".part", ".new") or file.name == JOURNAL
    ]


def _killed_at(k: int, work: Callable[[], None]) -> bool:
    """Whether the process was killed; fails where it ended in an error."""
    process = os.fork()
    if process == 0:
        try:
            _count_down(k)
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _count_down(k: int) -> None:
    left = [k]

    def counted(operation: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return operation(*args, **options)

        return call

    for name in _OPERATIONS:
        setattr(os, name, counted(getattr(os, name)))
