"""Batches on workers of dask: sent, waited for, sent again where what did them is lost.

Dask's scheduler gives the batches out and starts anew those of a worker that died. What it does not
do is outlive itself, or a network that is cut: then the batches under way are forgotten with the
connection, and sent again over the next. No more are under way than keep the workers busy, so that
is all that is ever computed twice, and no scheduler holds a study's answers.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

from themecoder.cluster.address import LOCAL, Cluster
from themecoder.cluster.connection import Connection, LostError
from themecoder.cluster.local_workers import LocalWorkers
from themecoder.cluster.on_worker import Outcome, Parcel
from themecoder.cluster.security import security_of
from themecoder.cluster.tasks import Result, Task
from themecoder.errors import InputError, Problem

_EACH = 2
"""Batches under way per worker: one that is computed, and the next."""
_PAUSE = 0.5
"""Seconds between two looks for workers that are away."""


class DaskWorkers:
    """The workers of ``cluster``: started, or connected with, when there is a first batch.

    ``notice`` is told the message key of what keeps it waiting. Raises InputError where dask is not
    installed, or a certificate can't be used.
    """

    def __init__(self, cluster: Cluster, notice: Callable[[str], None] | None = None) -> None:
        self._cluster = cluster
        self._notice = notice
        self._security = security_of(cluster.address or "", cluster.keys)
        self._local: LocalWorkers | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._disconnect()
        if self._local is not None:
            self._local.close()
            self._local = None

    def map(
        self, task: Task[Result], batches: Sequence[Sequence[str]]
    ) -> Iterator[tuple[int, Result]]:
        """The place of each batch and its result, as they are finished.

        Raises InputError where workers stay away for longer than they may, where one of them would
        give other results than this machine or writes to disk, and where a batch ends its workers.
        """
        undone = dict.fromkeys(range(len(batches)))
        away = _Away(self._cluster, self._notice)
        while undone:
            try:
                for place, result in self._while_connected(task, batches, list(undone), away):
                    del undone[place]
                    yield place, result
            except LostError as error:
                self._disconnect()
                away.goes_on(str(error))

    def _while_connected(
        self,
        task: Task[Result],
        batches: Sequence[Sequence[str]],
        places: Sequence[int],
        away: _Away,
    ) -> Iterator[tuple[int, Result]]:
        """The results of ``places``, until all are there or the connection is lost."""
        connection = self._connect()
        waiting = deque(places)
        under_way: dict[Any, tuple[int, frozenset[str]]] = {}
        try:
            while waiting or under_way:
                there = connection.workers()
                stranded = {one: place for one, (place, to) in under_way.items() if not to & there}
                connection.drop(list(stranded))
                for one in stranded:
                    del under_way[one]
                waiting.extendleft(sorted(stranded.values(), reverse=True))
                if not there:
                    away.goes_on("")
                    continue
                away.is_over()
                while waiting and len(under_way) < _EACH * len(there):
                    place = waiting.popleft()
                    sent = connection.send(Parcel.of(task, batches[place]), there)
                    under_way[sent] = place, there
                # all are taken over before the first is handed on: what is still with a worker that
                # dies would be computed again
                back = [
                    (under_way.pop(sent)[0], outcome)
                    for sent, outcome in connection.back_of(list(under_way))
                ]
                for place, outcome in back:
                    yield place, _value(outcome, task)
        finally:
            connection.drop(list(under_way))

    def _connect(self) -> Connection:
        if self._connection is None:
            address, security = self._cluster.address, self._security
            if address is None:
                self._local = self._local or LocalWorkers(self._cluster.workers)
                address, security = self._local.address, self._local.security
            self._connection = Connection(address, security)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Away:
    """How long workers have been away, and when that is too long."""

    def __init__(self, cluster: Cluster, notice: Callable[[str], None] | None) -> None:
        self._cluster = cluster
        self._notice = notice
        self._since: float | None = None

    def is_over(self) -> None:
        self._since = None

    def goes_on(self, reason: str) -> None:
        """Wait a little. Raises InputError where that has been long enough."""
        now = time.monotonic()
        if self._since is None:
            self._since = now
            if self._notice is not None:
                self._notice("cluster.waiting")
        if now - self._since >= self._cluster.wait:
            found = self._cluster.address or LOCAL
            seconds = round(self._cluster.wait)
            key = "cluster.away" if reason else "cluster.no_workers"
            params = {"found": found, "seconds": seconds, "reason": reason}
            raise InputError(Problem(key, params))
        time.sleep(_PAUSE)


def _value(outcome: Outcome, task: Task[Result]) -> Result:
    """The result of a batch. Raises InputError where the worker can't give the one asked for."""
    worker = outcome.worker
    if outcome.unfit is not None:
        here, there = task.made_with, outcome.unfit
        # the first that differs is why the others do
        name = next(key for key in here if here[key] != there.get(key))
        params = {"worker": worker, "here": here[name], "there": there.get(name, "-")}
        raise InputError(Problem(f"cluster.other_{name}", params))
    if outcome.problems:
        raise InputError([*outcome.problems, Problem("cluster.refused_there", {"worker": worker})])
    if outcome.bug:
        raise RuntimeError(f"on the worker {worker}: {outcome.bug}")
    result: Result = outcome.value
    return result
