"""A task that writes down each batch that is worked on, wherever that is."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from themecoder.cluster.tasks import Workers
from themecoder.storage.atomic import sha256


class CountedTask:
    """The work of ``task``; a line in ``file`` for each batch, before it is worked on."""

    def __init__(self, task: Any, file: Path) -> None:
        self._task = task
        self._file = file

    def __reduce__(self) -> tuple[type[CountedTask], tuple[Any, Path]]:
        return CountedTask, (self._task, self._file)

    @property
    def made_with(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self._task.made_with
        return found

    def made_with_here(self) -> Mapping[str, str]:
        found: Mapping[str, str] = self._task.made_with_here()
        return found

    def __call__(self, batch: Sequence[str]) -> Any:
        line = f"{os.getpid()} {sha256(*batch)}\n".encode()
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(handle, line)
        os.close(handle)
        return self._task(batch)


class Counted:
    """``workers`` whose work is counted, in ``file``; ``done``: the batches that came back."""

    def __init__(self, workers: Workers, file: Path) -> None:
        self._workers = workers
        self._file = file
        self.done: list[str] = []

    def map(self, task: Any, batches: Sequence[Sequence[str]]) -> Iterator[tuple[int, Any]]:
        for place, result in self._workers.map(CountedTask(task, self._file), batches):
            self.done.append(sha256(*batches[place]))
            yield place, result


def begun(file: Path) -> list[str]:
    """The batches that were worked on, in the order in which that began."""
    return [line.split()[1] for line in file.read_text().splitlines()]


def processes(file: Path) -> list[int]:
    """Who worked, in the order in which they began."""
    return list(dict.fromkeys(int(line.split()[0]) for line in file.read_text().splitlines()))
